"""The steps of a run on threads: each gets its turn, its events and its result, also when it is skipped."""

from __future__ import annotations

import threading
import time

import msgspec

from tidemill.engine.nodes import NodeResult
from tidemill.engine.running.describing import describe, first_line
from tidemill.engine.running.microbatch import work_on
from tidemill.engine.running.no_ops import NoOpNode
from tidemill.engine.running.node_work import Workshop
from tidemill.engine.running.plan import Plan, Step
from tidemill.engine.running.progress import Priority, Turn
from tidemill.engine.running.scheduler import Scheduler
from tidemill.errors import Fault
from tidemill.events import FaultFound, NodeFinished, NodeStarted, NodeStatus

_FAIL_FAST = "Skipping due to fail_fast"
_GRACE = 1.0
"""Seconds that running steps have to end by themselves before a failure elsewhere interrupts them."""


class Stepping:
    """Runs the steps of one plan once. ``results`` grows as they end."""

    def __init__(
        self, shop: Workshop, plan: Plan, cancelled: threading.Event, priority: Priority | None
    ) -> None:
        self.results: list[NodeResult] = []
        self._shop = shop
        self._plan = plan
        self._cancelled = cancelled
        self._compile_only = False
        self._failed_fast = False
        self._interrupted = False
        self._interrupting: threading.Timer | None = None
        self._ended: set[str] = set()
        self._ephemeral_faults: dict[str, Fault] = {}
        self._database = shop.host.config.target.database
        self._total = plan.total
        self._scheduler = Scheduler(
            plan.steps, self._take, threads=shop.host.config.target.threads, priority=priority
        )

    def run(self, *, compile_only: bool = False) -> None:
        """Execute the steps. Returns when all have ended, or when those that ran have after ``stop``."""
        self._compile_only = compile_only
        self._scheduler.run()
        if self._interrupting is not None:
            self._interrupting.cancel()
        self.finish(_FAIL_FAST if self._failed_fast else "")

    def stop(self) -> None:
        """Start no further step."""
        self._scheduler.stop()

    def finish(self, reason: str = "") -> None:
        """Give every step that has not run a result: cancelled if somebody stopped the run, else skipped."""
        status: NodeStatus = "cancelled" if self._cancelled.is_set() else "skipped"
        for step in self._plan.steps:
            if step.unique_id not in self._ended:
                self._skip(step, reason, status)

    # -- one step ----------------------------------------------------------------------------

    def _take(self, turn: Turn) -> bool:
        step = turn.step
        if turn.blocked_by is not None:
            self._skip(step, self._reason(step, turn.blocked_by))
            return False
        started = self._start(step)
        work = work_on(self._shop, step.node)
        result = work.compile() if self._compile_only else work.execute()
        result = self._if_stopped(result)
        self._end(step, result, started, work.compiled_path)
        self._fail_fast(result)
        if result.failed:
            return step.node.config.get("on_error") == "continue"
        return result.status not in {"skipped", "cancelled"}

    def _start(self, step: Step) -> float:
        if step.is_counted and not isinstance(step.node, NoOpNode):
            self._shop.emit(
                NodeStarted(
                    unique_id=step.unique_id,
                    name=step.node.name,
                    resource_type=step.node.resource_type,
                    index=step.index,
                    total=self._total,
                    description=describe(step.node, self._database),
                    thread=threading.current_thread().name,
                )
            )
        return time.time()

    def _if_stopped(self, result: NodeResult) -> NodeResult:
        """An error that came of stopping is no error of the node."""
        if result.status != "error":
            return result
        if self._cancelled.is_set():
            return _without_fault(result, "cancelled", "")
        if self._interrupted:
            return _without_fault(result, "skipped", _FAIL_FAST)
        return result

    def _fail_fast(self, result: NodeResult) -> None:
        if result.failed and self._shop.host.flags.FAIL_FAST and not self._compile_only:
            self.stop()
            if not self._failed_fast:
                self._failed_fast = True
                self._interrupting = threading.Timer(_GRACE, self._interrupt)
                self._interrupting.daemon = True
                self._interrupting.start()

    def _interrupt(self) -> None:
        self._interrupted = True
        self._shop.connections.interrupt()

    def _reason(self, step: Step, blocked_by: str) -> str:
        """dbt's words where the cause is an ephemeral model, which has no result of its own."""
        if blocked_by not in self._ephemeral_faults:
            return ""
        return (
            f"Compilation Error in {step.unique_id}, caused by compilation error in referenced "
            f"ephemeral model {blocked_by}"
        )

    def _skip(self, step: Step, message: str, status: NodeStatus = "skipped") -> None:
        result = NodeResult(
            unique_id=step.unique_id,
            status=status,
            message=message,
            thread=threading.current_thread().name,
            relation_name=step.node.relation_name,
        )
        self._end(step, result, time.time(), None)

    def _end(
        self, step: Step, result: NodeResult, started: float, compiled_path: str | None
    ) -> None:
        self._ended.add(step.unique_id)
        if not step.is_counted:
            self._end_ephemeral(step, result)
            return
        self.results.append(result)
        self._shop.emit(
            NodeFinished(
                unique_id=step.unique_id,
                name=step.node.name,
                resource_type=step.node.resource_type,
                index=step.index,
                total=self._total,
                status=result.status,
                seconds=time.time() - started,
                description=describe(step.node, self._database),
                message=_told(result),
                rows_affected=result.rows_affected,
                failures=result.failures,
                relation=result.relation_name,
                compiled_path=compiled_path,
                fault=result.fault,
                thread=result.thread,
            )
        )

    def _end_ephemeral(self, step: Step, result: NodeResult) -> None:
        """dbt counts no ephemeral models, so what is wrong with one is told beside the nodes."""
        if result.fault is not None:
            self._ephemeral_faults[step.unique_id] = result.fault
            self._shop.emit(FaultFound(fault=result.fault))
        if self._compile_only or result.failed:
            self.results.append(result)


def _told(result: NodeResult) -> str:
    """What went wrong in one line; of a model that was built in part, how much of it."""
    if result.fault is None or result.status == "partial success":
        return result.message
    return first_line(result.fault)


def _without_fault(result: NodeResult, status: NodeStatus, message: str) -> NodeResult:
    return msgspec.structs.replace(result, status=status, message=message, fault=None)
