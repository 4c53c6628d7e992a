"""The DuckDB adapter: opens a profile's database and answers questions about what is in it."""

from __future__ import annotations

import atexit
import importlib
import logging
import re
import weakref
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from tidemill.adapters.base import (
    Adapter,
    ColumnClass,
    Connection,
    PythonType,
    QueryResult,
    RelationClass,
)
from tidemill.adapters.column import Column
from tidemill.adapters.direct import DirectPath
from tidemill.adapters.duckdb import credentials as profile_entries
from tidemill.adapters.duckdb import files
from tidemill.adapters.duckdb.database import Database
from tidemill.adapters.duckdb.direct import direct_paths
from tidemill.adapters.duckdb.indexes import parse_index
from tidemill.adapters.duckdb.keys import Keys, declared_keys
from tidemill.adapters.duckdb.relation import DuckDBRelation
from tidemill.adapters.duckdb.statements import literal, quoted
from tidemill.adapters.duckdb.types import DuckDBColumn, seed_type
from tidemill.adapters.relation import Policy, Relation, RelationType
from tidemill.errors import DatabaseError

if TYPE_CHECKING:
    # The driver is loaded when a connection is: parsing needs none.
    from tidemill.adapters.duckdb.connection import DuckDBConnection

logger = logging.getLogger(__name__)

_TABLE_TYPES = {"BASE TABLE": "table", "VIEW": "view", "LOCAL TEMPORARY": "table"}


class DuckDBAdapter(Adapter):
    """One profile's DuckDB. Connections are cursors of one database."""

    type: ClassVar[str] = "duckdb"
    type_names: ClassVar[tuple[str, ...]] = ("duckdb",)
    dialect: ClassVar[str] = "duckdb"
    package_name: ClassVar[str] = "dbt_duckdb"
    catalog_by_relations = True
    relation_class: ClassVar[RelationClass] = DuckDBRelation
    column_class: ClassVar[ColumnClass] = DuckDBColumn
    concurrent_batches: ClassVar[bool] = True
    leading_comments: ClassVar[bool] = False

    @classmethod
    def normalise(cls, output: dict[str, Any], root: Path, profile: str) -> dict[str, Any]:  # noqa: ARG003
        return profile_entries.normalise(output, profile)

    @classmethod
    def load_driver(cls) -> None:
        importlib.import_module("tidemill.adapters.duckdb.connection")

    def __init__(self, credentials: dict[str, Any], root: Path) -> None:
        self._credentials = profile_entries.read(credentials)
        self._root = root
        self._database = Database(self._credentials, root)
        self._connections: weakref.WeakSet[DuckDBConnection] = weakref.WeakSet()
        self._keys = Keys(self._ask)
        self._warned: set[str] = set()

    @property
    def macro_folder(self) -> Path:
        return Path(__file__).parent / "macros"

    @property
    def is_in_memory(self) -> bool:
        return self._database.path.startswith(":memory:")

    # -- connecting --------------------------------------------------------------------------

    def open(self) -> None:
        self._database.open()
        _OPEN.add(self)

    def close(self) -> None:
        connections = list(self._connections)
        for connection in connections:
            connection.cancel()
        for connection in connections:
            connection.close()
        self._database.close()
        _OPEN.discard(self)

    def shut(self) -> None:
        """Close for good: what still asks for connections gets none."""
        self._database.shut()
        self.close()

    def connection(self, name: str) -> DuckDBConnection:
        self.open()
        from tidemill.adapters.duckdb.connection import DuckDBConnection

        connection = DuckDBConnection(
            name,
            self._database.cursor(),
            retries=self._credentials.retries,
            transactions=not self._credentials.disable_transactions,
            on_end=lambda ended: self._keys.release(ended.thread),
        )
        self._connections.add(connection)
        if self._database.is_shut:
            connection.close()
        return connection

    def _ask(self, sql: str, bindings: list[Any]) -> list[tuple[Any, ...]]:
        """A question about the catalogue, beside whatever connections are doing."""
        import duckdb

        cursor = self._database.bare_cursor()
        try:
            return cursor.execute(sql, bindings).fetchall()
        except duckdb.Error as error:
            from tidemill.adapters.duckdb.failures import translate

            raise translate(error) from error
        finally:
            cursor.close()

    # -- questions ---------------------------------------------------------------------------

    def list_schemas(self, connection: Connection, database: str | None) -> list[str]:
        sql = "select schema_name from system.information_schema.schemata"
        if database is not None:
            sql += f" where lower(catalog_name) = {literal(database.lower())}"
        return [str(row[0]) for row in connection.execute(sql, fetch=True).rows]

    def list_relations(
        self, connection: Connection, database: str | None, schema: str
    ) -> list[Relation]:
        found = connection.execute(
            "select table_name, table_schema, table_type from system.information_schema.tables"
            f" where lower(table_schema) = {literal(schema.lower())}"
            f" and lower(table_catalog) = {literal(str(database).lower())}",
            fetch=True,
        )
        return [
            self.relation_class.create(
                database=database,
                schema=place,
                identifier=name,
                type=_TABLE_TYPES.get(kind, RelationType.External.value),
                quote_policy=Policy(),
            )
            for name, place, kind in found.rows
        ]

    def columns(self, connection: Connection, relation: Relation) -> list[Column]:
        # A failing DESCRIBE would abort an open transaction, so there the question is asked first.
        if connection.in_transaction and not self._exists(connection, relation):
            return []
        try:
            described = connection.execute(f"describe {relation.render()}", fetch=True)
        except DatabaseError as error:
            if "does not exist" in error.fault.message.lower():
                return []
            raise
        return list(_described(described))

    def _exists(self, connection: Connection, relation: Relation) -> bool:
        if relation.identifier is None or getattr(relation, "external", None):
            return True
        name = literal(relation.identifier.lower())
        places = {"database_name": relation.database, "schema_name": relation.schema}
        conditions = "".join(
            f" and lower({column}) = {literal(value.lower())}"
            for column, value in places.items()
            if value is not None
        )
        sql = (
            f"select 1 from duckdb_tables() where lower(table_name) = {name}{conditions} "
            f"union all select 1 from duckdb_views() where lower(view_name) = {name}{conditions}"
        )
        return bool(connection.execute(sql, fetch=True).rows)

    def query_columns(self, connection: Connection, sql: str) -> list[Column]:
        """Columns of a query; the fields of structs stand for them, as in dbt-duckdb's contracts.

        Statements in front of it (dbt puts ``sql_header`` there) are run.
        """
        before, query = _header_and_query(sql)
        if before:
            connection.execute(before)
        described = connection.execute(f"describe (\n{query}\n)", fetch=True)
        return [inner for column in _described(described) for inner in column.flatten()]

    def quote(self, identifier: str) -> str:
        return quoted(identifier)

    def valid_incremental_strategies(self) -> list[str]:
        return ["append", "delete+insert", "merge", "microbatch"]

    def convert_type(self, python_types: Sequence[PythonType], name: str) -> str:
        return seed_type(python_types)

    def foreign_key_target(self, relation: str) -> str:
        """Without the database: DuckDB refuses it in a foreign key, even where it is the current one."""
        parts = relation.split(".")
        return ".".join(parts[1:]) if len(parts) > 2 else relation

    def debug_facts(self) -> dict[str, str]:
        import duckdb

        credentials = self._credentials
        extensions = [
            extension if isinstance(extension, str) else extension.name
            for extension in credentials.extensions or ()
        ]
        facts = {
            "driver": f"duckdb {duckdb.__version__}",
            "path": self._database.path,
            "database": credentials.database,
            "schema": credentials.schema,
            "attached": ", ".join(a.alias or a.path for a in credentials.attach or ()),
            "extensions": ", ".join(extensions),
        }
        return {name: value for name, value in facts.items() if value}

    # -- what macros may call ----------------------------------------------------------------

    @property
    def macro_methods(self) -> Mapping[str, Callable[..., Any]]:
        return {
            "batch_id_for_model": _batch_id,
            "catalog_supports_foreign_keys": self._keys.supported,
            "catalog_type": self._keys.catalog_type,
            "claim_foreign_keys": self._keys.claim,
            "convert_datetimes_to_strs": lambda table: table,
            "disable_transactions": lambda: self._credentials.disable_transactions,
            "escape_sql_string": lambda value: str(value).replace("'", "''"),
            "existing_key_constraint_types": self._existing_keys,
            "external_location": self._external_path,
            "external_read_location": files.read_location,
            "external_root": lambda: self._credentials.external_root,
            "external_write_options": files.write_options,
            "first_time": self._first_time,
            "foreign_key_dependents": lambda relation: self._keys.dependents(*_names(relation)),
            "get_binding_char": lambda: "?",
            "get_seed_file_path": self._seed_path,
            "is_ducklake": self._is_ducklake,
            "is_motherduck": lambda: False,
            "key_constraints": self._key_constraints,
            "location_exists": self._location_exists,
            "parse_index": parse_index,
            "use_ducklake_table_workarounds": lambda _: False,
            "warn_once": self._warn_once,
        }

    @property
    def direct_paths(self) -> Mapping[str, DirectPath]:
        # DuckLake's tables have layouts and are dropped in another way.
        return {} if self._credentials.ducklake_databases() else direct_paths(self._existing_keys)

    def _existing_keys(self, relation: Relation) -> list[str]:
        return self._keys.existing(*_names(relation))

    def _key_constraints(self, model: Mapping[str, Any], existing: Relation | None) -> list[str]:
        """Keys that the model declares or its table has already, where they matter to us."""
        if not self._keys.supported(model.get("database")):
            return []
        found = self._existing_keys(existing) if existing and existing.is_table else []
        return sorted({*found, *declared_keys(model)})

    def _external_path(self, location: str) -> str:
        """An external file's path: relative ones mean the project's folder, wherever we run."""
        return profile_entries.resolved(location, self._root)

    def _seed_path(self, model: Mapping[str, Any]) -> str:
        return str(Path(model["root_path"]) / str(model["original_file_path"]))

    def _is_ducklake(self, relation: Relation | None) -> bool:
        database = relation.database if relation else None
        return database is not None and database in self._credentials.ducklake_databases()

    def _location_exists(self, location: str) -> bool:
        try:
            self._ask(f"select 1 from {literal(location)} where 1 = 0", [])
        except DatabaseError:
            return False
        return True

    def _first_time(self, text: str) -> bool:
        """True when ``text`` was not given before, for warnings that are said once."""
        is_new = text not in self._warned
        self._warned.add(text)
        return is_new

    def _warn_once(self, text: str) -> None:
        if self._first_time(text):
            logger.warning(text)


def _names(relation: Relation) -> tuple[str, str, str]:
    return str(relation.database), str(relation.schema), str(relation.identifier)


def _described(result: QueryResult) -> list[DuckDBColumn]:
    return [DuckDBColumn(str(row[0]), str(row[1])) for row in result.rows]


def _batch_id(model: Mapping[str, Any]) -> str:
    """The start of a microbatch as a part of a name; empty outside microbatches."""
    start = (model.get("batch") or {}).get("event_time_start")
    return re.sub("[-:+]", "", str(start)).replace(" ", "_") if start else ""


_OPEN: weakref.WeakSet[DuckDBAdapter] = weakref.WeakSet()


@atexit.register
def _shut_all() -> None:
    """Statements that still run in daemon threads would bring the process down at exit."""
    for adapter in list(_OPEN):
        adapter.shut()


def _header_and_query(sql: str) -> tuple[str, str]:
    """What stands in front of the last statement, and that one."""
    if ";" not in sql.strip().rstrip(";"):
        return "", sql
    import duckdb

    *before, last = (statement.query for statement in duckdb.extract_statements(sql))
    return ";\n".join(query.rstrip().rstrip(";") for query in before), last.strip().rstrip(";")
