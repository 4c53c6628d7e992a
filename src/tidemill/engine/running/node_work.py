"""One node from compiling to result, on the thread that calls. Whatever goes wrong becomes the node's result."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import msgspec

from tidemill.engine.compiling.code_files import CodeFiles
from tidemill.engine.compiling.compiler import Compiled, Compiler
from tidemill.engine.compiling.unit_cases import unit_case
from tidemill.engine.jinja.macro_host import MacroHost
from tidemill.engine.jinja.relations import node_relation
from tidemill.engine.jinja.session import Session
from tidemill.engine.nodes import (
    BatchResults,
    Manifest,
    Node,
    NodeResult,
    Seed,
    Timing,
    UnitTestNode,
)
from tidemill.engine.running.connections import Connect, Connections
from tidemill.engine.running.data_tests import judge, measure, stores_failures
from tidemill.engine.running.direct import DirectPaths
from tidemill.engine.running.materialise import Answer, materialise
from tidemill.engine.running.seed_files import load_seed
from tidemill.engine.running.sql_places import place_in_project
from tidemill.engine.running.unit_tests import judge_unit_test, while_executing
from tidemill.errors import Cancelled, ExecutionError, Fault, TidemillError, render_fault
from tidemill.events import Event

Emit = Callable[[Event], None]


_WARNED_TEST = "LogTestResult"
"""dbt's name of the event that tells the result of a test."""


class Workshop(msgspec.Struct, frozen=True, kw_only=True):
    """What work on nodes needs: shared by all threads of a run."""

    host: MacroHost
    manifest: Manifest
    compiler: Compiler
    files: CodeFiles
    connections: Connections
    direct: DirectPaths
    emit: Emit
    batches: Mapping[str, BatchResults] = {}
    """What came of the batches of microbatch models in the run that is repeated, by unique id."""
    as_of: float | None = None
    """When the run began whose batches are built, in Unix seconds; None for this one."""
    debug: bool = False


class NodeWork:
    """The work on one node. Used once."""

    def __init__(self, shop: Workshop, node: Node, names: Mapping[str, Any] | None = None) -> None:
        """``names`` are added to what the materialisation sees."""
        self._shop = shop
        self._given_names = names or {}
        self._node = node
        self._manifest = shop.manifest
        self._compiled: Compiled | None = None
        self._session: Session | None = None
        self._timings: list[Timing] = []

    def compile(self) -> NodeResult:
        """Compile the node and run nothing but what its templates ask of the warehouse."""
        return self._guarded(self._compile_only)

    def execute(self) -> NodeResult:
        """Compile the node and build or test it. An ephemeral model is only compiled."""
        return self._guarded(self._compile_only if self._node.is_ephemeral else self._execute)

    @property
    def compiled_path(self) -> str | None:
        """The file that the compiled SQL was written to, if it came so far."""
        return self._compiled.path if self._compiled is not None else None

    # -- the two ways ------------------------------------------------------------------------

    def _compile_only(self, connect: Connect) -> NodeResult:
        self._compile(connect)
        return self._result(status="success")

    def _execute(self, connect: Connect) -> NodeResult:
        self._compile(connect)
        with self._timed("execute"):
            if isinstance(self._node, UnitTestNode):
                return self._unit_verdict(connect, self._node)
            answer = self._materialise(connect)
            return (
                self._verdict(answer) if self._node.resource_type == "test" else self._built(answer)
            )

    def _compile(self, connect: Connect) -> None:
        with self._timed("compile"):
            if isinstance(self._node, UnitTestNode):
                self._compiled = self._compile_unit_test(connect)
            elif not isinstance(self._node, Seed):
                self._compiled = self._shop.compiler.compile(self._node, connect, self._shop.emit)

    def _compile_unit_test(self, connect: Connect) -> Compiled:
        """Inputs are compiled for each unit test anew, and are no part of the run's manifest."""
        shop = self._shop
        test = shop.manifest.unit_tests[self._node.unique_id]
        case = unit_case(test, shop.manifest, shop.host)
        self._node, self._manifest = case.node, case.manifest
        files = CodeFiles(shop.host.config.root, shop.host.config.project.target_path)
        return Compiler(shop.host, case.manifest, files).compile(case.node, connect, shop.emit)

    def _materialise(self, connect: Connect) -> Answer:
        shop, node = self._shop, self._node
        self._session = shop.host.session(
            node,
            self._manifest,
            phase="run",
            connection=connect,
            emit=shop.emit,
            extra=self._names(),
            debug=shop.debug,
        )
        return materialise(shop.host, self._session, node, shop.direct)

    def _names(self) -> dict[str, Any]:
        """The names that a materialisation finds beside those of every session."""
        names: dict[str, Any] = {
            "write": self._write,
            "load_agate_table": self._load_seed,
            **self._given_names,
        }
        if self._compiled is not None:
            names |= {"sql": self._compiled.code, "compiled_code": self._compiled.code}
        return names

    def _write(self, payload: str) -> str:
        """``write()`` of macros: keeps the statement that builds the node."""
        self._shop.files.write("run", self._node, payload)
        return ""

    def _load_seed(self) -> Any:
        """``load_agate_table()`` of macros: the rows of a seed's file."""
        if not isinstance(self._node, Seed):
            raise ExecutionError(
                f"load_agate_table() is only for seeds, and this is a {self._node.resource_type}",
                code="not-a-seed",
            )
        return load_seed(self._node, self._shop.host.config.root)

    # -- results -----------------------------------------------------------------------------

    def _built(self, answer: Answer) -> NodeResult:
        return self._result(
            status="success",
            message=answer.message,
            rows_affected=answer.rows_affected,
            adapter_response=answer.adapter_response,
        )

    def _verdict(self, answer: Answer) -> NodeResult:
        warnings_fail = _warnings_fail(self._shop.host)
        verdict = judge(self._node, measure(answer.table), warnings_fail=warnings_fail)
        return self._result(
            status=verdict.status,
            message=verdict.message,
            failures=verdict.failures,
            adapter_response=answer.adapter_response,
        )

    def _unit_verdict(self, connect: Connect, node: UnitTestNode) -> NodeResult:
        try:
            answer = self._materialise(connect)
        except Cancelled:
            raise
        except TidemillError as error:
            raise while_executing(error, node.name) from error
        verdict = judge_unit_test(answer.table)
        return self._result(
            status=verdict.status,
            message=verdict.message,
            failures=verdict.failures,
            adapter_response=answer.adapter_response,
        )

    def _result(self, **fields: Any) -> NodeResult:
        return NodeResult(
            unique_id=self._node.unique_id,
            thread=threading.current_thread().name,
            relation_name=self._relation_name(),
            compiled_code=self._compiled.code if self._compiled is not None else None,
            **fields,
        )

    def _relation_name(self) -> str | None:
        """Of the node, or where a test keeps its failures because the command asks for it."""
        node, host = self._node, self._shop.host
        if node.relation_name is None and stores_failures(node, host.flags.STORE_FAILURES):
            return node_relation(host.adapter, node, host.quoting).render()
        return node.relation_name

    # -- the boundary ------------------------------------------------------------------------

    def _guarded(self, work: Callable[[Connect], NodeResult]) -> NodeResult:
        """Do ``work`` with a connection at hand. No exception of a node leaves this function."""
        started = time.time()
        try:
            with self._shop.connections.named(self._node.unique_id) as connect:
                result = work(connect)
        except TidemillError as error:
            result = self._failed(self._placed(error))
        except Exception as error:  # noqa: BLE001 - user code runs here, and can raise anything
            result = self._failed(self._placed(_unexpected(error)))
        return msgspec.structs.replace(
            result, seconds=time.time() - started, timings=tuple(self._timings)
        )

    def _failed(self, fault: Fault) -> NodeResult:
        if isinstance(self._node, UnitTestNode):
            self._compiled = None  # dbt's rule: the result of a broken unit test has no SQL
        return self._result(status="error", message=render_fault(fault), fault=fault)

    def _placed(self, error: TidemillError) -> Fault:
        fault = error.located(node=self._node.unique_id).fault
        sql = self._session.last_sql if self._session is not None else None
        place = place_in_project(fault.place, sql, self._node, self._compiled)
        return msgspec.structs.replace(fault, place=place)

    @contextmanager
    def _timed(self, name: str) -> Iterator[None]:
        started = time.time()
        try:
            yield
        finally:
            self._timings.append(Timing(name, started, time.time()))


def _warnings_fail(host: MacroHost) -> bool:
    """Whether a test that warns fails: by ``--warn-error``, or the name of its event among the options."""
    options = host.flags.WARN_ERROR_OPTIONS or {}
    errors = options.get("error", options.get("include")) or ()
    spared = [*(options.get("warn", options.get("exclude")) or ()), *(options.get("silence") or ())]
    named = _WARNED_TEST in errors or (errors in ("all", "*") and _WARNED_TEST not in spared)
    return bool(host.flags.WARN_ERROR) or named


def fault_of(error: Exception, node: Node) -> Fault:
    """What any exception of work on ``node`` is told as."""
    known = error if isinstance(error, TidemillError) else _unexpected(error)
    return known.located(node=node.unique_id).fault


def _unexpected(error: Exception) -> TidemillError:
    """An exception that nobody foresaw, as an error with a place in Python for a report."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f" ({trace.tb_frame.f_code.co_filename}:{trace.tb_lineno})" if trace is not None else ""
    return ExecutionError(
        f"{type(error).__name__}: {error}{where}",
        code="internal",
        hint="this is a fault of Tidemill: please report it with the text above",
    )
