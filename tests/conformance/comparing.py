"""Two tools' outcomes of one step, and every way in which they differ, each as one line of text.

How artifacts are compared is part of the product, for ``tidemill conform``; here are the folders that the scenarios leave.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.conformance.relations_in_file import relations_in_file
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


def _run(peer: Path, ours: Path) -> Iterator[str]:
    first, second = (
        {n: _as_run(t) for n, t in _texts(folder / "run").items() if not n.endswith(".py")}
        for folder in (peer, ours)
    )
    yield from unequal("", first, second)


def _catalog(peer: Path, ours: Path) -> Iterator[str]:
    first, second = (
        {key: value for key, value in _read(folder / "catalog.json").items() if key != "metadata"}
        for folder in (peer, ours)
    )
    yield from unequal("", first, second)


def _as_run(text: str) -> str:
    """A statement without what is of no meaning: white space, where the copy of the project is, moments."""
    plain = _AROUND_BRACKETS.sub(r"\1", " ".join(text.split()))
    return _MOMENT_IN_NAME.sub("__dbt_tmp", _COPY.sub("'", plain))


_AROUND_BRACKETS = re.compile(r" ?([(),;]) ?")
_COPY = re.compile(r"'(?:/[^']*/project/(?:\./)?|\./)")
_MOMENT_IN_NAME = re.compile(r"__dbt_tmp_?\d{14,}")
_OF_FRESHNESS = ("status", "criteria", "error", "adapter_response")
"""What stays the same whenever a source is looked at."""


def _freshness(peer: Path, ours: Path) -> Iterator[str]:
    first, second = (
        {
            result["unique_id"]: {"keys": sorted(result)}
            | {key: result[key] for key in _OF_FRESHNESS if key in result}
            for result in _read(folder / "sources.json").get("results", ())
        }
        for folder in (peer, ours)
    )
    yield from unequal("", first, second)


def _semantic_manifest(peer: Path, ours: Path) -> Iterator[str]:
    first, second = (_read(folder / "semantic_manifest.json") for folder in (peer, ours))
    yield from unequal("", _by_name(first), _by_name(second))


def _by_name(value: Any) -> Any:
    """``value`` with lists of named things as mappings, so that a difference has a path."""
    if isinstance(value, dict):
        return {key: _by_name(inner) for key, inner in value.items()}
    if isinstance(value, list) and all(isinstance(v, dict) and "name" in v for v in value):
        return {inner["name"]: _by_name(inner) for inner in value}
    return value


def _listing(peer: Path, ours: Path) -> Iterator[str]:
    first, second = (
        path.read_text("utf-8").splitlines() if path.exists() else None
        for path in (folder / "listing.txt" for folder in (peer, ours))
    )
    yield from unequal("", first, second)


def _tables(peer: Path, ours: Path) -> Iterator[str]:
    first, second = (_database(folder) for folder in (peer, ours))
    yield from unequal("", first, second)


_COMPARISONS: dict[str, Callable[[Path, Path], Iterator[str]]] = {
    "manifest": _manifest,
    "run_results": _run_results,
    "compiled": _compiled,
    "run": _run,
    "catalog": _catalog,
    "sources": _freshness,
    "semantic_manifest": _semantic_manifest,
    "listing": _listing,
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
        name: value | {"rows": [_timeless(row) for row in value["rows"]]}
        for path in folder.glob("*.duckdb")
        for name, value in relations_in_file(path).items()
    }


def _timeless(row: str) -> str:
    """A row without what depends on the clock: moments, and keys that are made of them."""
    timeless = _NOW.sub("now", row)
    return row if timeless == row else _KEY.sub("'key'", timeless)


_NOW = re.compile(r"datetime\.datetime\(20[2-9]\d(, \d+){6}(, tzinfo=[^)]*\))?\)")
"""A moment with parts of a second, which no file of a project has."""
_KEY = re.compile(r"'[0-9a-f]{32}'")


def _read(path: Path) -> Shape:
    data: Shape = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return data
