"""The columns that a snapshot adds to those of its query."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from tidemill.engine.lineage.scope import composed
from tidemill.engine.lineage.summary import OutputColumn, Source, Summary
from tidemill.engine.lineage.tree import EXPRESSION
from tidemill.engine.nodes import Node

_ADDED = ("dbt_scd_id", "dbt_updated_at", "dbt_valid_from", "dbt_valid_to")


def with_snapshot_columns(summary: Summary, node: Node) -> Summary:
    """``summary`` with dbt's columns, made of what the snapshot's strategy looks at."""
    if summary.unknown:
        return summary
    names = node.config.get("snapshot_meta_column_names") or {}
    updated = _listed(node.config.get("updated_at"))
    if node.config.get("strategy") == "check":
        updated = ()
    key = _listed(node.config.get("unique_key"))
    columns = list(summary.columns)
    for name in _ADDED:
        made_of = (*key, *updated) if name == "dbt_scd_id" else updated
        sources = _sources(summary, made_of)
        columns.append(OutputColumn(str(names.get(name) or name), sources))
    if node.config.get("hard_deletes") == "new_record":
        columns.append(OutputColumn(str(names.get("dbt_is_deleted") or "dbt_is_deleted")))
    return msgspec.structs.replace(summary, columns=tuple(columns))


def _listed(value: object) -> tuple[str, ...]:
    if isinstance(value, list | tuple):
        return tuple(str(each) for each in value)
    return (str(value),) if value else ()


def _sources(summary: Summary, names: Iterable[str]) -> tuple[Source, ...]:
    wanted = {name.lower() for name in names}
    found: dict[tuple[int, str], int] = {}
    for column in summary.columns:
        if column.name.lower() in wanted:
            for number, name, use in column.sources:
                key = (number, name)
                found[key] = found.get(key, 0) | composed(EXPRESSION, use)
    return tuple((number, name, use) for (number, name), use in found.items())
