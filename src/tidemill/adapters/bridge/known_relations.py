"""The engine's cache of relations, with the words by which plugins know dbt's."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import Any

from tidemill.adapters.bridge.calls import Calls
from tidemill.adapters.cache import RelationCache

Schema = tuple[str | None, str | None]


class KnownRelations:
    """One cache for both: what a plugin notes, macros see, and the other way round."""

    def __init__(self, calls: Calls) -> None:
        self.lock = threading.RLock()
        self._calls = calls

    @property
    def _cache(self) -> RelationCache:
        return self._calls.host.relations

    def __contains__(self, schema: Schema) -> bool:
        return self._cache.knows(*schema)

    def add(self, relation: Any) -> None:
        self._cache.add(relation)

    def drop(self, relation: Any) -> None:
        self._cache.drop(relation)

    def rename(self, old: Any, new: Any) -> None:
        self._cache.rename(old, new)

    def add_link(self, referenced: Any, dependent: Any) -> None:
        self._cache.link([(dependent, referenced)])

    def load(self, database: str | None, schema: str | None, relations: Iterable[Any]) -> None:
        """All that a schema contains."""
        self._cache.load(database, schema, relations)

    def get_relations(self, database: str | None, schema: str | None) -> list[Any]:
        return list(self._cache.list(database, schema))

    def add_schema(self, database: str | None, schema: str | None) -> None:
        self.update_schemas([(database, schema)])

    def update_schemas(self, schemas: Iterable[Schema]) -> None:
        """From now on these schemas are known, even when they are empty."""
        for schema in schemas:
            if schema not in self:
                self._cache.load(*schema)

    def drop_schema(self, database: str | None, schema: str | None) -> None:
        self._cache.drop_schema(database, schema)

    def clear(self) -> None:
        self._cache.clear()
