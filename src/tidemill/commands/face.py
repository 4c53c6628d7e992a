"""``tidemill.Project``: a dbt project from Python, in notebooks, tests and scripts.

    import tidemill

    with tidemill.Project("examples/season") as project:
        for event in project.build(select="+playoff_odds"):
            print(event)
        odds = project.frame("playoff_odds")

It does with ``commands`` what the command line does, and hands back values in place of lines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self, TypedDict, Unpack, overload

from tidemill.commands.build import build
from tidemill.commands.command_run import Run
from tidemill.commands.compile import compile_inline, compile_node
from tidemill.commands.finding import find_node, find_resource
from tidemill.commands.lineage import NodeLineage, lineage
from tidemill.commands.lineage_reading import LineageKeeper, column_lineage
from tidemill.commands.opening import Opening, open_project
from tidemill.commands.reading import query_table, relation_table
from tidemill.commands.run import run
from tidemill.commands.run_operation import run_operation
from tidemill.commands.running_nodes import RunOptions
from tidemill.commands.seed import seed
from tidemill.commands.selecting import Selecting, select_ids
from tidemill.commands.test import test
from tidemill.engine.nodes import Manifest, Node, Resource
from tidemill.errors import ConfigurationError
from tidemill.events import Event

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

Words = str | Iterable[str]
"""A selection: one text as on the command line (``"+orders tag:daily"``), or several words."""

Library = Literal["pandas", "polars"]


class RunKeywords(TypedDict, total=False):
    """How nodes are executed: dbt's options of the same names."""

    full_refresh: bool
    fail_fast: bool
    store_failures: bool
    empty: bool
    indirect_selection: str
    resource_types: tuple[str, ...]
    exclude_resource_types: tuple[str, ...]
    selector: str | None
    write_json: bool
    statements: bool


class Project:
    """An open dbt project.

    Opening reads the configuration; files are parsed and the warehouse is connected when first needed.
    Use it as a context manager, or call ``close``: an embedded database stays locked until then.
    """

    def __init__(
        self,
        path: str | Path = ".",
        *,
        target: str | None = None,
        vars: Mapping[str, Any] | None = None,
        profile: str | None = None,
        profiles_dir: str | Path | None = None,
        threads: int | None = None,
        target_path: str | None = None,
        on_event: Callable[[Event], None] | None = None,
    ) -> None:
        """Open the project in the folder ``path``.

        ``target``, ``profile``, ``profiles_dir``, ``threads`` and ``target_path`` are dbt's options of
        these names; ``vars`` win over those in dbt_project.yml. ``on_event`` gets what happens outside
        of runs, such as the events of parsing.

        Raises ConfigurationError for what is wrong with the project file, the profile or a package.
        """
        opening = Opening(
            target=target,
            vars=dict(vars or {}),
            profile=profile,
            profiles_dir=Path(profiles_dir).expanduser() if profiles_dir else None,
            threads=threads,
            target_path=target_path,
        )
        self._project = open_project(Path(path).expanduser(), opening, emit=on_event)
        self._lineage = LineageKeeper()

    # -- what there is -----------------------------------------------------------------------

    @property
    def name(self) -> str:
        """The project's name in dbt_project.yml."""
        return self._project.config.project.name

    @property
    def root(self) -> Path:
        """The project's folder."""
        return self._project.root

    @property
    def manifest(self) -> Manifest:
        """Everything that was parsed, by unique id. Parsed when first asked for.

        Raises ProjectFaults with everything that is wrong with the project's files.
        """
        return self._project.manifest

    def reload(self) -> Manifest:
        """Parse the files again after they have changed. Raises ProjectFaults; then the old manifest stays."""
        return self._project.parse()

    def node(self, name: str) -> Node:
        """The model, seed, snapshot, test or analysis of that name, ``package.name`` or unique id.

        Raises UsageError with the nearest name when there is none.
        """
        return find_node(self.manifest, name, root=self.name)

    def select(
        self,
        select: Words = (),
        *,
        exclude: Words = (),
        resource_types: Iterable[str] = (),
        indirect_selection: str = "eager",
    ) -> list[Resource]:
        """What a selection means, in the words of ``--select``: ``project.select("+orders tag:daily")``.

        Without words everything. Raises UsageError for words that cannot be read.
        """
        selecting = Selecting(
            select=_words(select),
            exclude=_words(exclude),
            resource_types=tuple(resource_types),
            indirect_selection=indirect_selection,
        )
        ids = select_ids(self._project, "list", selecting, with_empty=True)
        found = (self.manifest.resource(unique_id) for unique_id in ids)
        return [resource for resource in found if resource is not None]

    def compile(self, name: str) -> str:
        """The SQL of a node as the warehouse would get it; nothing is written.

        Raises UsageError, CompilationError, or DatabaseError where a query of its template fails.
        """
        return compile_node(self._project, self.node(name)).code

    def render(self, sql: str) -> str:
        """A query with Jinja as the warehouse would get it: ``"select * from {{ ref('orders') }}"``."""
        return compile_inline(self._project, sql)

    def lineage(
        self,
        name: str,
        *,
        upstream: bool = True,
        downstream: bool = True,
        depth: int | None = None,
        rows: bool = False,
        introspect: bool = False,
    ) -> NodeLineage:
        """Where a column comes from and what is made of it: ``project.lineage("orders.amount")``.

        A name without a column means all columns of a model, seed, snapshot or source, followed one step
        unless ``depth`` says more. ``rows`` follows what decides about rows as well: filters, joins, groups.
        What cannot be read is in ``unknown``, with the reason. Nothing is sent to the warehouse, unless
        ``introspect`` lets templates ask it.
        Raises UsageError with the nearest names.
        """
        kept = self._lineage
        known = (
            column_lineage(self._project, introspect=True) if introspect else kept.of(self._project)
        )
        return lineage(
            self._project,
            name,
            upstream=upstream,
            downstream=downstream,
            depth=depth,
            rows=rows,
            known=known,
        )

    # -- doing -------------------------------------------------------------------------------

    def build(
        self, select: Words = (), *, exclude: Words = (), **options: Unpack[RunKeywords]
    ) -> Run:
        """Load seeds, build models and run tests in the order of the graph.

        It happens when the run is iterated; then ``run.result`` says what came of it::

            run = project.build("+orders", full_refresh=True)
            for event in run:
                ...
            assert run.result.success

        ``run.finish()`` does both. Raises, when iterated, what keeps the run from its nodes; a node that
        fails raises nothing and is in the result.
        """
        return build(self._project, _options(select, exclude, options))

    def run(
        self, select: Words = (), *, exclude: Words = (), **options: Unpack[RunKeywords]
    ) -> Run:
        """Build models; otherwise like ``build``."""
        return run(self._project, _options(select, exclude, options))

    def test(
        self, select: Words = (), *, exclude: Words = (), **options: Unpack[RunKeywords]
    ) -> Run:
        """Run data tests; otherwise like ``build``."""
        return test(self._project, _options(select, exclude, options))

    def seed(
        self, select: Words = (), *, exclude: Words = (), **options: Unpack[RunKeywords]
    ) -> Run:
        """Load CSV files; otherwise like ``build``."""
        return seed(self._project, _options(select, exclude, options))

    def run_operation(self, macro: str, **arguments: Any) -> Run:
        """Call a macro with arguments by name, when the run is iterated."""
        return run_operation(self._project, macro, arguments)

    # -- reading -----------------------------------------------------------------------------

    def table(self, name: str, limit: int | None = None) -> pa.Table:
        """What was built of a model, seed or snapshot, or a source (``"raw.orders"``), as an Arrow table.

        An ephemeral model has no table, so its query is run. Raises UsageError for an unknown name,
        and ExecutionError ``not-built`` when there is nothing yet.
        """
        resource = find_resource(self.manifest, name, root=self.name)
        return relation_table(self._project, resource, limit)

    def show(self, query: str, limit: int | None = None) -> pa.Table:
        """Rows of a query with Jinja, or of a node's own query when ``query`` is its name. Nothing is created.

        Raises CompilationError or DatabaseError.
        """
        names = {node.name for node in self.manifest.nodes.values()}
        sql = self.compile(query) if query in names else self.render(query)
        return query_table(self._project, sql, limit)

    @overload
    def frame(
        self, name: str, library: Literal["pandas"] = "pandas", limit: int | None = None
    ) -> pd.DataFrame: ...

    @overload
    def frame(
        self, name: str, library: Literal["polars"], limit: int | None = None
    ) -> pl.DataFrame: ...

    def frame(
        self, name: str, library: Library = "pandas", limit: int | None = None
    ) -> pd.DataFrame | pl.DataFrame:
        """Like ``table``, as a data frame of pandas or polars."""
        return as_frame(self.table(name, limit), library)

    # -- ending ------------------------------------------------------------------------------

    def disconnect(self) -> None:
        """Let go of the warehouse, so that another process may have it; the next need connects again."""
        self._project.disconnect()

    def close(self) -> None:
        """Let go of everything. Safe to call twice."""
        self._lineage.save()
        self._project.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Project({self.name!r}, target={self._project.config.target.name!r})"


def as_frame(table: pa.Table, library: Library) -> pd.DataFrame | pl.DataFrame:
    """An Arrow table as a data frame. Raises ConfigurationError when the library is not installed."""
    try:
        if library == "polars":
            import polars as pl

            return pl.DataFrame(table)
        import pandas as pd  # noqa: F401 - to_pandas needs it; the error should be ours

        return table.to_pandas()  # type: ignore[no-any-return]
    except ModuleNotFoundError as error:
        raise ConfigurationError(
            f"data frames need the package {error.name}, which is not installed",
            code="driver-missing",
            hint="pip install 'tidemill[dataframes]'",
        ) from error


def _words(given: Words) -> tuple[str, ...]:
    words: Sequence[str] = (given,) if isinstance(given, str) else tuple(given)
    return tuple(part for word in words for part in word.split())


def _options(select: Words, exclude: Words, options: RunKeywords) -> RunOptions:
    return RunOptions(select=_words(select), exclude=_words(exclude), **options)
