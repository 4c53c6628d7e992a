"""The projects of the conformance suite: a folder each, with what to do with it in ``scenario.yml``."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest
import yaml

PROJECTS = Path(__file__).parent / "projects"


class Scenario(msgspec.Struct, frozen=True, kw_only=True):
    """Commands that both tools run one after the other in a copy of the project."""

    name: str
    what: str
    steps: tuple[tuple[str, ...], ...]
    prepare: tuple[tuple[str, ...], ...] = ()
    """Commands that only dbt needs before the first step."""
    environment: dict[str, str] = {}
    home: Path = PROJECTS

    @property
    def folder(self) -> Path:
        return self.home / self.name


def scenario(name: str, home: Path | None = None) -> Scenario:
    """The scenario of the project of that name, in ``home`` or among those for every warehouse."""
    home = home or PROJECTS
    data = yaml.safe_load((home / name / "scenario.yml").read_text("utf-8"))
    return Scenario(
        name=name,
        what=data["what"],
        steps=tuple(tuple(shlex.split(step)) for step in data["steps"]),
        prepare=tuple(tuple(shlex.split(step)) for step in data.get("prepare", ())),
        environment=data.get("environment", {}),
        home=home,
    )


def on_one_thread(profiles: Path) -> None:
    """What becomes of a project must not depend on what happens to run at the same time."""
    text = profiles.read_text("utf-8")
    assert "threads: " in text, profiles
    profiles.write_text(re.sub(r"threads: \d+", "threads: 1", text), "utf-8")


NAMES = sorted(path.parent.name for path in PROJECTS.glob("*/scenario.yml"))

EACH = [
    pytest.param(name, marks=pytest.mark.xdist_group(f"conformance-{name}"), id=name)
    for name in NAMES
]
"""The names as parameters: all tests of one project run in one process, which plays it once."""


class Played(NamedTuple):
    """A scenario and the folders in which two tools left its outcome."""

    scenario: Scenario
    peer: Path
    ours: Path

    def steps(self) -> Iterator[tuple[str, Path, Path]]:
        """Each step as text, with both tools' folders."""
        for number, step in enumerate(self.scenario.steps, 1):
            name = f"step-{number}"
            yield f"{name} ({' '.join(step)})", self.peer / name, self.ours / name
