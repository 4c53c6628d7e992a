"""``time_spine`` of a model: the columns that its rows are counted by. Faults begin with dbt's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tidemill.engine.parsing.property_entries import Entry
from tidemill.errors import ParsingError, did_you_mean


def time_spine_of(values: Mapping[str, Any], entry: Entry) -> dict[str, Any] | None:
    """The time spine in the manifest's shape, or None. Raises ParsingError for columns that do not fit."""
    spine = values.get("time_spine")
    if not spine:
        return None
    columns = {str(column.get("name")): column for column in values.get("columns") or ()}
    _check_standard(spine.get("standard_granularity_column"), columns, entry)
    custom = spine.get("custom_granularities") or ()
    _check_custom(custom, columns, entry)
    return {
        "standard_granularity_column": spine["standard_granularity_column"],
        "custom_granularities": [
            {"name": granularity.get("name"), "column_name": granularity.get("column_name")}
            for granularity in custom
        ],
    }


def _check_standard(name: Any, columns: Mapping[str, Mapping[str, Any]], entry: Entry) -> None:
    if name not in columns:
        raise _fault(
            "Time spine standard granularity column must be defined on the model. The model"
            f" '{entry.name}' lists {', '.join(columns) or 'no columns'}, and not '{name}'",
            entry,
            "standard_granularity_column",
            did_you_mean(str(name), columns),
        )
    if not columns[name].get("granularity"):
        raise _fault(
            "Time spine standard granularity column must have a granularity defined. The column"
            f" '{name}' of '{entry.name}' has none",
            entry,
            "standard_granularity_column",
            "add 'granularity: day' to the column",
        )


def _check_custom(custom: Any, columns: Mapping[str, Any], entry: Entry) -> None:
    wanted = [str(item.get("column_name") or item.get("name")) for item in custom]
    missing = [name for name in wanted if name not in columns]
    if missing:
        raise _fault(
            "Time spine custom granularity columns do not exist in the model. The model"
            f" '{entry.name}' lists {', '.join(columns)}, and not {', '.join(missing)}",
            entry,
            "custom_granularities",
            did_you_mean(missing[0], columns),
        )


def _fault(message: str, entry: Entry, key: str, hint: str | None) -> ParsingError:
    return ParsingError(
        message, code="time-spine", place=entry.place_of(("time_spine", key)), hint=hint
    )
