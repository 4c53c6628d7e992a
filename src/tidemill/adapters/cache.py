"""What is known of the relations in a warehouse during one run, so that it is asked only once.

Names are compared without case, as dbt does. The cache believes what it is told: whoever creates, drops or
renames a relation must say so here.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable

from tidemill.adapters.relation import Relation

SchemaKey = tuple[str | None, str | None]
RelationKey = tuple[SchemaKey, str | None]
_QUOTES = '"`'
"""Marks that a name may carry when it is looked up as it is written in SQL."""


class RelationCache:
    """Relations by schema, shared by all threads of a run."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._schemas: dict[SchemaKey, dict[str | None, Relation]] = {}
        self._readers: dict[RelationKey, set[RelationKey]] = {}
        """Relations that the warehouse drops together with another one."""
        self._reads: dict[RelationKey, set[RelationKey]] = {}
        """The same the other way round."""

    def load(
        self, database: str | None, schema: str | None, relations: Iterable[Relation] = ()
    ) -> None:
        """Set all that a schema contains. From now on the schema is known, even when empty."""
        found = {_key(relation): relation for relation in relations}
        with self._lock:
            self._schemas[_schema_key(database, schema)] = found

    def link(self, pairs: Iterable[tuple[Relation, Relation]]) -> None:
        """Take note of views and what they read: they go when that is dropped with ``cascade``."""
        with self._lock:
            for reader, read in pairs:
                self._readers.setdefault(_full_key(read), set()).add(_full_key(reader))
                self._reads.setdefault(_full_key(reader), set()).add(_full_key(read))

    def knows(self, database: str | None, schema: str | None) -> bool:
        """Whether the schema was loaded, so that an absent relation does not exist."""
        with self._lock:
            return _schema_key(database, schema) in self._schemas

    def schemas(self) -> list[SchemaKey]:
        """The databases and schemas that are known, in lower case."""
        with self._lock:
            return list(self._schemas)

    def get(self, database: str | None, schema: str | None, identifier: str) -> Relation | None:
        """The relation of that name, or None.

        Raises CompilationError when only a name of different case exists, as ``Relation.matches`` does.
        """
        with self._lock:
            relations = self._schemas.get(_schema_key(database, schema), {})
            name = identifier.lower()
            found = relations.get(name) or relations.get(name.strip(_QUOTES))
        return found if found is not None and found.matches(identifier=identifier) else None

    def list(self, database: str | None, schema: str | None) -> list[Relation]:
        """The relations of a schema, as far as they are known."""
        with self._lock:
            return list(self._schemas.get(_schema_key(database, schema), {}).values())

    def add(self, relation: Relation) -> None:
        """Take note of a relation that now exists; one of the same name is replaced."""
        with self._lock:
            self._relations_beside(relation)[_key(relation)] = relation

    def drop(self, relation: Relation) -> None:
        """Take note that a relation is gone, and what read it; fine when it was not there."""
        with self._lock:
            waiting = [_full_key(relation)]
            while waiting:
                place, name = waiting.pop()
                self._schemas.get(place, {}).pop(name, None)
                waiting += self._readers.pop((place, name), ())

    def rename(self, old: Relation, new: Relation) -> None:
        """Take note of a new name. What was known under the old one is kept, such as the type."""
        with self._lock:
            known = self._relations_beside(old).pop(_key(old), new)
            self.add(known.replace_path(**new.path.to_dict()))
            self._rename_links(_full_key(old), _full_key(new))

    def _rename_links(self, old: RelationKey, new: RelationKey) -> None:
        if old in self._readers:
            self._readers[new] = self._readers.pop(old)
            for reader in self._readers[new]:
                self._reads.setdefault(reader, set()).add(new)
        if old in self._reads:
            self._reads.setdefault(new, set()).update(self._reads.pop(old))
            for read in self._reads[new]:
                readers = self._readers.get(read, set())
                if old in readers:
                    readers.remove(old)
                    readers.add(new)

    def drop_schema(self, database: str | None, schema: str | None) -> None:
        """Forget a schema and all that was in it."""
        with self._lock:
            self._schemas.pop(_schema_key(database, schema), None)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._schemas.clear()
            self._readers.clear()
            self._reads.clear()

    def _relations_beside(self, relation: Relation) -> dict[str | None, Relation]:
        # A schema that was never loaded stays unknown: noting one relation of it must not make the
        # others look absent. What is written to the stray dictionary is forgotten on purpose.
        return self._schemas.get(_schema_key(relation.database, relation.schema), {})


def _schema_key(database: str | None, schema: str | None) -> SchemaKey:
    return _lower(database), _lower(schema)


def _full_key(relation: Relation) -> RelationKey:
    return _schema_key(relation.database, relation.schema), _key(relation)


def _key(relation: Relation) -> str | None:
    return _lower(relation.identifier)


def _lower(name: str | None) -> str | None:
    return None if name is None else name.lower()
