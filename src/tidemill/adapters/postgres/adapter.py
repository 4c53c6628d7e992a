"""The Postgres adapter: opens a profile's database and answers questions about what is in it."""

from __future__ import annotations

import importlib
import weakref
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from tidemill.adapters.base import Adapter, ColumnClass, Connection, PythonType, RelationClass
from tidemill.adapters.column import Column
from tidemill.adapters.direct import DirectPath
from tidemill.adapters.postgres import credentials as profile_entries
from tidemill.adapters.postgres import questions
from tidemill.adapters.postgres.direct import direct_paths
from tidemill.adapters.postgres.indexes import parse_index
from tidemill.adapters.postgres.relation import PostgresRelation
from tidemill.adapters.postgres.types import PostgresColumn, query_type, seed_type
from tidemill.adapters.relation import Policy, Relation
from tidemill.errors import ConfigurationError, ExecutionError

if TYPE_CHECKING:
    from tidemill.adapters.postgres.connection import PostgresConnection
    from tidemill.adapters.postgres.sessions import Sessions


class PostgresAdapter(Adapter):
    """One profile's Postgres database. Each connection is a session of its own."""

    type: ClassVar[str] = "postgres"
    type_names: ClassVar[tuple[str, ...]] = ("postgres",)
    dialect: ClassVar[str] = "postgres"
    package_name: ClassVar[str] = "dbt_postgres"
    catalog_by_relations = True
    relation_class: ClassVar[RelationClass] = PostgresRelation
    column_class: ClassVar[ColumnClass] = PostgresColumn

    @classmethod
    def normalise(cls, output: dict[str, Any], root: Path, profile: str) -> dict[str, Any]:  # noqa: ARG003
        return profile_entries.normalise(output, profile)

    @classmethod
    def load_driver(cls) -> None:
        importlib.import_module("tidemill.adapters.postgres.connection")

    def __init__(self, credentials: dict[str, Any], root: Path) -> None:
        self._credentials = profile_entries.read(credentials)
        self._sessions: Sessions | None = None
        self._connections: weakref.WeakSet[PostgresConnection] = weakref.WeakSet()

    @property
    def macro_folder(self) -> Path:
        return Path(__file__).parent / "macros"

    # -- connecting --------------------------------------------------------------------------

    def open(self) -> None:
        """Reach the server once. Raises DatabaseError or ConfigurationError with a hint when that fails."""
        sessions = self._opened()
        sessions.give_back(sessions.take())

    def close(self) -> None:
        connections = list(self._connections)
        for connection in connections:
            connection.cancel()
        for connection in connections:
            connection.close()
        if self._sessions is not None:
            self._sessions.close()
            self._sessions = None

    def connection(self, name: str) -> PostgresConnection:
        sessions = self._opened()
        from tidemill.adapters.postgres.connection import PostgresConnection

        transactions = not self._credentials.autocommit
        connection = PostgresConnection(name, sessions, transactions=transactions)
        self._connections.add(connection)
        return connection

    def _opened(self) -> Sessions:
        if self._sessions is None:
            _require_driver()
            from tidemill.adapters.postgres.sessions import Sessions

            self._sessions = Sessions(self._credentials)
        return self._sessions

    # -- questions ---------------------------------------------------------------------------

    def list_schemas(self, connection: Connection, database: str | None) -> list[str]:
        if self._is_other(database):
            return []
        return [str(row[0]) for row in connection.execute(questions.SCHEMAS, fetch=True).rows]

    def list_relations(
        self, connection: Connection, database: str | None, schema: str
    ) -> list[Relation]:
        self._verify_database(database)
        found = connection.execute(questions.relations(schema), fetch=True)
        return [
            self.relation_class.create(
                database=database, schema=place, identifier=name, type=kind, quote_policy=Policy()
            )
            for name, place, kind, _ in found.rows
        ]

    def list_dependents(self, connection: Connection) -> list[tuple[Relation, Relation]]:
        """Pairs of a view and a relation that it reads."""
        database = self._credentials.database
        create = self.relation_class.create
        return [
            (create(database, schema, name), create(database, read_schema, read_name))
            for schema, name, read_schema, read_name in connection.execute(
                questions.DEPENDENTS, fetch=True
            ).rows
        ]

    def columns(self, connection: Connection, relation: Relation) -> list[Column]:
        if relation.identifier is None:
            return []
        sql = questions.columns(relation.identifier, relation.schema)
        return [PostgresColumn(*row) for row in connection.execute(sql, fetch=True).rows]

    def query_columns(self, connection: Connection, sql: str) -> list[Column]:
        """Columns of a query, with the type names that dbt shows."""
        described: Callable[[str], Iterable[tuple[str, int]]] = connection.described  # type: ignore[attr-defined]
        return [
            PostgresColumn.create(name, query_type(oid))
            for name, oid in described(questions.without_rows(sql))
        ]

    def quote(self, identifier: str) -> str:
        return questions.quoted(identifier)

    def valid_incremental_strategies(self) -> list[str]:
        return ["append", "delete+insert", "merge", "microbatch"]

    def convert_type(self, python_types: Sequence[PythonType], name: str) -> str:
        return seed_type(python_types)

    def debug_facts(self) -> dict[str, str]:
        credentials = self._credentials
        facts = {
            "driver": _driver_version(),
            "host": credentials.host,
            "port": str(credentials.port),
            "user": credentials.user,
            "database": credentials.database,
            "schema": credentials.schema,
            "role": credentials.role,
            "search_path": credentials.search_path,
            "sslmode": credentials.sslmode,
            "connect_timeout": str(credentials.connect_timeout),
            "application_name": credentials.application_name,
            "retries": str(credentials.retries),
        }
        return {name: value for name, value in facts.items() if value}

    # -- what macros may call ----------------------------------------------------------------

    @property
    def direct_paths(self) -> Mapping[str, DirectPath]:
        return direct_paths()

    @property
    def macro_methods(self) -> Mapping[str, Callable[..., Any]]:
        return {"parse_index": parse_index, "verify_database": self._verify_database}

    def _verify_database(self, database: str | None) -> str:
        """Empty text, so that macros may write the call into SQL. Raises ExecutionError for another database."""
        if self._is_other(database):
            raise ExecutionError(
                f"Cross-db references not allowed in postgres "
                f"({database} vs {self._credentials.database})",
                code="cross-database",
                hint="one Postgres connection sees one database: use schemas, or another target",
            )
        return ""

    def _is_other(self, database: str | None) -> bool:
        wanted = (database or "").strip('"').lower()
        return bool(wanted) and wanted != self._credentials.database.lower()


def _require_driver() -> None:
    try:
        importlib.import_module("psycopg")
    except ImportError as error:
        raise ConfigurationError(
            f"the 'postgres' adapter needs the Python package 'psycopg', which is missing ({error})",
            code="adapter-driver",
            hint="pip install 'tidemill[postgres]'",
        ) from error


def _driver_version() -> str:
    _require_driver()
    return f"psycopg {version('psycopg')}"
