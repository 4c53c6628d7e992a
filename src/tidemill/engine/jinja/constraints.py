"""Column definitions and constraints of contracted models as DDL, and the snapshot's deletion setting."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from tidemill.errors import CompilationError

Target = Callable[[str], str]
"""What a foreign key points at (``ref('orders')``) as its relation in SQL."""


def column_definitions(
    columns: Mapping[str, Mapping[str, Any]], quote: Callable[[str], str], target: Target = str
) -> list[str]:
    """``name type constraint ...`` for each column of a contracted model."""
    return [_column_definition(column, quote, target) for column in columns.values()]


def _column_definition(
    column: Mapping[str, Any], quote: Callable[[str], str], target: Target
) -> str:
    name = quote(column["name"]) if column.get("quote") else column["name"]
    parts = [f"{name} {column['data_type']}"]
    rendered = (_column_constraint(entry, target) for entry in column.get("constraints") or ())
    return " ".join([*parts, *(text for text in rendered if text)])


def _column_constraint(entry: Mapping[str, Any], target: Target) -> str | None:
    kind = _kind(entry)
    expression = entry.get("expression") or ""
    if kind in {"not_null", "unique", "primary_key"}:
        return f"{kind.replace('_', ' ')} {expression}".strip()
    if kind == "check" and expression:
        return f"check ({expression})"
    if kind == "foreign_key":
        return _references(entry, target)
    return expression.strip() or None if kind == "custom" else None


def _references(entry: Mapping[str, Any], target: Target) -> str | None:
    if entry.get("to") and entry.get("to_columns"):
        return f"references {target(entry['to'])} ({', '.join(entry['to_columns'])})"
    expression = entry.get("expression")
    return f"references {expression}" if expression else None


def model_constraints(entries: Iterable[Mapping[str, Any]], target: Target = str) -> list[str]:
    """Table constraints of a contracted model."""
    rendered = (_model_constraint(entry, target) for entry in entries)
    return [text for text in rendered if text]


def _model_constraint(entry: Mapping[str, Any], target: Target) -> str | None:
    kind = _kind(entry)
    prefix = f"constraint {entry['name']} " if entry.get("name") else ""
    expression = entry.get("expression") or ""
    columns = ", ".join(entry.get("columns") or ())
    if kind == "check" and expression:
        return f"{prefix}check ({expression})"
    if kind in {"unique", "primary_key"}:
        extra = f" {expression}" if expression else ""
        return f"{prefix}{kind.replace('_', ' ')}{extra} ({columns})"
    if kind == "foreign_key":
        references = _references(entry, target)
        return f"{prefix}foreign key ({columns}) {references}" if references else None
    return f"{prefix}{expression}" if kind == "custom" and expression else None


_KINDS = ("check", "not_null", "unique", "primary_key", "foreign_key", "custom")


def _kind(entry: Mapping[str, Any]) -> str:
    kind = str(entry.get("type"))
    if kind not in _KINDS:
        raise CompilationError(
            f"'{kind}' is not a type of constraint",
            code="constraint-type",
            hint=f"known types: {', '.join(_KINDS)}",
        )
    return kind


def hard_deletes(config: Mapping[str, Any]) -> str:
    """What a snapshot does with rows that are gone: ``ignore``, ``invalidate`` or ``new_record``."""
    legacy = config.get("invalidate_hard_deletes")
    wanted = config.get("hard_deletes")
    if legacy is not None and wanted is not None:
        raise CompilationError(
            "You cannot set both the invalidate_hard_deletes and hard_deletes config properties on "
            "the same snapshot.",
            code="config-conflict",
        )
    if legacy:
        return "invalidate"
    if wanted in {None, "ignore", "invalidate", "new_record"}:
        return wanted or "ignore"
    raise CompilationError(
        f"hard_deletes can not be '{wanted}'",
        code="config-value",
        hint="use ignore, invalidate or new_record",
    )
