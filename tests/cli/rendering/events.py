"""Events as a run would emit them, and nodes to look up."""

from __future__ import annotations

from typing import Any

from tidemill.engine.nodes import Model, SingularTest
from tidemill.errors import Fault, Place
from tidemill.events import HookFinished, NodeFinished, NodePlan, NodeStarted, RunStarted

AT = 1_800_000_000.25
CLOCK = "08:00:00"

ORDERS = Model(
    unique_id="model.shop.orders",
    resource_type="model",
    name="orders",
    package_name="shop",
    path="marts/orders.sql",
    original_file_path="models/marts/orders.sql",
    fqn=("shop", "marts", "orders"),
    alias="orders",
    schema="main",
    database="shop",
    relation_name='"shop"."main"."orders"',
    config={"materialized": "table", "meta": {"owner": "ada"}},
    checksum="abc",
)
POSITIVE = SingularTest(
    unique_id="test.shop.positive",
    resource_type="test",
    name="positive",
    package_name="shop",
    path="positive.sql",
    original_file_path="tests/positive.sql",
    fqn=("shop", "positive"),
    alias="positive",
    schema="main_dbt_test__audit",
    database="shop",
    config={"materialized": "test"},
)
NODES = {node.unique_id: node for node in (ORDERS, POSITIVE)}

BROKEN = Fault(
    code="database",
    label="Database Error",
    message='Binder Error: Referenced column "x" not found',
    place=Place(file="models/marts/orders.sql", line=3),
    node="model.shop.orders",
)


def started(unique_id: str = "model.shop.orders", **changes: Any) -> NodeStarted:
    return NodeStarted(**_shared(unique_id) | changes)


def finished(
    unique_id: str = "model.shop.orders", status: str = "success", **changes: Any
) -> NodeFinished:
    more = {"status": status, "seconds": 0.5, "message": "OK"}
    return NodeFinished(**_shared(unique_id) | more | changes)


def hook(**changes: Any) -> HookFinished:
    values = {
        "name": "shop.on-run-start.0", "index": 1, "total": 1, "status": "success", "seconds": 0.02,
        "at": AT,
    }  # fmt: skip
    return HookFinished(**values | changes)


def run_started(*unique_ids: str) -> RunStarted:
    nodes = tuple(NodePlan(unique_id=u, name=_name(u), resource_type=_kind(u)) for u in unique_ids)
    return RunStarted(
        run_id="r", command="build", project="shop", target="dev", threads=4, nodes=nodes, at=AT
    )


def _shared(unique_id: str) -> dict[str, Any]:
    descriptions = {
        "model": f"sql table model main.{_name(unique_id)}",
        "seed": f"seed file main.{_name(unique_id)}",
        "snapshot": f"snapshot main.{_name(unique_id)}",
    }
    return {
        "unique_id": unique_id,
        "name": _name(unique_id),
        "resource_type": _kind(unique_id),
        "index": 1,
        "total": 8,
        "description": descriptions.get(_kind(unique_id), f"{_kind(unique_id)} {_name(unique_id)}"),
        "thread": "Thread-1 (worker)",
        "at": AT,
    }


def _kind(unique_id: str) -> str:
    return unique_id.partition(".")[0]


def _name(unique_id: str) -> str:
    return unique_id.rpartition(".")[2]
