"""A plugin's relations with the few words more that the engine has for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from types import SimpleNamespace
from typing import Any

from tidemill.adapters.relation_parts import EventTimeFilter, SourceTable


class EngineWords:
    """Goes before a plugin's relation class, which stays what it is."""

    @classmethod
    def create(cls, *args: Any, **fields: Any) -> Any:
        """A relation from names, as the plugin makes it."""
        period = fields.get("event_time_filter")
        if isinstance(period, EventTimeFilter):
            fields["event_time_filter"] = period.to_dict() | {
                "start": period.start,
                "end": period.end,
            }
        return super().create(*args, **fields)  # type: ignore[misc]

    @classmethod
    def create_from_source(cls, source: Any, **fields: Any) -> Any:
        """The relation of a source table; the plugin may read its meta and its config."""
        if not isinstance(source, SourceTable):
            return super().create_from_source(source, **fields)  # type: ignore[misc]
        quoting = SimpleNamespace(quoting={})
        return cls.create_from(quoting, _description(source), **fields)  # type: ignore[attr-defined]

    @classmethod
    def create_ephemeral(cls, identifier: str, **fields: Any) -> Any:
        """The CTE that stands for an ephemeral model."""
        name = cls.add_ephemeral_prefix(identifier)  # type: ignore[attr-defined]
        kind = cls.CTE  # type: ignore[attr-defined]
        return cls.create(identifier=name, type=kind, **fields).quote(identifier=False)


class SourceConfig(dict[str, Any]):
    """A source's configuration, as plugins read it."""

    @property
    def extra(self) -> dict[str, Any]:
        return self

    @property
    def meta(self) -> dict[str, Any]:
        return self


def _description(source: SourceTable) -> SimpleNamespace:
    return SimpleNamespace(
        resource_type="source",
        name=source.name,
        source_name=source.source_name,
        database=source.database,
        schema=source.schema,
        identifier=source.identifier,
        meta=dict(source.meta),
        source_meta={},
        tags=list(source.tags),
        description="",
        compiled_code=None,
        catalog_name=None,
        quoting_dict={},
        config=SourceConfig(source.meta),
    )


def described_schema(database: str | None, schema: str | None) -> SimpleNamespace:
    """A schema as plugins know it from the nodes in it."""
    return SimpleNamespace(
        database=database,
        schema=schema,
        identifier="",
        quoting_dict={},
        catalog_name=None,
        config=SourceConfig(),
    )


def with_relations(entries: Any, render: Callable[[str], str]) -> Any:
    """Columns or constraints whose foreign keys say ``ref('orders')``, with the relation in its place."""
    if isinstance(entries, Mapping):
        found = {name: with_relations(value, render) for name, value in entries.items()}
        target = found.get("to")
        if isinstance(target, str) and "(" in target:
            found["to"] = render(f"{{{{ ({target}).render() }}}}")
        return found
    if isinstance(entries, list | tuple):
        return [with_relations(entry, render) for entry in entries]
    return entries


@cache
def bridged_relation(kind: Any) -> Any:
    """The plugin's relation class with the engine's words. Its name stays: packages ask for it."""
    return type(kind.__name__, (EngineWords, kind), {"__module__": kind.__module__})
