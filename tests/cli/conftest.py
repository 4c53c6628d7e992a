"""A small project that builds in a moment, and the command line run inside this process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from tidemill.cli.main import main
from tidemill.commands.init import init_project


class Said(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """Standard output without the clock in front."""
        return [
            line[10:] if line[2:3] == line[5:6] == ":" else line for line in self.out.splitlines()
        ]


Tidemill = Callable[..., Said]


@pytest.fixture
def tidemill(capsys: pytest.CaptureFixture[str]) -> Tidemill:
    """Run one command: ``tidemill("run", "--select", "orders")``."""

    def call(*words: str) -> Said:
        capsys.readouterr()
        code = main(words)
        return Said(code, *capsys.readouterr())

    return call


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project that ``init`` writes, as the current folder."""
    root = init_project(tmp_path, "shop").root
    monkeypatch.chdir(root)
    return root
