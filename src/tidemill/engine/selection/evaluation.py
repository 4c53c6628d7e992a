"""An expression and a project to the unique ids it means, tests that come along included.

A criterion finds resources, follows ``+`` and ``@`` through the graph, and then takes tests along by
its indirect mode. Tests that some modes cannot decide yet are carried beside the selection, and
looked at again where parts are joined: another part may select the rest of what they read.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from tidemill.engine.selection.expressions import (
    Criterion,
    Difference,
    Expression,
    Indirect,
    Intersection,
    Union,
)
from tidemill.engine.selection.methods import BY_NAME
from tidemill.engine.selection.scope import Scope


class Found(msgspec.Struct, frozen=True):
    """What an expression selects, and tests that hang on what else is selected."""

    selected: set[str]
    undecided: set[str]


def evaluate(expression: Expression, scope: Scope, unmatched: Callable[[str], None]) -> Found:
    """What ``expression`` means in ``scope``; ``unmatched`` is told of words that find nothing."""
    if isinstance(expression, Criterion):
        return _criterion(expression, scope)
    if isinstance(expression, Difference):
        parts: tuple[Expression, ...] = (expression.include, expression.exclude)
        join = set.difference
    else:
        parts = expression.parts
        join = set.union if isinstance(expression, Union) else set.intersection
    found = [evaluate(part, scope, unmatched) for part in parts]
    joined = _joined(found, join, expression.indirect, scope)
    raw = expression.raw if isinstance(expression, Intersection) else None
    if raw is not None and not joined.selected:
        unmatched(raw)
    return joined


def _joined(
    found: list[Found], join: Callable[..., set[str]], indirect: Indirect, scope: Scope
) -> Found:
    if not found:
        return Found(set(), set())
    selected = join(*(part.selected for part in found))
    undecided = join(*(part.selected | part.undecided for part in found))
    return Found(_with_decided(selected, undecided, indirect, scope), undecided)


def _criterion(criterion: Criterion, scope: Scope) -> Found:
    named = {key for key in BY_NAME[criterion.method](scope, criterion) if key in scope.dag}
    selected = named | _relatives(criterion, named, scope)
    return _with_tests(selected, criterion.indirect, scope)


def _relatives(criterion: Criterion, named: set[str], scope: Scope) -> set[str]:
    dag = scope.dag
    found: set[str] = set()
    if criterion.childrens_parents:
        below = dag.descendants(named) | named
        found |= below | dag.ancestors(below)
    if criterion.parents:
        found |= dag.ancestors(named, criterion.parents_depth)
    if criterion.children:
        found |= dag.descendants(named, criterion.children_depth)
    return found


def _with_tests(selected: set[str], indirect: Indirect, scope: Scope) -> Found:
    """``selected`` with the tests that read it directly, as far as the mode lets them in."""
    if indirect == "empty":
        return Found(selected, set())
    below = {child for member in selected for child in scope.dag.children(member)}
    reads = {key: read for key in below if (read := scope.read_by_test(key)) is not None}
    near = set(reads)
    if indirect == "eager":
        return Found(selected | near, set())
    enough = selected
    if indirect == "buildable":
        enough = selected | scope.dag.ancestors(selected) | set(scope.manifest.sources)
    decided = {test for test in near if reads[test] <= enough}
    return Found(selected | decided, near - decided)


def _with_decided(
    selected: set[str], undecided: set[str], indirect: Indirect, scope: Scope
) -> set[str]:
    """``selected`` with those undecided data tests all of whose parents are there now."""
    if indirect in {"eager", "empty"} or selected == undecided:
        return selected
    enough = selected
    if indirect == "buildable":
        enough = selected | scope.dag.ancestors(selected)
    tests = {key: scope.read_by_test(key) for key in undecided if key in scope.manifest.nodes}
    return selected | {key for key, read in tests.items() if read is not None and read <= enough}
