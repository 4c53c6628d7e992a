"""One node's rendering in one phase: its names, its macro calls, its results.

A session belongs to one thread. It finds every name lazily, so a template pays for what it reads alone. It does not
know what a materialisation or a test is: whoever runs nodes calls macros through it.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from jinja2 import Template
from jinja2.utils import missing

from tidemill.adapters.base import Connection, PythonModel, QueryResult
from tidemill.adapters.relation import Relation
from tidemill.engine.jinja import context
from tidemill.engine.jinja.capture import Capture
from tidemill.engine.jinja.dialect import MACRO_PREFIX
from tidemill.engine.jinja.functions import MacroReturn
from tidemill.engine.jinja.parts import rendered_in_parts
from tidemill.engine.jinja.periods import Period
from tidemill.engine.jinja.pieces import LITERAL, Piece
from tidemill.engine.jinja.plain import MacroFailedError, plain_text
from tidemill.engine.jinja.query_comments import commented
from tidemill.engine.jinja.relations import node_relation
from tidemill.engine.jinja.tables import (
    AdapterResponse,
    AttributeDict,
    ResultTable,
    StatementResult,
    response_of,
)
from tidemill.engine.jinja.trouble import explain, with_nearest_name
from tidemill.engine.nodes import Macro, Manifest, Model, Node, Snapshot, UnitTestNode
from tidemill.engine.project.reads import MACRO, note
from tidemill.errors import DatabaseError, ExecutionError, TidemillError, describe_node
from tidemill.events import Event, SqlExecuted

if TYPE_CHECKING:
    from tidemill.engine.jinja.macro_host import MacroHost

_TRANSACTION = re.compile(r"\s*(begin|commit|rollback|end|abort)\b[^;]*;?\s*", re.IGNORECASE)
"""What ends or starts a transaction stays as it is, so that connections see it."""
Phase = Literal["parse", "compile", "run"]


class Names(dict[str, Any]):
    """The names of a session: what is set stands in it, all else is found when first asked for.

    Templates see it as ``context``, and dbt's macros read it like a dictionary.
    """

    def __init__(self, session: Session, given: Mapping[str, Any]) -> None:
        super().__init__(given)
        self._session = session

    def __missing__(self, name: str) -> Any:
        value = self._session.find_name(name)
        if value is missing:
            raise KeyError(name)
        self[name] = value
        return value

    def lookup(self, name: str) -> Any:
        """The value, or Jinja's ``missing``."""
        try:
            return self[name]
        except KeyError:
            return missing

    def get(self, name: str, default: Any = None) -> Any:
        value = self.lookup(name)
        return default if value is missing else value

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.lookup(name) is not missing

    def keys(self) -> Any:
        return self._session.all_names() | super().keys()

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())


class BoundMacro:
    """A macro that can be called from this session's templates."""

    __slots__ = ("_session", "macro")

    def __init__(self, session: Session, macro: Macro) -> None:
        self._session = session
        self.macro = macro

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._session.call_macro(self.macro, args, kwargs)

    def __repr__(self) -> str:
        return f"<macro {self.macro.unique_id}>"


class PackageMacros(Mapping[str, Any]):
    """``dbt_utils`` in a template: a package's macros by name."""

    def __init__(self, session: Session, macros: Mapping[str, Macro]) -> None:
        self._session = session
        self._macros = macros

    def __getitem__(self, name: str) -> BoundMacro:
        return self._session.bind(self._macros[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._macros)

    def __len__(self) -> int:
        return len(self._macros)


class Session:
    """Names and calls for one node (or, without a node, for an operation) in one phase."""

    host: MacroHost
    node: Node | None
    context: Names

    def __init__(
        self,
        host: MacroHost,
        *,
        phase: Phase,
        package: str,
        node: Node | None = None,
        manifest: Manifest | None = None,
        connection: Connection | Callable[[], Connection] | None = None,
        emit: Callable[[Event], None] | None = None,
        extra: Mapping[str, Any] | None = None,
        capture: Capture | None = None,
        debug: bool = False,
    ) -> None:
        self.host = host
        self.phase: Phase = phase
        self.package = package
        self.node = node
        self.capture = capture
        self.emit: Callable[[Event], None] = emit or _ignore
        self.context = Names(self, extra or {})
        self.results: dict[str, AttributeDict | None] = {}
        self.stack: list[Macro] = []
        self.variables: dict[str, Any] = {}
        """Values for ``var`` over those of the project."""
        self.environment: dict[str, Any] = {}
        """Values for ``env_var`` over those of the process."""
        self.last_sql: str | None = None
        """The statement that ran last, for the places of its errors."""
        self.relation_limit: int | None = 0 if host.config.arguments.get("empty") else None
        self._manifest = manifest
        self._connection = connection
        self._debug = debug
        self._functions: dict[str, Callable[..., Any]] = {}
        self._ephemerals: dict[str, None] = {}

    # -- what the session stands on ----------------------------------------------------------

    @property
    def manifest(self) -> Manifest:
        if self._manifest is None:
            raise ExecutionError("the project's graph is not known yet in this phase")
        return self._manifest

    @property
    def graph(self) -> dict[str, Any]:
        """All resources as mappings; empty while the project is parsed."""
        return self.host.graph(self._manifest)

    @property
    def connection(self) -> Connection:
        """The connection, opened when first needed."""
        if callable(self._connection):
            self._connection = self._connection()
        if self._connection is None:
            raise ExecutionError("the warehouse cannot be asked in this phase")
        return self._connection

    @property
    def subject(self) -> str:
        """Who is rendered, for messages."""
        return describe_node(self.node.unique_id) if self.node is not None else "an operation"

    @property
    def this(self) -> Relation | str | None:
        """The node's own relation; while a unit test is compiled, the CTE that was given for it."""
        if self.node is None or self.node.resource_type == "operation":
            return None
        if isinstance(self.node, UnitTestNode) and self.phase == "compile":
            return self._given_this(self.node)
        if self.phase != "parse":  # then the node is what it will be
            return self.host.relation_of(self.node)
        return node_relation(self.host.adapter, self.node, self.host.quoting)

    def _given_this(self, node: UnitTestNode) -> str | None:
        if node.this_input is None:
            return None
        self.note_ephemeral(node.this_input)
        alias = self.manifest.nodes[node.this_input].alias
        return self.host.adapter.relation_class.add_ephemeral_prefix(alias)

    @property
    def ephemerals(self) -> tuple[str, ...]:
        """Unique ids of the ephemeral models that were referred to, in order."""
        return tuple(self._ephemerals)

    @property
    def period(self) -> Period | None:
        """The period of event time that the node reads: of its batch, of ``--sample``, or of both."""
        sample, batch = self.host.sample, getattr(self.node, "batch", None)
        if not isinstance(self.node, Model | Snapshot):
            return None
        if batch is None:
            return sample
        period = Period(batch.event_time_start, batch.event_time_end)
        return period if sample is None else period.within(sample)

    def note_ephemeral(self, unique_id: str) -> None:
        """Remember that the text needs that model's CTE."""
        self._ephemerals[unique_id] = None

    # -- names -------------------------------------------------------------------------------

    def find_name(self, name: str) -> Any:
        """What ``name`` means: macros first (a project may replace a built-in function), then
        packages, then what the phase promises, then Jinja's globals; else ``missing``."""
        macro = self.host.registry.find(name, package=self.package)
        if macro is not None:
            return self.bind(macro)
        macros = self.host.registry.package(name)
        if macros is not None:
            return PackageMacros(self, macros)
        promised = context.builtin(self, name)
        if promised is not missing:
            return promised
        return self.host.environment.globals.get(name, missing)

    def all_names(self) -> set[str]:
        """Every name that a template could read."""
        registry = self.host.registry
        return registry.names(self.package) | set(registry.packages) | context.promised_names()

    def bind(self, macro: Macro) -> BoundMacro:
        """The macro as a callable of this session."""
        return BoundMacro(self, macro)

    # -- rendering and calling ---------------------------------------------------------------

    def render(self, text: str, *, file: str | None = None, line: int = 1) -> str:
        """``text`` rendered. ``file`` and ``line`` say where it begins, for errors.

        Raises CompilationError with place and macro stack, or whatever error a macro raised.
        """
        if "{" not in text:
            return text
        try:
            plain = None if self.phase == "parse" else plain_text(text, self.context.lookup)
            if plain is not None:
                return plain
            written = self._in_parts(text, file, line) if self.phase == "compile" else None
            if written is not None:
                return written
            template = self.host.template(text, parsing=self.phase == "parse", file=file, line=line)
            environment = template.environment
            names = environment.context_class(environment, self.context, None, template.blocks)
            return "".join(template.root_render_func(names))
        except MacroReturn:
            raise ExecutionError(
                "return() was called outside a macro", node=self._node_id
            ) from None
        except MacroFailedError as failed:
            raise self._trouble(failed.error, file, line) from failed.error
        except Exception as error:
            raise self._trouble(error, file, line) from error

    def _in_parts(self, text: str, file: str | None, line: int) -> str | None:
        """``text`` rendered tag by tag; None, before anything is run, where only the whole can be trusted."""
        if isinstance(self.node, UnitTestNode):
            # The whole looks up its names first, and there to look up ``this`` is to ask for its rows.
            return None
        environment = self.host.environment
        names = environment.context_class(environment, self.context, None, {})

        def template(text: str, above: int) -> Template:
            return self.host.template(text, file=file, line=line + above)

        return rendered_in_parts(text, template, names)

    def _trouble(self, error: Exception, file: str | None, line: int) -> TidemillError:
        trouble = explain(error, node=self.node, file=file, line=line)
        return with_nearest_name(trouble, self.all_names)

    def piecewise(self) -> Callable[[Piece], None]:
        """Runs pieces of one template, one after the other and in one context, for what they do alone.

        Errors come as the piece raises them, without place: render the whole template to tell of them.
        """
        names: Any = None

        def run(piece: Piece) -> None:
            nonlocal names
            template = self.host.piece_template(piece.template)
            if names is None:
                environment = template.environment
                names = environment.context_class(environment, self.context, None, {})
            for index, literal in enumerate(piece.literals):
                names.vars[LITERAL.format(index)] = literal
            for _ in template.root_render_func(names):
                pass

        return run

    def call(self, name: str, *args: Any, package: str | None = None, **kwargs: Any) -> Any:
        """Call the macro that ``name`` means here (or in ``package``). Raises CompilationError."""
        macro = self.host.find_macro(name, package, seen_from=self.package)
        try:
            return self.call_macro(macro, args, kwargs)
        except Exception as error:
            raise explain(error, node=self.node) from error

    def call_macro(self, macro: Macro, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        """Call ``macro``; its value is what it returned, or else its text."""
        if not self.stack and self.capture is not None:
            self.capture.macros[macro.unique_id] = None
        function = self._functions.get(macro.unique_id)
        if function is None:
            note(MACRO, macro.unique_id)
            function = self._functions[macro.unique_id] = self._instantiate(macro)
        self.stack.append(macro)
        try:
            return function(*args, **kwargs)
        except MacroReturn as returned:
            return returned.value
        except TidemillError as error:
            raise error.located(call=self._call_to_tell(macro, error)) from None
        except Exception as error:
            raise explain(error, macro=macro).located(call=_describe_call(macro)) from error
        finally:
            self.stack.pop()

    def _call_to_tell(self, macro: Macro, error: TidemillError) -> str | None:
        """The call as it stands in the stack of an error. What the warehouse refuses is the user's SQL:
        the built-in macros that carried it there are none of their business, nor are those around the
        innermost one that complains itself."""
        internal = macro.package_name in self.host.config.internal_packages
        carried_it = isinstance(error, DatabaseError) or bool(error.fault.stack)
        return None if internal and carried_it else _describe_call(macro)

    def _instantiate(self, macro: Macro) -> Callable[..., Any]:
        template = self.host.macro_template(macro)
        environment = template.environment
        names = environment.context_class(environment, self.context, None, template.blocks)
        for _ in template.root_render_func(names):
            pass
        function: Callable[..., Any] = names.vars[MACRO_PREFIX + macro.name]
        return function

    # -- statements --------------------------------------------------------------------------

    def execute(
        self,
        sql: str,
        *,
        fetch: bool = False,
        limit: int | None = None,
        bindings: Any = None,
        comment: bool = True,
    ) -> QueryResult:
        """Run ``sql`` on the session's connection, with the project's comment; tells about it where somebody listens."""
        told = sql
        if comment and not _TRANSACTION.fullmatch(sql):
            append = self.host.query_comments.append
            told = commented(sql, self._query_comment, append=append)
            behind = append or not self.host.adapter.leading_comments
            sql = commented(sql, self._query_comment, append=behind)
        self.last_sql = sql
        if not self._debug:
            return self.connection.execute(sql, fetch=fetch, limit=limit, bindings=bindings)
        started = time.perf_counter()
        status = "ERROR"
        try:
            result = self.connection.execute(sql, fetch=fetch, limit=limit, bindings=bindings)
            status = result.message
            return result
        finally:
            self.emit(
                SqlExecuted(
                    connection=self.connection.name,
                    sql=told,
                    seconds=time.perf_counter() - started,
                    status=status,
                    unique_id=self._node_id,
                )
            )

    @cached_property
    def _query_comment(self) -> str:
        return self.host.query_comments.comment(self.node, self.connection.name)

    def run_python(self, model: Mapping[str, Any], code: str) -> AdapterResponse:
        """Run a Python model's code on the session's connection, which writes its rows."""
        raw_code = str(model["raw_code"])
        blank = len(raw_code[: len(raw_code) - len(raw_code.lstrip())].splitlines())
        above = blank + (self.node.line - 1 if self.node is not None else 0)
        wanted = PythonModel(
            name=str(model["alias"]),
            # Macros put blanks in front; lines are counted as in the user's file.
            code="\n" * above + code.lstrip(),
            file=str(model["original_file_path"]),
            lines=above + raw_code.strip().count("\n") + 1,
            node=model,
        )
        return response_of(self.connection.run_python(wanted))

    def store_result(
        self, name: str, response: Any = None, agate_table: ResultTable | None = None
    ) -> str:
        """Keep a statement's answer for ``load_result``."""
        table = agate_table if agate_table is not None else ResultTable([])
        self.results[name] = StatementResult(response=response, table=table)
        return ""

    def load_result(self, name: str) -> AttributeDict | None:
        """A statement's answer; each but ``main`` can be taken once (dbt's rule)."""
        if name not in self.results:
            return None
        result = self.results[name]
        if result is None:
            raise ExecutionError(
                f"The 'statement' result named '{name}' has already been loaded into a variable",
                code="result-loaded",
            )
        if name != "main":
            self.results[name] = None
        return result

    @property
    def _node_id(self) -> str | None:
        return self.node.unique_id if self.node is not None else None


def _describe_call(macro: Macro) -> str:
    return f"macro {macro.name} ({macro.original_file_path}:{macro.line})"


def _ignore(event: Event) -> None:
    return None
