"""The adapter for any installed plugin of dbt: its questions are answered by the plugin's Python and macros."""

from __future__ import annotations

import inspect
import weakref
from collections.abc import Callable, Mapping, Sequence
from functools import cache, cached_property, partial
from pathlib import Path
from typing import Any, ClassVar

from tidemill.adapters.base import Adapter, Connection, MacroSource, MacroUse, PythonType
from tidemill.adapters.bridge import credentials as profile_entries
from tidemill.adapters.bridge.calls import Calls
from tidemill.adapters.bridge.configuration import Configuration
from tidemill.adapters.bridge.connection import BridgeConnection
from tidemill.adapters.bridge.events import quiet
from tidemill.adapters.bridge.failures import translated
from tidemill.adapters.bridge.loading import Plugin, enter, load_plugin
from tidemill.adapters.bridge.plugged import BehaviorFlags, plug_in
from tidemill.adapters.bridge.relations import (
    bridged_relation,
    described_schema,
    with_relations,
)
from tidemill.adapters.bridge.tables import sample
from tidemill.adapters.column import Column
from tidemill.adapters.relation import Relation
from tidemill.errors import ExecutionError

_DIALECTS = {"fabric": "tsql", "greenplum": "postgres", "sqlserver": "tsql", "synapse": "tsql"}
"""sqlglot's names of dialects where they are not the adapter's type."""
_OF_CONSTRAINTS = ("render_raw_columns_constraints", "render_raw_model_constraints")
_OURS = frozenset({"execute", "add_query", "dispatch", "commit", "convert_type", "type"})
"""What the engine does by itself for every adapter: statements have comments and places, seeds types."""


class BridgeAdapter(Adapter):
    """One profile's warehouse, through a plugin. Subclasses say which."""

    plugin: ClassVar[Plugin]

    @classmethod
    def normalise(cls, output: dict[str, Any], root: Path, profile: str) -> dict[str, Any]:  # noqa: ARG003
        return profile_entries.normalise(cls.plugin, output, profile)

    def __init__(self, credentials: dict[str, Any], root: Path) -> None:
        self._entries = credentials
        self._calls = Calls()
        self._connections: weakref.WeakSet[BridgeConnection] = weakref.WeakSet()

    @cached_property
    def plugged(self) -> Any:
        """The plugin's own adapter, made when it is first needed."""
        entries = self._entries[profile_entries.ENTRIES]
        configuration = Configuration(
            profile_entries.read(self.plugin, entries),
            int(self._entries["threads"]),
            self.relation_class.get_default_quote_policy().to_dict(),
            self._calls,
        )
        quiet(lambda: getattr(self._calls.source, "emit", None))
        enter()
        return plug_in(self.plugin.adapter, configuration, self._calls)

    def attach(self, source: MacroSource) -> None:
        self._calls.source = source

    @property
    def macro_folder(self) -> Path:
        return self.macro_packages[self.package_name]

    @property
    def macro_packages(self) -> dict[str, Path]:
        return {name: folder / "macros" for name, folder in self.plugin.packages.items()}

    # -- connecting --------------------------------------------------------------------------

    def open(self) -> None:
        """Reach the warehouse once."""
        connection = self.connection("open")
        try:
            connection.reach()
        finally:
            connection.close()

    def close(self) -> None:
        connections = list(self._connections)
        for connection in connections:
            connection.cancel()
        for connection in connections:
            connection.close()
        if "plugged" in self.__dict__:
            self.plugged.cleanup_connections()

    def connection(self, name: str) -> BridgeConnection:
        connection = BridgeConnection(name, self.plugged, self._calls)
        self._connections.add(connection)
        return connection

    # -- questions ---------------------------------------------------------------------------

    def list_schemas(self, connection: Connection, database: str | None) -> list[str]:
        return [str(name) for name in self._asked(connection, "list_schemas", database)]

    def list_relations(
        self, connection: Connection, database: str | None, schema: str
    ) -> list[Relation]:
        place = self._place(database, schema)
        found: list[Relation] = self._asked(connection, "list_relations_without_caching", place)
        return list(found)

    def catalog(self, use: MacroUse, place: Any, schemas: Sequence[str]) -> list[dict[str, Any]]:
        """One schema after the other, for some plugins take no more at once."""
        database = place.database.lower() if place.database else place.database
        used = frozenset((database, schema.lower()) for schema in schemas)
        found: list[dict[str, Any]] = []
        for schema in schemas:
            table = self._call(use, self.plugged._get_one_catalog, place, {schema}, used)
            names = [name.lower() for name in table.column_names]
            found += [dict(zip(names, row, strict=True)) for row in table.rows]
        return found

    def list_dependents(self, connection: Connection) -> list[tuple[Relation, Relation]]:
        """Empty: plugins that know of dependents note them in the cache by themselves."""
        link = getattr(self.plugged, "_link_cached_relations", None)
        if link is not None:
            assert isinstance(connection, BridgeConnection)
            with connection.taken(), self._calls.by_the_engine(connection), translated():
                link([described_schema(*schema) for schema in self._calls.host.relations.schemas()])
        return []

    def columns(self, connection: Connection, relation: Relation) -> list[Column]:
        if relation.identifier is None:
            return []
        return list(self._asked(connection, "get_columns_in_relation", relation))

    def query_columns(self, connection: Connection, sql: str) -> list[Column]:
        """As plugins do it: dbt's macros give SQL that has no rows, with whatever stands in front of it."""
        return list(self._asked(connection, "get_column_schema_from_query", sql))

    def _place(self, database: str | None, schema: str) -> Any:
        quoting = self.plugged.config.quoting
        create = self.relation_class.create
        return create(database, schema, "", quote_policy=quoting).without_identifier()

    def _asked(self, connection: Connection, name: str, *arguments: Any) -> Any:
        """What a method of the plugin answers to the engine."""
        assert isinstance(connection, BridgeConnection)
        with connection.taken(), self._calls.by_the_engine(connection), translated():
            return getattr(self.plugged, name)(*arguments)

    def quote(self, identifier: str) -> str:
        return str(self.plugged.quote(identifier))

    def valid_incremental_strategies(self) -> list[str]:
        return list(self.plugged.valid_incremental_strategies())

    def convert_type(self, python_types: Sequence[PythonType], name: str) -> str:
        return str(self.plugged.convert_type(sample(python_types), 0))

    def debug_facts(self) -> dict[str, str]:
        hidden = {"type", "threads", profile_entries.ENTRIES}
        return {
            key: str(value)
            for key, value in self._entries.items()
            if key not in hidden and value is not None
        }

    # -- what macros call --------------------------------------------------------------------

    def macro_words(self, use: MacroUse, *, parsing: bool) -> Mapping[str, Any]:
        """All that the plugin offers to macros, asked on the connection of their session."""
        ready, methods = self._words
        words = dict(ready)
        words |= {name: partial(self._call, use, method) for name, method in methods.items()}
        for name in _OF_CONSTRAINTS:
            words[name] = partial(self._constrained, use, words[name])
        if parsing:
            words |= self.plugin.adapter._parse_replacements_
        return words

    def _constrained(
        self, use: MacroUse, word: Callable[..., Any], *args: Any, **kwargs: Any
    ) -> Any:
        """Constraints in DDL, once foreign keys name relations: dbt-core does that while compiling."""
        return word(*with_relations(args, use.render), **with_relations(kwargs, use.render))

    @cached_property
    def _words(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """What needs no connection, as it is; and the methods that may need one."""
        kind, plugged = self.plugin.adapter, self.plugged
        ready: dict[str, Any] = {"behavior": BehaviorFlags(plugged)}
        methods: dict[str, Any] = {}
        for name in kind._available_ - _OURS - ready.keys():
            static = inspect.getattr_static(kind, name, None)
            if isinstance(static, property):
                ready[name] = getattr(plugged, name)
            elif isinstance(static, classmethod | staticmethod):
                ready[name] = _translating(getattr(plugged, name))
            else:
                methods[name] = getattr(plugged, name)
        return ready, methods

    def _call(self, use: MacroUse, method: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        connection = _connection_of(use)
        with self._calls.on_behalf_of(use), translated():
            if connection is None:
                return method(*args, **kwargs)
            with connection.taken():
                return method(*args, **kwargs)

    def before_node(self, use: MacroUse, config: Mapping[str, Any]) -> Any:
        return self._call(use, self.plugged.pre_model_hook, config)

    def after_node(self, use: MacroUse, config: Mapping[str, Any], before: Any) -> None:
        self._call(use, self.plugged.post_model_hook, config, before)


def _connection_of(use: MacroUse) -> BridgeConnection | None:
    """The session's connection; None while compiling without one, when much can be answered still."""
    try:
        connection = use.connection
    except ExecutionError:
        return None
    assert isinstance(connection, BridgeConnection)
    return connection


def _translating(method: Callable[..., Any]) -> Callable[..., Any]:
    def word(*args: Any, **kwargs: Any) -> Any:
        with translated():
            return method(*args, **kwargs)

    return word


@cache
def bridge_to(type_name: str) -> type[Adapter]:
    """The adapter class for a type that a plugin serves. Raises ConfigurationError when there is none."""
    plugin = load_plugin(type_name)
    kind = plugin.adapter
    fields = {
        "plugin": plugin,
        "type": plugin.type,
        "type_names": plugin.type_names,
        "dialect": _DIALECTS.get(plugin.type, plugin.type),
        "package_name": next(iter(plugin.packages)),
        "relation_class": bridged_relation(kind.Relation),
        "column_class": kind.Column,
        "concurrent_batches": _writes_batches_side_by_side(kind),
        "__doc__": f"The warehouse of {type_name}, through its plugin.",
    }
    return type(f"BridgeTo{type_name.title()}", (BridgeAdapter,), fields)


def _writes_batches_side_by_side(kind: Any) -> bool:
    from dbt.adapters.capability import Capability

    return bool(kind.supports(Capability.MicrobatchConcurrency))
