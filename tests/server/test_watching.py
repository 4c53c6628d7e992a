"""How often the files of a project are looked at."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from tidemill.server import watching

LONG = 0.15
"""A look takes so many seconds: looked for in vain, the next one comes after twenty times that."""


class Project:
    """Files that nothing is the matter with, which take long to look at."""

    def __init__(self) -> None:
        self.edited = threading.Event()
        self.looks: list[float] = []

    def wait_for_edit(self, seconds: float) -> bool:
        told = self.edited.wait(seconds)
        self.edited.clear()
        return told

    def reload(self, *, only_if_changed: bool) -> bool:
        assert only_if_changed
        time.sleep(LONG)
        self.looks.append(time.monotonic())
        return False

    def wait_for_looks(self, count: int) -> None:
        until = time.monotonic() + 10
        while len(self.looks) < count and time.monotonic() < until:
            time.sleep(0.01)
        assert len(self.looks) == count


@contextmanager
def watched(monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    monkeypatch.setattr(watching, "LOOK_SECONDS", 0.02)
    project: Any = Project()
    active: Any = SimpleNamespace(is_running=False)
    news: Any = SimpleNamespace(has_listeners=True)
    watch = watching.Watch(project, active, news)
    watch.start()
    try:
        yield project
    finally:
        watch.stop()


def test_a_big_project_is_not_looked_at_in_vain_all_the_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with watched(monkeypatch) as project:
        project.wait_for_looks(1)
        time.sleep(6 * LONG)
        assert len(project.looks) == 1


def test_an_edit_that_is_told_of_is_read_soon_after_any_look(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with watched(monkeypatch) as project:
        for count in (1, 2, 3):
            project.wait_for_looks(count)
            project.edited.set()
        project.wait_for_looks(4)
        assert project.looks[3] - project.looks[0] < 18 * LONG
