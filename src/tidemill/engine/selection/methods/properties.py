"""Methods that go by what a resource says of itself: tags, group, access, configuration, kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from tidemill.engine.nodes import GenericTest, Model, SingularTest
from tidemill.engine.selection.expressions import Criterion
from tidemill.engine.selection.methods.patterns import matcher
from tidemill.engine.selection.scope import Configured, Scope
from tidemill.errors import UsageError, did_you_mean
from tidemill.keys import RESOURCE_TYPES

TEST_TYPES = ("generic", "singular", "unit", "data")
VERSIONS = ("latest", "prerelease", "old", "none")
_ABSENT = object()


def tag(scope: Scope, criterion: Criterion) -> Iterator[str]:
    """By tag."""
    fits = matcher(str(criterion.value))
    return (r.unique_id for r in scope.everything() if any(map(fits, r.tags)))


def group(scope: Scope, criterion: Criterion) -> Iterator[str]:
    """By group, of nodes and metrics."""
    fits = matcher(str(criterion.value))
    grouped: list[Iterable[Configured]] = [scope.nodes, scope.metrics]
    for resource in chain.from_iterable(grouped):
        name = resource.config.get("group")
        if name and fits(name):
            yield resource.unique_id


def access(scope: Scope, criterion: Criterion) -> Iterator[str]:
    """By a model's access: private, protected or public."""
    for node in scope.nodes:
        if isinstance(node, Model) and node.access == criterion.value:
            yield node.unique_id


def config(scope: Scope, criterion: Criterion) -> Iterator[str]:
    """``config.<key>[.<key>]:value``, of nodes and sources; a list is asked whether it holds it."""
    insensitive = criterion.arguments == ("severity",)
    for resource in scope.configured():
        found = _value_at(resource.config, criterion.arguments)
        values = found if isinstance(found, list) else [found]
        if any(_means(value, criterion.value, insensitive) for value in values):
            yield resource.unique_id


def resource_type(scope: Scope, criterion: Criterion) -> Iterator[str]:
    """By kind: model, seed, test ..."""
    kind = _one_of(criterion, RESOURCE_TYPES, "resource type")
    return (r.unique_id for r in scope.everything() if r.resource_type == kind)


def test_name(scope: Scope, criterion: Criterion) -> Iterator[str]:
    """By the generic test behind a data test (``unique``), or by a unit test's own name."""
    fits = matcher(str(criterion.value))
    for node in scope.nodes:
        if isinstance(node, GenericTest) and fits(node.test_metadata.name):
            yield node.unique_id
    yield from (test.unique_id for test in scope.unit_tests if fits(test.name))


def test_type(scope: Scope, criterion: Criterion) -> Iterator[str]:
    """``generic``, ``singular``, ``unit`` or ``data`` (generic and singular)."""
    value = {"schema": "generic"}.get(str(criterion.value))
    kind = value or _one_of(criterion, TEST_TYPES, "type of test")
    if kind == "unit":
        yield from (test.unique_id for test in scope.unit_tests)
        return
    kinds = {
        "generic": (GenericTest,),
        "singular": (SingularTest,),
        "data": (GenericTest, SingularTest),
    }
    yield from (node.unique_id for node in scope.nodes if isinstance(node, kinds[kind]))


def version(scope: Scope, criterion: Criterion) -> Iterator[str]:
    """``latest``, ``prerelease`` (newer than it), ``old`` (older), or ``none``."""
    kind = _one_of(criterion, VERSIONS, "version")
    for node in scope.nodes:
        if isinstance(node, Model) and kind in _versions(node):
            yield node.unique_id


def _versions(model: Model) -> tuple[str, ...]:
    if model.version is None:
        return ("none",)
    if model.is_latest_version:
        return ("latest",)
    if not model.version or not model.latest_version:
        return ()
    return ("old",) if _older(model.version, model.latest_version) else ("prerelease",)


def _older(first: str | float, second: str | float) -> bool:
    try:
        return float(first) < float(second)
    except ValueError:
        return str(first) < str(second)


def _value_at(config: Mapping[str, Any], keys: tuple[str, ...]) -> Any:
    value: Any = config
    for key in keys:
        if not isinstance(value, Mapping) or key not in value:
            return _ABSENT
        value = value[key]
    return value


def _means(value: Any, wanted: Any, insensitive: bool) -> bool:
    """Whether a configured value is what was asked for; numbers on the command line are text."""
    if isinstance(value, bool):
        return str(wanted).lower() == str(value).lower()
    if insensitive and isinstance(value, str):
        return value.lower() == str(wanted).lower()
    return bool(value == wanted)


def _one_of(criterion: Criterion, known: tuple[str, ...], what: str) -> str:
    value = str(criterion.value)
    if value in known:
        return value
    raise UsageError(
        f"'{value}' is no {what} in the selector {criterion.raw!r}",
        code="selector",
        hint=did_you_mean(value, known) or f"choose one of {', '.join(known)}",
    )
