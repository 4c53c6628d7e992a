"""Two manifests, or two files of results, and every way in which they differ, each as one line of text.

What cannot be equal (times, ids, the tools' own macros) is taken out first; what may stand in any order is put into
one. Values only: nothing is read here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Shape = Mapping[str, Any]

SECTIONS = (
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
PROJECT_SECTIONS = ("macros", "docs")
"""Sections of which only the project's own part and that of its packages is compared."""

_ADAPTER_PACKAGES = ("dbt_duckdb", "dbt_postgres")
_OWN_PACKAGES = ("dbt", *_ADAPTER_PACKAGES)
"""Packages of built-in macros. dbt's are read from the same files; the adapters' are our own."""

_OF_THE_MOMENT = frozenset({"created_at", "root_path"})
_METADATA = (
    "dbt_schema_version",
    "env",
    "project_name",
    "project_id",
    "adapter_type",
    "quoting",
)
_RESULT = (
    "status",
    "message",
    "failures",
    "adapter_response",
    "compiled",
    "compiled_code",
    "relation_name",
)


def manifest_differences(first: Shape, second: Shape) -> Iterator[str]:
    """What differs between two decoded manifests."""
    yield from unequal("sections", list(first), list(second))
    yield from unequal("metadata", _metadata(first), _metadata(second))
    for name in (*SECTIONS, *PROJECT_SECTIONS):
        yield from unequal(name, section(first, name), section(second, name))


def section(manifest: Shape, name: str) -> dict[str, Any]:
    """A section as it is compared: resources by their keys."""
    entries: Mapping[str, Any] = manifest[name]
    if name in PROJECT_SECTIONS:
        entries = {k: v for k, v in entries.items() if v["package_name"] not in _OWN_PACKAGES}
    if name == "group_map":
        return {key: sorted(value) for key, value in entries.items()}
    if name == "disabled":
        # Files of one name stand in the order in which dbt's operating system walks folders.
        return {
            key: sorted(map(_resource, value), key=lambda r: str(r.get("original_file_path")))
            for key, value in entries.items()
        }
    return {key: _resource(value) for key, value in entries.items()}


def results(run_results: Shape) -> dict[str, Any]:
    """The results of a decoded run_results.json as they are compared, by unique id."""
    return {
        result["unique_id"]: {"keys": list(result)} | {key: result[key] for key in _RESULT}
        for result in run_results.get("results", ())
    }


def unequal(where: str, first: Any, second: Any) -> Iterator[str]:
    """Lines for the innermost values that differ."""
    if isinstance(first, dict) and isinstance(second, dict):
        for key in {**first, **second}:
            at = f"{where}/{key}".lstrip("/")
            if key not in second:
                yield f"{at}: only dbt has it{_in_short(first[key])}"
            elif key not in first:
                yield f"{at}: only Tidemill has it{_in_short(second[key])}"
            else:
                yield from unequal(at, first[key], second[key])
    elif first != second:
        first, second = _where_they_part(first, second)
        yield f"{where}: {_short(first)} is here {_short(second)}"


_SHOWN_BEFORE = 60


def _where_they_part(first: Any, second: Any) -> tuple[Any, Any]:
    """Of two long texts that begin alike, what is from shortly before they part."""
    if not (isinstance(first, str) and isinstance(second, str)):
        return first, second
    differ = (at for at, (a, b) in enumerate(zip(first, second, strict=False)) if a != b)
    alike = next(differ, min(len(first), len(second))) - _SHOWN_BEFORE
    return (first, second) if alike <= 0 else ("..." + first[alike:], "..." + second[alike:])


def _metadata(manifest: Shape) -> dict[str, Any]:
    metadata = manifest["metadata"]
    return {"keys": list(metadata)} | {name: metadata[name] for name in _METADATA}


def _resource(value: Any) -> Any:
    """A resource without what depends on the moment or the machine, sets in order."""
    if not isinstance(value, dict):
        return value
    found = {"keys": list(value)} | {k: v for k, v in value.items() if k not in _OF_THE_MOMENT}
    for holder in (found, found.get("config")):
        if isinstance(holder, dict) and isinstance(holder.get("tags"), list):
            holder |= {"tags": sorted(holder["tags"])}
    if isinstance(found.get("columns"), dict):
        found["columns"] = {name: _column(value) for name, value in found["columns"].items()}
    if isinstance(found.get("sources"), list):
        found["sources"] = sorted(found["sources"])
    if isinstance(found.get("depends_on"), dict):
        found["depends_on"] = _dependencies(found["depends_on"])
    return found


def _column(value: Any) -> Any:
    """A column; dbt merges its tags as a set."""
    if not isinstance(value, dict) or not value.get("tags"):
        return value
    config = value.get("config") or {}
    if config.get("tags"):
        config = config | {"tags": sorted(config["tags"])}
    return value | {"tags": sorted(value["tags"]), "config": config}


def _dependencies(found: Shape) -> Shape:
    """dbt's static reader gives the sources of a template as a set: their order is anybody's guess."""
    nodes = found.get("nodes", ())
    sources = iter(sorted(n for n in nodes if n.startswith("source.")))
    ordered = {"nodes": [next(sources) if n.startswith("source.") else n for n in nodes]}
    if "macros" in found:
        macros = (m for m in found["macros"] if m.split(".")[1] not in _ADAPTER_PACKAGES)
        ordered["macros"] = sorted(macros)
    return {**found, **ordered}


def _in_short(value: Any) -> str:
    """What somebody alone has, unless it is large: then its name says more."""
    text = repr(value)
    return f": {text}" if len(text) <= _SHORT else ""


_SHORT = 200


def _short(value: Any, limit: int = 400) -> str:
    text = repr(value)
    return text if len(text) <= limit else f"{text[:limit]}... ({len(text)})"
