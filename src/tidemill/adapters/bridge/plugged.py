"""A plugin's adapter class, plugged into the engine: macros that it calls are ours, and so is its cache."""

from __future__ import annotations

import multiprocessing
from functools import cache
from typing import Any

from tidemill.adapters.bridge.calls import Calls
from tidemill.adapters.bridge.failures import carried
from tidemill.adapters.bridge.known_relations import KnownRelations
from tidemill.adapters.bridge.relations import bridged_relation
from tidemill.adapters.bridge.tables import for_plugin


class Plugged:
    """Goes before a plugin's adapter class."""

    calls: Calls
    config: Any
    Relation: Any
    _behavior_flags: list[Any]
    _made: tuple[dict[str, Any], Any] | None

    @property
    def cache(self) -> KnownRelations:
        return self._known_relations

    @cache.setter
    def cache(self, _: Any) -> None:
        """dbt's own cache is made by every plugin, and not used."""
        self._known_relations = KnownRelations(self.calls)

    def execute_macro(
        self,
        macro_name: str,
        macro_resolver: Any = None,
        project: str | None = None,
        context_override: Any = None,
        kwargs: dict[str, Any] | None = None,
        needs_conn: bool = False,
    ) -> Any:
        """Call a macro in the session at work; tables come back as the plugin expects them."""
        with carried():
            return for_plugin(self.calls.macro(macro_name, project, kwargs or {}))

    def list_relations(self, database: str | None, schema: str) -> list[Any]:
        """What a schema holds, looked up once."""
        found: list[Any] = super().list_relations(database, schema)  # type: ignore[misc]
        if (database, schema) not in self.cache:
            self.cache.load(database, schema, found)
        return found

    @property
    def behavior(self) -> Any:
        """The plugin's flags of behaviour. Made when first read: dbt looks at every frame of the stack for it."""
        flags = self.config.flags
        if self._made is None or self._made[0] != flags:
            from dbt_common.behavior_flags import Behavior

            self._made = (flags, Behavior(self._flags, flags))
        return self._made[1]

    @behavior.setter
    def behavior(self, flags: list[Any]) -> None:
        self._flags = [*flags, *self._behavior_flags]
        self._made = None


class BehaviorFlags:
    """``adapter.behavior`` in macros."""

    def __init__(self, plugged: Any) -> None:
        self._plugged = plugged

    def __getattr__(self, name: str) -> Any:
        return getattr(self._plugged.behavior, name)


@cache
def plugged_class(kind: Any) -> Any:
    """The plugin's adapter class, plugged in."""
    return type(kind)(kind.__name__, (Plugged, kind), {"Relation": bridged_relation(kind.Relation)})


def plug_in(kind: Any, configuration: Any, calls: Calls) -> Any:
    """An adapter of the plugin that works for our sessions."""
    made = type(kind)(kind.__name__, (plugged_class(kind),), {"calls": calls})
    return made(configuration, multiprocessing.get_context("spawn"))
