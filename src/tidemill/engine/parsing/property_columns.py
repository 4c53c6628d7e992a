"""Columns and constraints of property files as values, in dbt's shape."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tidemill.engine.nodes import Column
from tidemill.engine.parsing.property_schema import (
    COLUMN,
    CONSTRAINT,
    Checked,
    Path,
    both_spellings,
    check_entry,
)
from tidemill.engine.project.config_merging import listed
from tidemill.engine.project.yaml_loader import Document

_OWN_KEYS = (frozenset(COLUMN.keys) | {"doc_blocks"}) - {"policy_tags"}
"""Keys that are no extras; ``doc_blocks`` is what the description names, whatever is written (dbt's rule)."""


def check_columns(columns: Any, path: Path, document: Document) -> Checked:
    """Everything wrong with a list of columns at ``path``, their constraints included."""
    found = Checked()
    for index, column in enumerate(_mappings(columns)):
        if "include" in column or "exclude" in column:
            continue
        place = (*path, index)
        found += check_entry(column, COLUMN, place, document)
        found += both_spellings(column, place, document)
        found += check_constraints(column.get("constraints"), (*place, "constraints"), document)
    return found


def check_constraints(constraints: Any, path: Path, document: Document) -> Checked:
    """Everything wrong with a list of constraints at ``path``."""
    found = Checked()
    for index, constraint in enumerate(_mappings(constraints)):
        found += check_entry(constraint, CONSTRAINT, (*path, index), document)
    return found


def columns_of(entries: Iterable[Mapping[str, Any]] | None) -> dict[str, Column]:
    """Columns by name, in order; of two with one name the last one counts."""
    return {str(entry["name"]): _column(entry) for entry in entries or () if entry.get("name")}


def constraints_of(
    entries: Iterable[Mapping[str, Any]] | None, *, of_model: bool = False
) -> tuple[dict[str, Any], ...]:
    """Constraints with dbt's defaults. A model's have ``columns``, a column's have not."""
    return tuple(_constraint(entry, of_model) for entry in entries or ())


def column_tags(entry: Mapping[str, Any]) -> list[str]:
    """Tags of a column, from both places where they may stand, without repetition."""
    configured = (entry.get("config") or {}).get("tags")
    tags = [*(entry.get("tags") or ()), *(listed(configured) if configured else ())]
    return list(dict.fromkeys(tags))


def _column(entry: Mapping[str, Any]) -> Column:
    configured = (entry.get("config") or {}).get("meta")
    meta = {**(entry.get("meta") or {}), **(configured if isinstance(configured, dict) else {})}
    return Column(
        name=str(entry["name"]),
        description=str(entry.get("description") or ""),
        data_type=entry.get("data_type"),
        quote=entry.get("quote"),
        granularity=entry.get("granularity"),
        constraints=constraints_of(entry.get("constraints")),
        config={"meta": meta, "tags": column_tags(entry)},
        extra={key: value for key, value in entry.items() if key not in _OWN_KEYS},
    )


def _constraint(entry: Mapping[str, Any], of_model: bool) -> dict[str, Any]:
    constraint = {
        "type": entry.get("type"),
        "name": entry.get("name"),
        "expression": entry.get("expression"),
        "warn_unenforced": entry.get("warn_unenforced", True),
        "warn_unsupported": entry.get("warn_unsupported", True),
        "to": entry.get("to"),
        "to_columns": list(entry.get("to_columns") or ()),
    }
    return {**constraint, "columns": list(entry.get("columns") or ())} if of_model else constraint


def _mappings(values: Any) -> list[dict[str, Any]]:
    return (
        [value for value in values if isinstance(value, dict)] if isinstance(values, list) else []
    )
