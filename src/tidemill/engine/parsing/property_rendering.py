"""Renders the entries of property files: all their texts but those that dbt leaves for later.

Descriptions wait for docs blocks, tests for their own rendering, hooks and ``loaded_at_query`` for the
run. Files without Jinja, which are most, are passed through almost untouched.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from tidemill.engine.project.config_context import ConfigContext
from tidemill.engine.project.native_jinja import has_jinja
from tidemill.engine.project.rendering import Path, TreeRenderer
from tidemill.engine.project.yaml_loader import Document
from tidemill.errors import Fault

_LATER = frozenset({"tests", "data_tests", "description", "loaded_at_query"})
_LATER_CONFIG = frozenset({"pre_hook", "post_hook", "pre-hook", "post-hook", "loaded_at_query"})
_LATER_COLUMN = frozenset({"tests", "data_tests", "description"})
_COLUMN_LIKE = frozenset({"columns", "dimensions", "measures", "entities"})


def render_entry(
    entry: dict[str, Any], path: Path, document: Document, context: ConfigContext
) -> tuple[dict[str, Any], list[Fault]]:
    """``entry`` rendered, with the faults met; ``path`` is its section and index in ``document``."""
    section = str(path[0])
    if not _has_work(entry):
        return entry, []
    renderer = TreeRenderer(
        context,
        lambda inner: document.place_of((*path, *inner)),
        lambda inner: _kept(section, inner),
    )
    return renderer.render(entry), renderer.faults


def _has_work(entry: dict[str, Any]) -> bool:
    """Whether rendering could change anything. Descriptions and tests do not count: they are kept."""
    for key, value in entry.items():
        if key in _LATER:
            continue
        if key in {"columns", "tables"} and isinstance(value, list):
            if any(_has_work(item) if isinstance(item, dict) else _changes(item) for item in value):
                return True
        elif _changes(value):
            return True
    return False


def _changes(value: Any) -> bool:
    if isinstance(value, str):
        return value.endswith("\n") or "\r" in value or has_jinja(value)
    if isinstance(value, dict):
        return any(map(_changes, value.values()))
    if isinstance(value, list):
        return any(map(_changes, value))
    return isinstance(value, date)


def _kept(section: str, path: Path) -> bool:
    """dbt's rule for what is not rendered here, by section and path inside the entry."""
    if not path:
        return False
    if section == "sources":
        if path[0] in {"description", "loaded_at_query"} or path[:2] == (
            "config",
            "loaded_at_query",
        ):
            return True
        return path[0] == "tables" and _kept_in_node(path[2:])
    if section == "macros" and path[0] == "arguments":
        return _kept_in_node(path[1:])
    if section == "metrics" and "filter" in path[-2:]:
        return True
    if section == "saved_queries" and path[:2] == ("query_params", "where"):
        return True
    return _kept_in_node(path)


def _kept_in_node(path: Path) -> bool:
    if not path:
        return False
    if path[0] in _LATER or (len(path) == 2 and path[1] in _LATER):
        return True
    if len(path) >= 2 and path[0] == "config" and path[1] in _LATER_CONFIG:
        return True
    if len(path) == 5 and path[4] == "description":
        return True
    return len(path) >= 3 and path[0] in _COLUMN_LIKE and path[2] in _LATER_COLUMN
