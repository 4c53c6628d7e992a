"""What an adapter is: a contract that every warehouse fulfils, and the values that cross it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Protocol

import msgspec

from tidemill.adapters.column import Column
from tidemill.adapters.direct import DirectPath
from tidemill.adapters.relation import Relation
from tidemill.errors import ExecutionError, Place

if TYPE_CHECKING:
    import pyarrow

    from tidemill.adapters.cache import RelationCache


# An adapter has a class variable `type`, which hides the builtin from annotations in its body.
RelationClass = type[Relation]
ColumnClass = type[Column]
PythonType = type

SQL_PLACE = "<sql>"
"""The file of a DatabaseError's place: line and column count inside the statement that failed."""


class QueryResult(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to one statement."""

    message: str = "OK"
    """dbt's adapter response as text: ``OK``, ``SELECT 3``, ``INSERT 0 3``."""
    code: str = ""
    rows_affected: int | None = None
    """As the adapter's response tells it to dbt's artifacts; None where dbt's adapter says nothing."""
    rows_written: int | None = None
    """Rows that the statement inserted, changed or deleted, where the driver knows."""
    columns: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    """The warehouse's type names, one for each column."""
    rows: Sequence[tuple[Any, ...]] = ()


class PythonModel(msgspec.Struct, frozen=True, kw_only=True):
    """A Python model to run: its code, which begins with the user's own text."""

    name: str
    code: str
    file: str
    """The user's file, for messages."""
    lines: int
    """How many lines of the code are the user's."""
    node: Mapping[str, Any] | None = None
    """The model as templates see it."""


class MacroSource(Protocol):
    """The macros of a project, for adapters whose answers come from macros."""

    @property
    def config(self) -> Any: ...

    quoting: dict[str, bool]
    relations: RelationCache
    target: dict[str, Any]

    def session(
        self,
        node: None,
        manifest: None,
        *,
        phase: Literal["run"],
        connection: Connection,
    ) -> MacroUse:
        """A session without a node, on a connection."""
        ...


class MacroUse(Protocol):
    """A session as adapters see it: what its macros call goes to its connection."""

    host: Any
    emit: Callable[[Any], None]

    @property
    def connection(self) -> Connection:
        """The session's connection. Raises ExecutionError where the warehouse cannot be asked."""
        ...

    def call(self, name: str, *args: Any, package: str | None = None, **kwargs: Any) -> Any:
        """Call a macro."""
        ...

    def render(self, text: str) -> str:
        """``text`` with its Jinja rendered."""
        ...


class Connection(ABC):
    """One conversation with the warehouse, used by one thread at a time."""

    name: str
    in_transaction: bool = False

    @abstractmethod
    def execute(
        self, sql: str, *, fetch: bool = False, limit: int | None = None, bindings: Any = None
    ) -> QueryResult:
        """Run ``sql`` (one or several statements); rows are of the last that has any.

        Raises DatabaseError with the warehouse's words, and a place of file ``SQL_PLACE`` whose line
        and column count inside ``sql``, where the warehouse tells them. An open transaction is rolled
        back then, as dbt does. Raises Cancelled after ``cancel``.
        """

    @abstractmethod
    def arrow(self, sql: str, *, limit: int | None = None) -> pyarrow.Table:
        """The rows of a query as an Arrow table."""

    def run_python(self, model: PythonModel) -> QueryResult:
        """Run a Python model and write its rows. Raises ExecutionError with the line of the user's file."""
        raise ExecutionError(
            f"Python models cannot run on this kind of warehouse ({type(self).__name__})",
            code="python-model",
            place=Place(file=model.file),
        )

    @abstractmethod
    def begin(self) -> None:
        """Start a transaction unless one is open."""

    @abstractmethod
    def commit(self) -> None:
        """Commit the open transaction, if any."""

    @abstractmethod
    def rollback(self) -> None:
        """Roll back the open transaction, if any."""

    @abstractmethod
    def cancel(self) -> None:
        """Interrupt the running statement. May be called from any thread."""

    @abstractmethod
    def close(self) -> None:
        """Give the connection back. Rolls back what is open."""


class Adapter(ABC):
    """A kind of warehouse, opened for one target."""

    type: ClassVar[str]
    """dbt's adapter type, ``duckdb``."""
    type_names: ClassVar[tuple[str, ...]]
    """Prefixes that dispatch tries before ``default``: own type first, then parents."""
    dialect: ClassVar[str]
    """sqlglot's name of the SQL dialect."""
    package_name: ClassVar[str]
    """The name under which the adapter's macros are a package: ``dbt_duckdb``."""
    relation_class: ClassVar[RelationClass] = Relation
    column_class: ClassVar[ColumnClass] = Column
    leading_comments: ClassVar[bool] = True
    """Whether a comment in front of a statement leaves the places in the warehouse's messages right."""
    catalog_by_relations: ClassVar[bool] = False
    """Whether a catalog is asked for relation by relation, with the macro ``get_catalog_relations``."""
    concurrent_batches: ClassVar[bool] = False
    """Whether the batches of one microbatch model may be written side by side."""

    @classmethod
    @abstractmethod
    def normalise(cls, output: dict[str, Any], root: Path, profile: str) -> dict[str, Any]:
        """One output of the profile as credentials, checked, with defaults filled in.

        The result has at least ``database``, ``schema`` and ``threads``. Relative paths are kept and
        mean ``root``. Raises ConfigurationError for unknown, missing or contradictory entries.
        """

    @abstractmethod
    def __init__(self, credentials: dict[str, Any], root: Path) -> None:
        """For credentials that ``normalise`` returned. Reaches nothing before ``open``."""

    @classmethod  # noqa: B027 # optional
    def load_driver(cls) -> None:
        """Import what connections are made with, in a process whose forks will connect. Nothing is connected."""

    @property
    @abstractmethod
    def macro_folder(self) -> Path:
        """Where the adapter's own macro files are."""

    @property
    def macro_packages(self) -> dict[str, Path]:
        """The packages of macros that come with the adapter, most specific first: name and folder of each."""
        return {self.package_name: self.macro_folder}

    def attach(self, source: MacroSource) -> None:  # noqa: B027 # optional
        """Take note of the project's macros. Native adapters need none."""

    @property
    def is_in_memory(self) -> bool:
        """Whether everything that was built is gone once the adapter is closed."""
        return False

    @abstractmethod
    def open(self) -> None:
        """Reach the warehouse. Raises DatabaseError with a hint when that fails (missing driver, locked file)."""

    @abstractmethod
    def close(self) -> None:
        """Let go of everything. Safe to call twice."""

    @abstractmethod
    def connection(self, name: str) -> Connection:
        """A new connection, named for logs after the node it serves."""

    @abstractmethod
    def list_schemas(self, connection: Connection, database: str | None) -> list[str]:
        """Schemas that exist in ``database``."""

    @abstractmethod
    def list_relations(
        self, connection: Connection, database: str | None, schema: str
    ) -> list[Relation]:
        """Tables and views in one schema. Empty when the schema does not exist."""

    def list_dependents(self, connection: Connection) -> list[tuple[Relation, Relation]]:
        """Pairs of a relation and one that it reads, where dropping the second drops the first."""
        return []

    @abstractmethod
    def columns(self, connection: Connection, relation: Relation) -> list[Column]:
        """Columns of a relation in order; empty when it does not exist."""

    @abstractmethod
    def query_columns(self, connection: Connection, sql: str) -> list[Column]:
        """Columns that ``sql`` would return, without running it in full."""

    @abstractmethod
    def quote(self, identifier: str) -> str:
        """``identifier`` quoted for SQL, with quotes inside it escaped."""

    @abstractmethod
    def valid_incremental_strategies(self) -> Iterable[str]:
        """Names accepted by ``incremental_strategy``."""

    @abstractmethod
    def convert_type(self, python_types: Sequence[PythonType], name: str) -> str:
        """The column type for seed values: the narrowest type that holds all of ``python_types``."""

    @property
    def macro_methods(self) -> Mapping[str, Callable[..., Any]]:
        """What macros may call as ``adapter.<name>`` beyond what every adapter has."""
        return {}

    def macro_words(self, use: MacroUse, *, parsing: bool) -> Mapping[str, Any]:
        """What macros get as ``adapter.<name>`` in the place of what every adapter has."""
        return {}

    def before_node(self, use: MacroUse, config: Mapping[str, Any]) -> Any:
        """Called before a node is built with its config; what it gives is handed to ``after_node``."""
        return None

    def after_node(  # noqa: B027 # optional
        self, use: MacroUse, config: Mapping[str, Any], before: Any
    ) -> None:
        """Called once a node was built, or failed."""

    @property
    def direct_paths(self) -> Mapping[str, DirectPath]:
        """What may take the place of built-in materialisations, by their names, where nobody replaced them."""
        return {}

    def catalog(
        self, use: MacroUse, place: Any, schemas: Sequence[str]
    ) -> list[dict[str, Any]] | None:
        """The rows of the catalogue for some schemas of a database, by dbt's names of columns.

        None leaves it to the macro ``get_catalog``.
        """
        return None

    def foreign_key_target(self, relation: str) -> str:
        """A rendered relation as a foreign key constraint must name it."""
        return relation

    def debug_facts(self) -> dict[str, str]:
        """What ``tidemill debug`` shows of the connection; never a secret."""
        return {}
