"""What came of nodes and tests in runs, mixed into what is shown of them. Pure: the store is read elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import msgspec

from tidemill.server.values import (
    ColumnDetail,
    GraphNode,
    GraphState,
    NodeDetail,
    TestDetail,
    TestState,
)
from tidemill.store.values import NodeState


def with_states(
    nodes: Iterable[GraphNode],
    tests: Mapping[str, tuple[str, ...]],
    states: Mapping[str, NodeState],
) -> tuple[GraphNode, ...]:
    """``nodes`` with their own newest state and that of their tests."""
    if not states:
        return tuple(nodes)
    return tuple(
        msgspec.structs.replace(
            node,
            state=_graph_state(states.get(node.id)),
            test_state=_test_state(tests.get(node.id, ()), states),
        )
        for node in nodes
    )


def with_test_states(detail: NodeDetail, states: Mapping[str, NodeState]) -> NodeDetail:
    """``detail`` with what came of its tests, on the tests and on the columns."""
    tests = tuple(_with_state(test, states.get(test.id)) for test in detail.tests)
    columns = tuple(_with_statuses(column, states) for column in detail.columns)
    return msgspec.structs.replace(detail, tests=tests, columns=columns)


def _with_state(test: TestDetail, state: NodeState | None) -> TestDetail:
    if state is None:
        return test
    return msgspec.structs.replace(
        test, status=state.status, failures=state.failures, message=state.message
    )


def _with_statuses(column: ColumnDetail, states: Mapping[str, NodeState]) -> ColumnDetail:
    tests = tuple(
        msgspec.structs.replace(test, status=states[test.id].status) if test.id in states else test
        for test in column.tests
    )
    return msgspec.structs.replace(column, tests=tests)


def _graph_state(state: NodeState | None) -> GraphState | None:
    if state is None:
        return None
    return GraphState(status=state.status, run_id=state.run_id, finished_at=state.finished_at)


def _test_state(tests: Iterable[str], states: Mapping[str, NodeState]) -> TestState | None:
    counts = Counter(states[test].status for test in tests if test in states)
    if not counts:
        return None
    return TestState(
        passed=counts["pass"], fail=counts["fail"], warn=counts["warn"], error=counts["error"]
    )
