"""Keys between tables: which tables have primary, unique and foreign keys, and one builder at a time for them.

DuckDB alters a referenced table when a table with a foreign key is created or dropped. Two models in such a
relation that are built at the same time would conflict, so they take turns.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any

KEY_TYPES = {"PRIMARY KEY": "primary_key", "UNIQUE": "unique", "FOREIGN KEY": "foreign_key"}
"""DuckDB's words for key constraints, and dbt's."""

Query = Callable[[str, list[Any]], list[tuple[Any, ...]]]


class Keys:
    """Key constraints in the warehouse, asked through ``query`` and remembered by schema."""

    def __init__(self, query: Query) -> None:
        self._query = query
        self._lock = threading.Lock()
        self._by_schema: dict[tuple[str, str], dict[str, set[str]]] = {}
        self._catalogs: dict[str, str] = {}
        self._turn = threading.Lock()
        self._turn_of: int | None = None

    def supported(self, database: str | None) -> bool:
        """Whether ``database`` is DuckDB's own format; attached ones of other kinds are left alone."""
        return self.catalog_type(database) == "duckdb"

    def existing(self, database: str, schema: str, table: str) -> list[str]:
        """dbt's names of the key constraints that a table in the warehouse has, sorted."""
        if not self.supported(database):
            return []
        place = (database.lower(), schema.lower())
        with self._lock:
            if place not in self._by_schema:
                self._by_schema[place] = self._of_schema(*place)
            return sorted(self._by_schema[place].get(table.lower(), ()))

    def claim(self, model: Mapping[str, Any]) -> None:
        """Take the turn when ``model`` has a foreign key or is what one points at; ``release`` ends it.

        ``model`` is the node as macros see it. Waits while another thread has the turn.
        """
        place = (str(model.get("database")), str(model.get("schema")), str(model.get("alias")))
        if self._turn_of == threading.get_ident() or not self.supported(place[0]):
            return
        if not declared_keys(model) and not self.existing(*place):
            return
        self._turn.acquire()
        self._turn_of = threading.get_ident()
        # Only now can it be known: a table that is being built elsewhere hides its references.
        if not self._has_foreign_key(model, place):
            self.release(self._turn_of)

    def release(self, thread: int | None) -> None:
        """Give the turn back if ``thread`` has it. What was remembered may have changed meanwhile."""
        if thread is not None and self._turn_of == thread:
            with self._lock:
                self._by_schema.clear()
            self._turn_of = None
            self._turn.release()

    def _has_foreign_key(self, model: Mapping[str, Any], place: tuple[str, str, str]) -> bool:
        keys = {*declared_keys(model), *self.existing(*place)}
        return "foreign_key" in keys or bool(
            self._query(
                "select 1 from duckdb_constraints() where constraint_type = 'FOREIGN KEY' "
                "and lower(database_name) = lower(?) and lower(schema_name) = lower(?) "
                "and lower(referenced_table) = lower(?) limit 1",
                list(place),
            )
        )

    def dependents(self, database: str, schema: str, table: str) -> list[dict[str, Any]]:
        """Tables whose foreign keys lead to ``table``, each as ``table`` and what it ``references``.

        In the order in which they can be dropped. Foreign keys stay inside one schema in DuckDB.
        """
        rows = self._query(
            "select table_name, referenced_table from duckdb_constraints() "
            "where constraint_type = 'FOREIGN KEY' "
            "and lower(database_name) = lower(?) and lower(schema_name) = lower(?) "
            "and lower(table_name) <> lower(referenced_table) order by all",
            [database, schema],
        )
        found: list[str] = []
        wanted = [table.lower()]
        for target in wanted:
            for name in (name for name, referenced in rows if referenced.lower() == target):
                if name in found:
                    # Met again behind another table: it must be dropped before that one as well.
                    found.remove(name)
                found.append(name)
                wanted.append(name.lower())
        return [
            {"table": name, "references": [other for user, other in rows if user == name]}
            for name in reversed(found)
        ]

    def catalog_type(self, database: str | None) -> str | None:
        """What kind of database this is: ``duckdb``, ``sqlite`` ... None for one that is not there."""
        name = str(database).lower()
        if name not in self._catalogs:
            rows = self._query("select lower(database_name), type from duckdb_databases()", [])
            self._catalogs = {str(known): str(kind).lower() for known, kind in rows}
        return self._catalogs.get(name)

    def _of_schema(self, database: str, schema: str) -> dict[str, set[str]]:
        rows = self._query(
            "select lower(table_name), constraint_type from duckdb_constraints() "
            "where lower(database_name) = ? and lower(schema_name) = ?",
            [database, schema],
        )
        found: dict[str, set[str]] = {}
        for table, kind in rows:
            if kind in KEY_TYPES:
                found.setdefault(str(table), set()).add(KEY_TYPES[kind])
        return found


def declared_keys(model: Mapping[str, Any]) -> set[str]:
    """The key constraints that a model's enforced contract declares, by dbt's names."""
    config: Mapping[str, Any] = model.get("config") or {}
    contract: Mapping[str, Any] = config.get("contract") or {}
    if not contract.get("enforced"):
        return set()
    found = _types(model.get("constraints"))
    for column in (model.get("columns") or {}).values():
        found |= _types(column.get("constraints"))
    return found & set(KEY_TYPES.values())


def _types(constraints: Iterable[Mapping[str, Any]] | None) -> set[str]:
    return {str(constraint.get("type")) for constraint in constraints or ()}
