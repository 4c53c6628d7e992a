"""Two tools' outcomes of one step, and every way in which they differ, each as one line of text.

How artifacts are compared is part of the product, for ``tidemill conform``; here are the folders that the scenarios leave.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tidemill.commands.relations_in_file import relations_in_file
from tidemill.engine.artifacts.comparing import manifest_differences, results, unequal

Shape = dict[str, Any]


def differences(peer: Path, ours: Path) -> list[str]:
    """What differs between the folders that two tools left after one step."""
    found: list[str] = []
    for name, compare in _COMPARISONS.items():
        found += [f"{name}: {line}" for line in compare(peer, ours)]
    return found


def _manifest(peer: Path, ours: Path) -> Iterator[str]:
    first, second = (_read(folder / "manifest.json") for folder in (peer, ours))
    if not first or not second:
        yield from unequal("", bool(first), bool(second))
        return
    yield from manifest_differences(first, second)


def _run_results(peer: Path, ours: Path) -> Iterator[str]:
    first, second = (results(_read(folder / "run_results.json")) for folder in (peer, ours))
    yield from unequal("", first, second)


def _compiled(peer: Path, ours: Path) -> Iterator[str]:
    first, second = (_texts(folder / "compiled") for folder in (peer, ours))
    yield from unequal("", first, second)


def _tables(peer: Path, ours: Path) -> Iterator[str]:
    first, second = (_database(folder) for folder in (peer, ours))
    yield from unequal("", first, second)


_COMPARISONS: dict[str, Callable[[Path, Path], Iterator[str]]] = {
    "manifest": _manifest,
    "run_results": _run_results,
    "compiled": _compiled,
    "tables": _tables,
}


def _texts(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in files}


def _database(folder: Path) -> Shape:
    """What is in the warehouse: written down by the scenarios on Postgres, else in DuckDB's file."""
    if (folder / "tables.json").exists():
        return _read(folder / "tables.json")
    return {
        name: value
        for path in folder.glob("*.duckdb")
        for name, value in relations_in_file(path).items()
    }


def _read(path: Path) -> Shape:
    data: Shape = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return data
