"""``metric('revenue')`` in SQL: the metric with all that it says, its name when printed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tidemill.engine.nodes import Manifest, Metric
from tidemill.errors import CompilationError, did_you_mean

_MADE_OF_OTHERS = frozenset({"derived", "ratio"})


class _MetricType(str):
    """The type of a metric: equal to its word, and printed as dbt prints a value of its enumeration."""

    __slots__ = ()

    def __str__(self) -> str:
        return f"MetricType.{self.upper()}"


class NamedMetric:
    """A metric while the project is parsed: its name, and the package if one was given."""

    def __init__(self, arguments: tuple[str, ...]) -> None:
        self.metric_name = arguments[-1] if arguments else ""
        self.package_name = arguments[0] if len(arguments) == 2 else None

    def __str__(self) -> str:
        return self.metric_name


class MetricReference:
    """One metric as templates see it. What dbt's reference tells, this tells by the same names."""

    def __init__(self, metric: Metric, manifest: Manifest) -> None:
        self.node = metric
        self.manifest = manifest
        self.type = _MetricType(metric.type)
        self.metric_name = metric.name
        self.package_name = metric.package_name

    def __str__(self) -> str:
        return self.metric_name

    def __getattr__(self, name: str) -> Any:
        return getattr(self.node, name)

    def full_metric_dependency(self) -> list[str]:
        """The names of the metric and of all metrics that it is made of."""
        return list(dict.fromkeys(metric.name for metric in self._all(self.node)))

    def base_metric_dependency(self) -> list[str]:
        """Those of them that are made of measures."""
        return self._named(made_of_others=False)

    def derived_metric_dependency(self) -> list[str]:
        """Those of them that are made of other metrics."""
        return self._named(made_of_others=True)

    def derived_metric_dependency_depth(self) -> list[dict[str, int]]:
        """Those that are made of other metrics, each with its distance from this one, counted from 1."""
        return [{metric.name: depth} for metric, depth in self._derived(self.node, 1)]

    def _named(self, *, made_of_others: bool) -> list[str]:
        found = (m for m in self._all(self.node) if (m.type in _MADE_OF_OTHERS) is made_of_others)
        return list(dict.fromkeys(metric.name for metric in found))

    def _all(self, metric: Metric) -> Iterator[Metric]:
        yield metric
        for parent in self._parents(metric):
            yield from self._all(parent)

    def _derived(self, metric: Metric, depth: int) -> Iterator[tuple[Metric, int]]:
        if metric.type in _MADE_OF_OTHERS:
            yield metric, depth
            for parent in self._parents(metric):
                yield from self._derived(parent, depth + 1)

    def _parents(self, metric: Metric) -> Iterator[Metric]:
        metrics = self.manifest.metrics
        return (metrics[key] for key in metric.depends_on.nodes if key in metrics)


def resolve_metric(
    manifest: Manifest, arguments: tuple[Any, ...], *, package: str, root: str
) -> MetricReference:
    """The metric that ``metric(name)`` or ``metric(package, name)`` means. Raises CompilationError."""
    if len(arguments) not in {1, 2} or not all(isinstance(word, str) for word in arguments):
        raise CompilationError(
            "metric() takes the name of a metric, or a package and a name", code="metric-arguments"
        )
    name = arguments[-1]
    named = [metric for metric in manifest.metrics.values() if metric.name == name]
    places = (arguments[0],) if len(arguments) == 2 else (package, root, None)
    for place in places:
        for metric in named:
            if place is None or metric.package_name == place:
                return MetricReference(metric, manifest)
    known = [metric.name for metric in manifest.metrics.values()]
    raise CompilationError(
        f"there is no metric '{name}'", code="metric-not-found", hint=did_you_mean(name, known)
    )
