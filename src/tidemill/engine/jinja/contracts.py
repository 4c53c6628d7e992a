"""The message for a model whose columns do not fit its contract."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def contract_mismatch(yaml_columns: Iterable[Any], sql_columns: Iterable[Any]) -> str:
    """A table of the columns that differ between the YAML and the query.

    Each column is a mapping with ``name`` (or ``column``), ``formatted`` and ``data_type``, as dbt's
    ``get_assert_columns_equivalent`` macros make them.
    """
    declared = {_name(column): column for column in yaml_columns}
    if not declared:
        return (
            "This model has an enforced contract, and its 'columns' specification is missing: list "
            "its columns with their data_type in a properties file"
        )
    actual = {_name(column): column for column in sql_columns}
    rows = [
        (name, _type(actual.get(name)), _type(declared.get(name)), _reason(actual, declared, name))
        for name in sorted({*declared, *actual})
        if _type(actual.get(name)) != _type(declared.get(name))
    ]
    return (
        "This model has an enforced contract that failed.\n"
        "Please ensure the name, data_type, and number of columns in your contract match the "
        "columns in your model's definition.\n\n" + _table(rows)
    )


def _name(column: Any) -> str:
    if isinstance(column, Mapping):
        return str(column.get("name") or column.get("column"))
    return str(column.name)


def _type(column: Any) -> str:
    if column is None:
        return ""
    if isinstance(column, Mapping):
        return str(column.get("data_type") or "")
    return str(column.data_type)


def _reason(actual: Mapping[str, Any], declared: Mapping[str, Any], name: str) -> str:
    if name not in declared:
        return "missing in contract"
    if name not in actual:
        return "missing in definition"
    return "data type mismatch"


def _table(rows: list[tuple[str, str, str, str]]) -> str:
    header = ("column_name", "definition_type", "contract_type", "mismatch_reason")
    widths = [max(len(row[i]) for row in (header, *rows)) for i in range(4)]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in (header, tuple("-" * width for width in widths), *rows)
    ]
    return "\n".join(lines)
