"""Edges from data tests to what must wait for them in a ``build``.

dbt's rule: a node waits for a test when everything that the test reads stands above the node. A
test of one model holds back all that reads the model; a test between two models holds back only
what stands on both, so no cycle can come of it. Only the first nodes on each way down get an
edge; those behind them wait all the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from operator import and_, or_
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
    """Edges of the tests that read several nodes, tests with equally many parents at a time."""
    by_count: dict[int, list[str]] = {}
    for test, read in tests.items():
        if len(read) > 1:
            by_count.setdefault(len(read), []).append(test)
    order = list(dag.levels()) if by_count else []
    for count, names in by_count.items():
        reads = [tests[name] for name in names]
        for member, found in _first_below_all(dag, order, reads, count, waiting):
            yield names[found], member


def _first_below_all(
    dag: Dag,
    order: Sequence[str],
    reads: Sequence[tuple[str, ...]],
    count: int,
    waiting: set[str],
) -> Iterator[tuple[str, int]]:
    """Members below all of ``reads[i]`` and below no such member, with that ``i``.

    One walk down, with sets of tests as the bits of integers: for each place in ``reads`` the tests
    whose parent at that place has been passed. Quick where thousands of tests are open at a node.
    """
    begins: dict[str, list[int]] = {}
    for i, read in enumerate(reads):
        for place, member in enumerate(read):
            begins.setdefault(member, [0] * count)[place] |= 1 << i
    nothing = [0] * count
    passed: dict[str, list[int]] = {}
    complete: dict[str, int] = {}
    for member in order:
        parents = dag.parents(member)
        seen = [
            reduce(or_, (passed[parent][place] for parent in parents), 0) for place in range(count)
        ]
        here = reduce(and_, seen)
        if member in waiting:
            known = reduce(or_, (complete[parent] for parent in parents), 0)
            for i in _bits(here & ~known):
                yield member, i
        complete[member] = here
        passed[member] = [a | b for a, b in zip(seen, begins.get(member, nothing), strict=True)]


def _bits(number: int) -> Iterator[int]:
    while number:
        low = number & -number
        yield low.bit_length() - 1
        number ^= low
