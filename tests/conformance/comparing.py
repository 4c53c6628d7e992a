"""Two tools' outcomes of one step, and every way in which they differ, each as one line of text.

What cannot be equal (times, ids, the tools' own macros) is taken out first; what may stand in any
order is put into one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.conformance.tables import tables_in

Shape = dict[str, Any]

_ADAPTER_PACKAGES = ("dbt_duckdb", "dbt_postgres")
_OWN_PACKAGES = ("dbt", *_ADAPTER_PACKAGES)
"""Packages of built-in macros. dbt's are read from the same files; the adapters' are our own."""

_SECTIONS = (
    "nodes",
    "sources",
    "exposures",
    "metrics",
    "groups",
    "selectors",
    "disabled",
    "parent_map",
    "child_map",
    "group_map",
    "saved_queries",
    "semantic_models",
    "unit_tests",
    "functions",
)


def differences(peer: Path, ours: Path) -> list[str]:
    """What differs between the folders that two tools left after one step."""
    found: list[str] = []
    for name, compare in _COMPARISONS.items():
        found += [f"{name}: {line}" for line in compare(peer, ours)]
    return found


def _manifest(peer: Path, ours: Path) -> Iterator[str]:
    first, second = (_read(folder / "manifest.json") for folder in (peer, ours))
    if not first or not second:
        yield from _unequal("", bool(first), bool(second))
        return
    yield from _unequal("sections", list(first), list(second))
    yield from _unequal("metadata", _metadata(first), _metadata(second))
    for section in _SECTIONS:
        yield from _unequal(section, _section(first, section), _section(second, section))
    for section in ("macros", "docs"):
        yield from _unequal(section, _of_project(first[section]), _of_project(second[section]))


def _run_results(peer: Path, ours: Path) -> Iterator[str]:
    first, second = (_results(folder) for folder in (peer, ours))
    yield from _unequal("", first, second)


def _compiled(peer: Path, ours: Path) -> Iterator[str]:
    first, second = (_texts(folder / "compiled") for folder in (peer, ours))
    yield from _unequal("", first, second)


def _tables(peer: Path, ours: Path) -> Iterator[str]:
    first, second = (_database(folder) for folder in (peer, ours))
    yield from _unequal("", first, second)


_COMPARISONS: dict[str, Callable[[Path, Path], Iterator[str]]] = {
    "manifest": _manifest,
    "run_results": _run_results,
    "compiled": _compiled,
    "tables": _tables,
}


def _metadata(manifest: Shape) -> Shape:
    kept = ("dbt_schema_version", "env", "project_name", "project_id", "adapter_type", "quoting")
    return {"keys": list(manifest["metadata"])} | {k: manifest["metadata"][k] for k in kept}


def _section(manifest: Shape, name: str) -> Any:
    if name == "group_map":
        return {key: sorted(value) for key, value in manifest[name].items()}
    if name == "disabled":
        return {key: [_resource(r) for r in value] for key, value in manifest[name].items()}
    return {key: _resource(value) for key, value in manifest[name].items()}


def _resource(value: Any) -> Any:
    """A resource without what depends on the moment or the machine, sets in order."""
    if not isinstance(value, dict):
        return value
    found = {"keys": list(value)} | {k: v for k, v in value.items() if k not in _OF_THE_MOMENT}
    for holder in (found, found.get("config")):
        if isinstance(holder, dict) and isinstance(holder.get("tags"), list):
            holder |= {"tags": sorted(holder["tags"])}
    if isinstance(found.get("depends_on"), dict) and "macros" in found["depends_on"]:
        macros = [
            m for m in found["depends_on"]["macros"] if m.split(".")[1] not in _ADAPTER_PACKAGES
        ]
        found["depends_on"] = found["depends_on"] | {"macros": sorted(macros)}
    return found


_OF_THE_MOMENT = frozenset({"created_at", "root_path"})


def _of_project(resources: Mapping[str, Shape]) -> Shape:
    return {
        key: _resource(value)
        for key, value in resources.items()
        if value["package_name"] not in _OWN_PACKAGES
    }


def _results(folder: Path) -> Shape:
    data = _read(folder / "run_results.json")
    kept = (
        "status",
        "message",
        "failures",
        "adapter_response",
        "compiled",
        "compiled_code",
        "relation_name",
    )
    return {
        result["unique_id"]: {"keys": list(result)} | {key: result[key] for key in kept}
        for result in data.get("results", ())
    }


def _texts(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in files}


def _database(folder: Path) -> Shape:
    """What is in the warehouse: written down by the scenarios on Postgres, else in DuckDB's file."""
    if (folder / "tables.json").exists():
        return _read(folder / "tables.json")
    return {
        name: value for path in folder.glob("*.duckdb") for name, value in tables_in(path).items()
    }


def _read(path: Path) -> Shape:
    data: Shape = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return data


def _unequal(where: str, first: Any, second: Any) -> Iterator[str]:
    """Lines for the innermost values that differ."""
    if isinstance(first, dict) and isinstance(second, dict):
        for key in {**first, **second}:
            at = f"{where}/{key}".lstrip("/")
            if key not in second:
                yield f"{at}: only dbt has it: {_short(first[key])}"
            elif key not in first:
                yield f"{at}: only Tidemill has it: {_short(second[key])}"
            else:
                yield from _unequal(at, first[key], second[key])
    elif first != second:
        yield f"{where}: {_short(first)} is here {_short(second)}"


def _short(value: Any, limit: int = 400) -> str:
    text = repr(value)
    return text if len(text) <= limit else f"{text[:limit]}... ({len(text)})"
