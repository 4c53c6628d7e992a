"""Methods that go by name: ``fqn:`` (the default), and one for each kind that has its own names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tidemill.engine.selection.expressions import Criterion
from tidemill.engine.selection.methods.named import resources_like
from tidemill.engine.selection.methods.patterns import fqn_matcher, matcher
from tidemill.engine.selection.scope import Scope, Selectable
from tidemill.errors import UsageError


def everything(scope: Scope, _criterion: Criterion) -> Iterator[str]:
    """The whole graph."""
    return iter(scope.dag)


def fqn(scope: Scope, criterion: Criterion) -> Iterator[str]:
    """By fully qualified name, the leading part of it, or the name alone. Sources have their own."""
    words = str(criterion.value)
    fits = fqn_matcher(words)
    for resource in resources_like(scope, words):
        is_model = resource.resource_type == "model"
        versioned = is_model and getattr(resource, "version", None) is not None
        if fits(resource.fqn, versioned):
            yield resource.unique_id


def source(scope: Scope, criterion: Criterion) -> Iterator[str]:
    """``source:name``, ``source:name.table`` or ``source:package.name.table``."""
    parts = str(criterion.value).split(".")
    if len(parts) > 3:
        raise _malformed(criterion, "a source", "[package.]source[.table]")
    if len(parts) == 1:
        parts.append("*")
    table, name, package = (matcher(part) for part in [*reversed(parts), "*"][:3])
    for found in scope.sources:
        if package(found.package_name) and name(found.source_name) and table(found.name):
            yield found.unique_id


def exposure(scope: Scope, criterion: Criterion) -> Iterator[str]:
    """``exposure:name`` or ``exposure:package.name``."""
    return _by_package_and_name(scope.exposures, criterion, "an exposure")


def metric(scope: Scope, criterion: Criterion) -> Iterator[str]:
    """``metric:name`` or ``metric:package.name``."""
    return _by_package_and_name(scope.metrics, criterion, "a metric")


def semantic_model(scope: Scope, criterion: Criterion) -> Iterator[str]:
    """``semantic_model:name`` or ``semantic_model:package.name``."""
    return _by_package_and_name(scope.semantic_models, criterion, "a semantic model")


def saved_query(scope: Scope, criterion: Criterion) -> Iterator[str]:
    """``saved_query:name`` or ``saved_query:package.name``."""
    return _by_package_and_name(scope.saved_queries, criterion, "a saved query")


def unit_test(scope: Scope, criterion: Criterion) -> Iterator[str]:
    """``unit_test:name`` or ``unit_test:package.name``."""
    return _by_package_and_name(scope.unit_tests, criterion, "a unit test")


def selector(scope: Scope, criterion: Criterion) -> Iterable[str]:
    """What a selector of selectors.yml selects."""
    return scope.named(str(criterion.value))


def _by_package_and_name(
    resources: Iterable[Selectable], criterion: Criterion, kind: str
) -> Iterator[str]:
    parts = str(criterion.value).split(".")
    if len(parts) > 2:
        raise _malformed(criterion, kind, "[package.]name")
    package, name = (matcher(part) for part in ["*", *parts][-2:])
    for resource in resources:
        if package(resource.package_name) and name(resource.name):
            yield resource.unique_id


def _malformed(criterion: Criterion, kind: str, form: str) -> UsageError:
    return UsageError(
        f"'{criterion.value}' does not name {kind} in the selector {criterion.raw!r}",
        code="selector",
        hint=f"write {criterion.method}:{form}",
    )
