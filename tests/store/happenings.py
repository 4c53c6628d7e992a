"""Made-up events of a run, for the tests of the store."""

from __future__ import annotations

from typing import Any

from tidemill.events import (
    AnyEvent,
    NodeFinished,
    NodePlan,
    NodeStarted,
    NodeStatus,
    RunFinished,
    RunStarted,
    RunStatus,
)


def started(run_id: str, names: list[str], **more: Any) -> RunStarted:
    nodes = tuple(
        NodePlan(unique_id=f"model.shop.{name}", name=name, resource_type="model") for name in names
    )
    about = {"command": "build", "project": "shop", "target": "dev", "threads": 4, **more}
    return RunStarted(run_id=run_id, nodes=nodes, **about)


def begins(name: str, index: int, total: int) -> NodeStarted:
    return NodeStarted(**_about(name, index, total))


def ends(
    name: str, index: int, total: int, status: NodeStatus = "success", **more: Any
) -> NodeFinished:
    about = {**_about(name, index, total), "status": status, "seconds": 0.5}
    return NodeFinished(**{**about, **more})


def finished(run_id: str, status: RunStatus = "success", **counts: int) -> RunFinished:
    return RunFinished(run_id=run_id, status=status, seconds=1.5, counts=counts)


def whole_run(run_id: str, names: list[str], **more: Any) -> list[AnyEvent]:
    total = len(names)
    events: list[AnyEvent] = [started(run_id, names, **more)]
    for index, name in enumerate(names, start=1):
        events += [begins(name, index, total), ends(name, index, total)]
    return [*events, finished(run_id, success=total)]


def _about(name: str, index: int, total: int) -> dict[str, Any]:
    return {
        "unique_id": f"model.shop.{name}",
        "name": name,
        "resource_type": "model",
        "index": index,
        "total": total,
        "description": f"sql table model main.{name}",
    }
