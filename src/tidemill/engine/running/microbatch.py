"""Microbatch models: one node, built period by period.

The first batch runs alone, since it makes the table; those between run side by side where the model and the
warehouse allow it; the last runs when all others have ended, for post-hooks come with it.
"""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import jinja2.nodes
import msgspec

from tidemill.engine.compiling.code_files import CodeFiles
from tidemill.engine.compiling.compiler import Compiler
from tidemill.engine.jinja.macro_host import MacroHost
from tidemill.engine.jinja.periods import Period, batch_label
from tidemill.engine.nodes import BatchResults, Model, Node, NodeResult, Timing
from tidemill.engine.running.batches import batch_of, batches_of
from tidemill.engine.running.cloning import CloneWork
from tidemill.engine.running.no_ops import NoOp, NoOpNode
from tidemill.engine.running.node_work import NodeWork, Workshop
from tidemill.errors import Fault, TidemillError, render_fault
from tidemill.events import Level, Message, NodeStatus

_INCREMENTALLY: Mapping[str, Callable[[], bool]] = {
    "is_incremental": lambda: True,
    "should_full_refresh": lambda: False,
}
"""What templates of a batch see when it is added to what exists."""


def is_microbatch(node: Node, host: MacroHost) -> bool:
    """Whether the node runs in batches. A project's own strategy macro must ask for it by a flag (dbt's rule)."""
    return (
        isinstance(node, Model)
        and node.materialized == "incremental"
        and node.config.get("incremental_strategy") == "microbatch"
        and host.runs_batches
    )


_STATUSES = {"ERROR": "error", "SKIP": "skipped"}
"""dbt's statuses of batches where they are not the warehouse's answer, by the words in the line."""


class MicrobatchWork:
    """The work on one microbatch model. Used once; stands in the place of ``NodeWork``."""

    compiled_path: str | None = None
    """None: every batch has a file of its own."""

    def __init__(self, shop: Workshop, node: Model) -> None:
        host = shop.host
        files = CodeFiles(host.config.root, host.config.project.target_path)
        # What batches compile is no part of the manifest, which has the model as it was parsed.
        self._shop = msgspec.structs.replace(
            shop, files=files, compiler=Compiler(host, shop.manifest, files)
        )
        self._node = node
        self._size = str(node.config.get("batch_size"))

    def compile(self) -> NodeResult:
        """Compile the model as a whole."""
        return NodeWork(self._shop, self._node).compile()

    def execute(self) -> NodeResult:
        """Build all batches of this run, and sum them up."""
        started = time.time()
        try:
            previous = self._shop.batches.get(self._node.unique_id)
            periods = list(previous.failed) if previous is not None else self._periods()
            results = self._run(periods)
        except TidemillError as error:
            return self._error(error.located(node=self._node.unique_id).fault, started)
        return self._summed_up(periods, results, previous, started)

    # -- which -------------------------------------------------------------------------------

    def _periods(self) -> list[Period]:
        host = self._shop.host
        began = self._shop.as_of or host.config.started_at
        return batches_of(
            self._node,
            is_incremental=self._is_incremental(),
            asked=host.sample or host.event_time,
            now=dt.datetime.fromtimestamp(began, dt.UTC),
        )

    def _is_incremental(self) -> bool:
        node, host = self._node, self._shop.host
        if node.unique_id in self._shop.batches:
            return (
                True  # the batches that were built before must survive, also after --full-refresh
            )
        existing = host.relations.get(node.database, node.schema, node.alias)
        full_refresh = node.config.get("full_refresh")
        if full_refresh is None:
            full_refresh = host.flags.FULL_REFRESH
        return existing is not None and existing.type == "table" and not full_refresh

    def _exists(self) -> bool:
        node = self._node
        return self._shop.host.relations.get(node.database, node.schema, node.alias) is not None

    # -- running them ------------------------------------------------------------------------

    def _run(self, periods: list[Period]) -> list[NodeResult]:
        first = self._batch(periods, 0, incremental=self._is_incremental())
        last = len(periods) - 1
        if first.status != "success":
            return [first, *(self._skipped(periods, i) for i in range(1, last + 1))]
        middle = range(1, last)
        if len(middle) > 1 and self._side_by_side():
            threads = self._shop.host.config.target.threads
            with ThreadPoolExecutor(threads, thread_name_prefix="batch") as pool:
                between = list(pool.map(lambda i: self._batch(periods, i, alone=False), middle))
        else:
            between = [self._batch(periods, index) for index in middle]
        end = [self._batch(periods, last)] if last else []
        return [first, *between, *end]

    def _side_by_side(self) -> bool:
        if not self._shop.host.adapter.concurrent_batches or not self._exists():
            return False
        wanted = self._node.config.get("concurrent_batches")
        return not self._reads_itself() if wanted is None else bool(wanted)

    def _reads_itself(self) -> bool:
        tree = self._shop.host.environment.parse(self._node.raw_code)
        return any(name.name == "this" for name in tree.find_all(jinja2.nodes.Name))

    def _batch(
        self, periods: list[Period], index: int, *, incremental: bool = True, alone: bool = True
    ) -> NodeResult:
        self._tell_how(periods, index, "sequentially" if alone else "concurrently")
        self._tell(periods, index, "START", "RUN")
        names: Mapping[str, Any] = _INCREMENTALLY if incremental else {}
        work = NodeWork(self._shop, self._node_of(periods, index), names)
        result = work.execute()
        if result.fault is not None:
            self._tell_error(render_fault(result.fault))
        failed = result.status == "error"
        words = ("ERROR creating", "ERROR") if failed else ("OK created", result.message)
        self._tell(periods, index, *words, seconds=result.seconds)
        return result

    def _node_of(self, periods: list[Period], index: int) -> Model:
        """The model for one batch: pre-hooks come with the first, post-hooks with the last."""
        period, config = periods[index], dict(self._node.config)
        if index:
            config["pre-hook"] = []
        if index != len(periods) - 1:
            config["post-hook"] = []
        # Strategies of packages that are older than model.batch read these.
        config["__dbt_internal_microbatch_event_time_start"] = period.start
        config["__dbt_internal_microbatch_event_time_end"] = period.end
        batch = batch_of(period, self._size)
        return msgspec.structs.replace(self._node, config=config, batch=batch)

    def _skipped(self, periods: list[Period], index: int) -> NodeResult:
        self._tell(periods, index, "SKIP", "SKIP")
        return NodeResult(unique_id=self._node.unique_id, status="skipped")

    # -- telling -----------------------------------------------------------------------------

    def _tell(
        self,
        periods: list[Period],
        index: int,
        verb: str,
        status: str,
        *,
        seconds: float | None = None,
    ) -> None:
        description = self._description(periods, index)
        place = f"{index + 1} of {len(periods)}"
        left = f"{place} {verb} {description} ".ljust(80, ".")
        took = "" if seconds is None else f" in {seconds:0.2f}s"
        started = seconds is None and status == "RUN"
        data = {
            "description": description,
            "batch_index": index + 1,
            "total_batches": len(periods),
            "execution_time": seconds or 0,
        }
        if not started:
            data["status"] = _STATUSES.get(status, status)
        level: Level = "error" if status == "ERROR" else "info"
        code = "Q045" if started else "Q046"
        self._say(f"Batch {left} [{status}{took}]", level, code, data)

    def _tell_how(self, periods: list[Period], index: int, how: str) -> None:
        text = f"{self._description(periods, index)} is being run {how}"
        self._say(text, "debug", "Q044", {})

    def _tell_error(self, text: str) -> None:
        key, error = self._node.unique_id, f"Exception on worker thread. {text}"
        self._say(
            f"Unhandled error while executing {key}\n{error}",
            "error",
            "W004",
            {"unique_id": key, "exc": error},
        )

    def _description(self, periods: list[Period], index: int) -> str:
        label = batch_label(periods[index].start, self._size)
        return f"batch {label} of {self._node.schema}.{self._node.alias}"

    def _say(self, text: str, level: Level, code: str, data: dict[str, Any]) -> None:
        key = self._node.unique_id
        self._shop.emit(Message(text=text, level=level, unique_id=key, code=code, data=data))

    # -- the result --------------------------------------------------------------------------

    def _summed_up(
        self,
        periods: list[Period],
        results: list[NodeResult],
        previous: BatchResults | None,
        started: float,
    ) -> NodeResult:
        good = tuple(p for p, r in zip(periods, results, strict=True) if r.status == "success")
        bad = tuple(p for p, r in zip(periods, results, strict=True) if r.status != "success")
        status: NodeStatus = "success"
        message = "SUCCESS"
        if bad:
            status, message = "error", "ERROR"
        if bad and good:
            status = "partial success"
            message = f"PARTIAL SUCCESS ({len(good)}/{len(good) + len(bad)})"
        earlier = previous.successful if previous is not None else ()
        return NodeResult(
            unique_id=self._node.unique_id,
            status=status,
            message=message,
            failures=0,
            seconds=sum(result.seconds for result in results),
            thread=threading.current_thread().name,
            timings=_timings(started),
            relation_name=self._node.relation_name,
            batch_results=BatchResults(successful=(*good, *earlier), failed=bad),
            fault=next((r.fault for r in results if r.fault is not None), None),
        )

    def _error(self, fault: Fault, started: float) -> NodeResult:
        return NodeResult(
            unique_id=self._node.unique_id,
            status="error",
            message=render_fault(fault),
            seconds=time.time() - started,
            thread=threading.current_thread().name,
            timings=_timings(started),
            relation_name=self._node.relation_name,
            fault=fault,
        )


def work_on(shop: Workshop, node: Node) -> NodeWork | MicrobatchWork | CloneWork | NoOp:
    """The work that fits the node."""
    if isinstance(node, NoOpNode):
        return NoOp(node)
    if shop.host.config.arguments.get("which") == "clone":
        return CloneWork(shop, node)
    if isinstance(node, Model) and is_microbatch(node, shop.host):
        return MicrobatchWork(shop, node)
    return NodeWork(shop, node)


def _timings(started: float) -> tuple[Timing, ...]:
    return (Timing("compile", started, started), Timing("execute", started, time.time()))
