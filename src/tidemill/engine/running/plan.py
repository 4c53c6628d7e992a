"""What a command will do, as a list of frozen steps: the same list is shown, executed and tested.

Steps stand in the order in which one thread would take them: by level in the graph, then by unique id, as dbt
does. Nothing is executed here, and nothing here knows of threads.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Literal

import msgspec

from tidemill.engine.compiling.unit_cases import unit_test_node
from tidemill.engine.graph import Dag, with_test_edges
from tidemill.engine.nodes import Manifest, Node, UnitTestNode
from tidemill.engine.running.no_ops import no_op_node
from tidemill.events import NodePlan

Command = Literal["build", "run", "test", "seed", "snapshot", "clone", "compile"]

RESOURCE_TYPES: Mapping[str, tuple[str, ...]] = {
    "build": (
        "model",
        "seed",
        "snapshot",
        "test",
        "unit_test",
        "exposure",
        "saved_query",
        "function",
    ),
    "run": ("model",),
    "test": ("test", "unit_test"),
    "seed": ("seed",),
    "snapshot": ("snapshot",),
    "clone": ("model", "seed", "snapshot"),
    "compile": (
        "model",
        "seed",
        "analysis",
        "test",
        "snapshot",
        "function",
        "operation",
        "sql_operation",
    ),
}
"""The resource types that each command executes. Selections may hold more; the plan leaves those out."""


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One node to execute."""

    node: Node
    index: int
    """Position among the steps that are counted, from 1; 0 for an ephemeral model, which is not."""
    depends_on: tuple[str, ...] = ()
    """Unique ids of the steps that must have ended well before."""

    @property
    def unique_id(self) -> str:
        return self.node.unique_id

    @property
    def is_counted(self) -> bool:
        """False for ephemeral models: they are compiled, but nobody sees them run."""
        return not self.node.is_ephemeral

    def as_event(self) -> NodePlan:
        """The step as ``RunStarted`` announces it."""
        return NodePlan(
            unique_id=self.unique_id,
            name=self.node.name,
            resource_type=self.node.resource_type,
            depends_on=self.depends_on,
        )


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """All steps of one command, in order."""

    command: Command
    steps: tuple[Step, ...]

    @property
    def total(self) -> int:
        """The number of steps that are counted (``1 of 10``)."""
        return sum(step.is_counted for step in self.steps)

    @property
    def unique_ids(self) -> tuple[str, ...]:
        return tuple(step.unique_id for step in self.steps)


def make_plan(
    command: Command,
    selected: Collection[str],
    manifest: Manifest,
    dag: Dag,
    *,
    tested: Dag | None = None,
) -> Plan:
    """The plan of ``command`` for the selected unique ids.

    Order holds across nodes that are not selected. In a ``build`` the tests of a node come before what reads
    the node (dbt's rule for tests of several nodes is in ``graph.data_test_edges``); ``tested`` is ``dag`` with
    these edges, where the caller has it already.
    """
    types = RESOURCE_TYPES[command]
    nodes = {
        unique_id: node
        for unique_id in selected
        if (node := _node(unique_id, manifest)) is not None and node.resource_type in types
    }
    if command == "build":
        nodes = _without_lonely_unit_tests(nodes)
    ordered = (tested or with_test_edges(dag, manifest)) if command == "build" else dag
    if command == "clone":
        return _independent(node for node in nodes.values() if not node.is_ephemeral)
    graph = ordered.subset(set(nodes))
    if command == "build":
        graph = _with_unit_tests_first(graph, nodes)
    steps: list[Step] = []
    counted = 0
    for unique_id in graph.order():
        node = nodes[unique_id]
        counted += not node.is_ephemeral
        index = 0 if node.is_ephemeral else counted
        steps.append(Step(node=node, index=index, depends_on=graph.parents(unique_id)))
    return Plan(command=command, steps=tuple(steps))


def _independent(nodes: Iterable[Node]) -> Plan:
    """Steps that may run in any order: a clone reads nothing that another one makes."""
    ordered = sorted(nodes, key=lambda node: node.unique_id)
    steps = (Step(node=node, index=index) for index, node in enumerate(ordered, 1))
    return Plan(command="clone", steps=tuple(steps))


def _node(unique_id: str, manifest: Manifest) -> Node | None:
    test = manifest.unit_tests.get(unique_id)
    if test is not None:
        return unit_test_node(test, manifest)
    node = manifest.nodes.get(unique_id) or manifest.functions.get(unique_id)
    return node or no_op_node(unique_id, manifest)


def _without_lonely_unit_tests(nodes: Mapping[str, Node]) -> dict[str, Node]:
    """A build runs the unit tests of the models that it builds, and no others (dbt's rule)."""
    return {
        unique_id: node
        for unique_id, node in nodes.items()
        if not isinstance(node, UnitTestNode) or node.tested_node in nodes
    }


def _with_unit_tests_first(graph: Dag, nodes: Mapping[str, Node]) -> Dag:
    """A build runs the unit tests of a model in front of it, where the model would have had its turn."""
    tests = {
        unique_id: node.tested_node
        for unique_id, node in nodes.items()
        if isinstance(node, UnitTestNode) and node.tested_node in graph
    }
    before: dict[str, list[str]] = {}
    for test, model in tests.items():
        before.setdefault(model, []).append(test)
    return Dag(
        {
            member: graph.parents(tests[member])
            if member in tests
            else (*graph.parents(member), *before.get(member, ()))
            for member in graph
        }
    )
