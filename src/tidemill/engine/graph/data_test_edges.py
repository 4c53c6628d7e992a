"""Edges from data tests to what must wait for them in a ``build``.

dbt's rule: a node waits for a test when everything that the test reads stands above the node. A
test of one model holds back all that reads the model; a test between two models holds back only
what stands on both, so no cycle can come of it. Only the first nodes on each way down get an
edge; those behind them wait all the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from tidemill.engine.graph.dag import Dag

if TYPE_CHECKING:
    from tidemill.engine.nodes import Manifest


def with_test_edges(dag: Dag, manifest: Manifest) -> Dag:
    """``dag`` with the tests of ``manifest`` as further parents of the nodes that wait for them."""
    tests = {
        key: node.depends_on.nodes
        for key, node in manifest.nodes.items()
        if node.resource_type == "test" and key in dag
    }
    waiting = {
        key for key, node in manifest.nodes.items() if node.resource_type != "test" and key in dag
    }
    added: dict[str, list[str]] = {}
    for test, node in (*_single(dag, tests, waiting), *_joint(dag, tests, waiting)):
        added.setdefault(node, []).append(test)
    return Dag({member: (*dag.parents(member), *added.get(member, ())) for member in dag})


def _single(
    dag: Dag, tests: Mapping[str, tuple[str, ...]], waiting: set[str]
) -> Iterator[tuple[str, str]]:
    for test, read in tests.items():
        if len(read) == 1 and read[0] in dag:
            for child in dag.children(read[0]):
                if child in waiting:
                    yield test, child


def _joint(
    dag: Dag, tests: Mapping[str, tuple[str, ...]], waiting: set[str]
) -> Iterator[tuple[str, str]]:
    """Edges of the tests that read several nodes.

    Walks down once. Sets of members and of tests are bits of integers, which keeps the walk quick
    where thousands of tests are still open at a node.
    """
    joint = [(test, read) for test, read in tests.items() if len(read) > 1]
    members = dict.fromkeys(member for _, read in joint for member in read)
    bit_of = {member: 1 << i for i, member in enumerate(members)}
    needs = [sum(bit_of[member] for member in set(read)) for _, read in joint]
    begins: dict[str, int] = dict.fromkeys(members, 0)
    for i, (_, read) in enumerate(joint):
        for member in read:
            begins[member] |= 1 << i
    above: dict[str, int] = {}
    still_open: dict[str, int] = {}
    for member in dag.levels() if joint else ():
        seen = pending = 0
        for parent in dag.parents(member):
            seen |= above[parent] | bit_of.get(parent, 0)
            pending |= still_open[parent] | begins.get(parent, 0)
        if member in waiting:
            for i in _bits(pending):
                if needs[i] & ~seen == 0:
                    pending &= ~(1 << i)
                    yield joint[i][0], member
        above[member], still_open[member] = seen, pending


def _bits(number: int) -> Iterator[int]:
    while number:
        low = number & -number
        yield low.bit_length() - 1
        number ^= low
