"""What is measured: each operation with what must be true before it starts."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.generator.project import load_sources
from benchmarks.generator.shape import Shape


@dataclass(frozen=True)
class Bench:
    """A generated project that one contender works in."""

    folder: Path
    shape: Shape

    def forget(self) -> None:
        """Remove all that a tool remembers between commands."""
        for name in ("target", "logs", ".tidemill"):
            shutil.rmtree(self.folder / name, ignore_errors=True)

    def empty_database(self) -> None:
        """Bring the database back to the source tables alone."""
        load_sources(self.folder, self.shape)

    def edit_one_model(self) -> None:
        """Change one staging model a little, another time than before."""
        model = self.shape.models[len(self.shape.models) // 5]
        path = self.folder / "models" / model.folder / f"{model.name}.sql"
        path.write_text(path.read_text() + "-- edited\n")


def _nothing(_bench: Bench) -> None:
    """Leave everything as the command before left it."""


@dataclass(frozen=True)
class Operation:
    """One thing that people do, and wait for."""

    name: str
    words: tuple[str, ...]
    prepare: Callable[[Bench], None] = _nothing
    """Runs before every measured command, unmeasured."""
    executes: bool = False
    """Whether it writes run results that both sides must agree on."""


def operations(shape: Shape) -> tuple[Operation, ...]:
    """Return all operations in an order in which each leaves what the next needs."""
    marts = [model.name for model in shape.models if model.layer == "marts"]
    one = marts[len(marts) // 2]
    return (
        Operation("parse, nothing known", ("parse",), Bench.forget),
        Operation("parse, nothing changed", ("parse",)),
        Operation("parse, one model edited", ("parse",), Bench.edit_one_model),
        Operation("ls", ("ls",)),
        Operation("build, empty database", ("build",), Bench.empty_database, executes=True),
        Operation("build again", ("build",), executes=True),
        Operation("compile", ("compile",)),
        Operation("compile one model", ("compile", "--select", one)),
        Operation("run one model", ("run", "--select", one), executes=True),
    )
