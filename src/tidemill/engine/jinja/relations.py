"""Relations of nodes and sources, with the quoting that applies to each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tidemill.adapters.base import Adapter
from tidemill.adapters.relation import Relation, SourceTable
from tidemill.engine.nodes import Node, Source


def node_relation(
    adapter: Adapter, node: Node, quoting: dict[str, bool], **fields: Any
) -> Relation:
    """The relation that a node builds. The node's own ``quoting`` lies over the project's."""
    return adapter.relation_class.create(
        database=node.database,
        schema=node.schema,
        identifier=node.alias,
        quote_policy=quote_policy(adapter, quoting, node.config.get("quoting") or {}),
        **fields,
    )


def source_relation(
    adapter: Adapter, source: Source, quoting: dict[str, bool], **fields: Any
) -> Relation:
    """The relation of a source table. Its own ``quoting`` lies over the one that is given."""
    extra = {key: value for key, value in source.config.items() if key not in _SOURCE_CONFIG}
    table = SourceTable(
        name=source.name,
        source_name=source.source_name,
        database=source.database,
        schema=source.schema,
        identifier=source.identifier,
        meta={**source.source_meta, **source.meta, **extra},
        tags=source.tags,
    )
    policy = quote_policy(adapter, quoting, source.quoting)
    return adapter.relation_class.create_from_source(table, quote_policy=policy, **fields)


_SOURCE_CONFIG = frozenset(
    {
        "enabled",
        "event_time",
        "freshness",
        "loaded_at_field",
        "loaded_at_query",
        "meta",
        "tags",
        "static_analysis",
    }
)


def quote_policy(adapter: Adapter, *layers: Mapping[str, bool | None]) -> dict[str, bool]:
    """What is quoted: the adapter's rule, and over it each of ``layers`` in turn."""
    policy: dict[str, bool] = adapter.relation_class.get_default_quote_policy().to_dict()
    for layer in layers:
        for part in policy:
            value = layer.get(part)
            if value is not None:
                policy[part] = value
    return policy
