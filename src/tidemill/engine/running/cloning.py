"""Cloning one node: its relation is made to show, or to copy, what another state built under its name."""

from __future__ import annotations

import threading
import time

from tidemill.engine.jinja.relations import node_relation
from tidemill.engine.nodes import Node, NodeResult
from tidemill.engine.running.connections import Connect
from tidemill.engine.running.materialise import Answer, main_answer, relations_returned
from tidemill.engine.running.node_work import Workshop, fault_of
from tidemill.errors import render_fault

MATERIALIZATION = "clone"
_NOTHING = "No-op"


class CloneWork:
    """The work on one node, in the place of ``NodeWork``. Used once."""

    compiled_path: str | None = None

    def __init__(self, shop: Workshop, node: Node) -> None:
        self._shop = shop
        self._node = node

    def compile(self) -> NodeResult:
        """Cloning compiles nothing: the same as ``execute``."""
        return self.execute()

    def execute(self) -> NodeResult:
        """Run the materialisation ``clone``. No exception leaves this function."""
        started = time.time()
        try:
            with self._shop.connections.named(self._node.unique_id) as connect:
                answer = self._clone(connect)
        except Exception as error:  # noqa: BLE001 - user code runs here, and can raise anything
            fault = fault_of(error, self._node)
            return self._result("error", render_fault(fault), started, fault=fault)
        if answer is None:
            return self._result("success", _NOTHING, started)
        return self._result(
            "success", answer.message, started, adapter_response=answer.adapter_response
        )

    def _clone(self, connect: Connect) -> Answer | None:
        """What the warehouse said; None where there was nothing to do."""
        host, node = self._shop.host, self._node
        session = host.session(
            node,
            self._shop.manifest,
            phase="run",
            connection=connect,
            emit=self._shop.emit,
            extra={"compiled_code": self._query(), "write": self._write},
            debug=self._shop.debug,
        )
        macro = host.find_materialization(MATERIALIZATION, session.emit)
        returned = session.bind(macro)()
        for relation in relations_returned(returned, node, host.adapter.relation_class):
            host.relations.add(relation)
        return main_answer(session) if "main" in session.results else None

    def _write(self, payload: str) -> str:
        self._shop.files.write("run", self._node, payload)
        return ""

    def _query(self) -> str | None:
        """What a view on the other relation says."""
        host = self._shop.host
        other = host.deferred.get(self._node.unique_id)
        if other is None:
            return None
        name = other.relation_name or node_relation(host.adapter, other, host.quoting).render()
        return f"select * from {name}"

    def _result(self, status: str, message: str, started: float, **more: object) -> NodeResult:
        return NodeResult(
            unique_id=self._node.unique_id,
            status=status,  # type: ignore[arg-type]
            message=message,
            seconds=time.time() - started,
            thread=threading.current_thread().name,
            relation_name=self._node.relation_name,
            **more,  # type: ignore[arg-type]
        )
