"""Compiles nodes: renders their Jinja and puts the SQL of ephemeral parents in front.

One compiler serves all threads of a command, so that an ephemeral model is compiled once. What is compiled may run
queries (``run_query`` in a model), on the connection that the caller hands in.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from tidemill.adapters.base import Connection
from tidemill.engine.compiling.built_in_tests import BuiltInTests
from tidemill.engine.compiling.code_files import CodeFiles
from tidemill.engine.compiling.ctes import Cte, inject_ctes, merge_ctes
from tidemill.engine.jinja.macro_host import MacroHost
from tidemill.engine.jinja.overrides import override
from tidemill.engine.jinja.session import Session
from tidemill.engine.jinja.test_arguments import ARGUMENTS_NAME, rendered_arguments
from tidemill.engine.nodes import Function, GenericTest, Manifest, Model, Node, UnitTestNode
from tidemill.errors import CompilationError
from tidemill.events import Event

Emit = Callable[[Event], None]
Connect = Connection | Callable[[], Connection]


_DBT_OBJECT = "{{ py_script_postfix(model) }}"


class Compiled(msgspec.Struct, frozen=True, kw_only=True):
    """The SQL of one node."""

    unique_id: str
    code: str
    """Ready to run: with the CTEs of ephemeral parents."""
    own_code: str
    """Without them."""
    ctes: tuple[Cte, ...] = ()
    """The ephemeral models it stands on, nearest last."""
    path: str | None = None
    """The file that it was written to, relative to the project, or None."""
    foreign_keys: dict[str, str] = {}
    """The relations that foreign keys point at, by what stands in the project (``ref('orders')``)."""


class Compiler:
    """Compiles the nodes of one manifest."""

    def __init__(
        self,
        host: MacroHost,
        manifest: Manifest,
        files: CodeFiles | None = None,
        overrides: Mapping[str, Any] | None = None,
    ) -> None:
        """``files`` gets what is compiled; without it nothing is written.

        ``overrides`` are what ``override`` takes: what stands in the place of macros and vars for every node.
        """
        self._overrides = overrides
        self._host = host
        self._manifest = manifest
        self._files = files
        self.compiled: dict[str, Compiled] = {}
        """All that came so far by unique id, ephemeral models that others needed included."""
        self._tests = BuiltInTests(host)
        self._ephemerals: dict[str, Compiled] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._locks_lock = threading.Lock()

    def compile(
        self, node: Node, connection: Connect | None = None, emit: Emit | None = None
    ) -> Compiled:
        """The node's SQL. Raises CompilationError, or DatabaseError where a query of the model fails."""
        if node.is_ephemeral:
            return self._ephemeral(node, connection, emit)
        return self._compile(node, connection, emit)

    def _ephemeral(self, node: Node, connection: Connect | None, emit: Emit | None) -> Compiled:
        """Compile an ephemeral model once, however many models and threads ask for it."""
        with self._locks_lock:
            lock = self._locks.setdefault(node.unique_id, threading.Lock())
        with lock:
            found = self._ephemerals.get(node.unique_id)
            if found is None:
                found = self._ephemerals[node.unique_id] = self._compile(node, connection, emit)
        return found

    def _compile(self, node: Node, connection: Connect | None, emit: Emit | None) -> Compiled:
        session = self._session(node, connection, emit)
        own_code = self._built_in_test(node, session)
        if own_code is None:
            own_code = self._own_code(node, session)
        parents = [self._parent(uid, connection, emit) for uid in session.ephemerals]
        ctes = merge_ctes((*parent.ctes, self._cte(parent)) for parent in parents)
        wants_ctes = self._host.flags.get("inject_ephemeral_ctes", True)
        code = inject_ctes(own_code, ctes) if wants_ctes else own_code
        compiled = self.compiled[node.unique_id] = Compiled(
            unique_id=node.unique_id,
            code=code,
            own_code=own_code,
            ctes=ctes,
            path=self._write(node, code),
            foreign_keys=_foreign_keys(node, session),
        )
        return compiled

    def _built_in_test(self, node: Node, session: Session) -> str | None:
        """The SQL of a test of dbt's own, where nothing stands in the place of its macros."""
        if not isinstance(node, GenericTest) or self._overrides:
            return None
        return self._tests.sql(node, session)

    def _own_code(self, node: Node, session: Session) -> str:
        """SQL and functions are rendered; a Python model is kept as it is, with dbt's ``dbt`` object behind it."""
        if isinstance(node, GenericTest):
            session.context[ARGUMENTS_NAME] = rendered_arguments(node, session)
        if node.language != "python" or isinstance(node, Function):
            return session.render(node.raw_code, file=node.original_file_path, line=node.line)
        code = f"{node.raw_code}\n\n{session.render(_DBT_OBJECT)}"
        if session.ephemerals:
            names = ", ".join(self._manifest.nodes[key].name for key in session.ephemerals)
            raise CompilationError(
                f"a Python model cannot read ephemeral models, which have no relation: {names}",
                code="python-ephemeral",
                hint="materialize them as views",
            )
        return code

    def _session(self, node: Node, connection: Connect | None, emit: Emit | None) -> Session:
        session = self._host.session(
            node, self._manifest, phase="compile", connection=connection, emit=emit
        )
        if self._overrides:
            override(session, self._overrides)
        if isinstance(node, UnitTestNode):
            session.relation_limit = None  # --empty does not mean the rows of unit tests
            override(session, node.overrides)
        return session

    def _parent(self, unique_id: str, connection: Connect | None, emit: Emit | None) -> Compiled:
        return self._ephemeral(self._manifest.nodes[unique_id], connection, emit)

    def _cte(self, parent: Compiled) -> Cte:
        node = self._manifest.nodes[parent.unique_id]
        alias = getattr(node, "cte_name", None) or node.alias
        name = self._host.adapter.relation_class.add_ephemeral_prefix(alias)
        return Cte(parent.unique_id, name, parent.own_code)

    def _write(self, node: Node, code: str) -> str | None:
        """dbt keeps no compiled file of snapshots, nor of an empty text; an inline query has no place."""
        unkept = node.resource_type in {"snapshot", "sql_operation"}
        if self._files is None or unkept or not code:
            return None
        return self._files.write("compiled", node, code)


def _foreign_keys(node: Node, session: Session) -> dict[str, str]:
    """The relations of the node's foreign keys that are written as ``ref(...)`` or ``source(...)``."""
    if not isinstance(node, Model):
        return {}
    of_columns = (item for column in node.columns.values() for item in column.constraints)
    written = (str(item.get("to") or "") for item in (*of_columns, *node.constraints))
    return {to: session.render(f"{{{{ ({to}).render() }}}}") for to in written if "(" in to}
