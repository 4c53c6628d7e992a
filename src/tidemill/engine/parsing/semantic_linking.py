"""Names in the semantic layer to unique ids: models of semantic models, measures and metrics of metrics,
metrics of saved queries, exposures and nodes. Faults are gathered, not raised.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from tidemill.engine.jinja.not_found import ref_not_found
from tidemill.engine.nodes import DependsOn, Manifest
from tidemill.engine.nodes.semantics import (
    InputMeasure,
    Metric,
    NodeRelation,
    SavedQuery,
    SemanticModel,
)
from tidemill.engine.parsing.linking import located
from tidemill.errors import (
    CompilationError,
    Fault,
    ParsingError,
    TidemillError,
    did_you_mean,
)


class LinkedSemantics(msgspec.Struct, frozen=True):
    """The manifest with the dependencies of its semantic layer, and the faults that stop it."""

    manifest: Manifest
    faults: tuple[Fault, ...]


def link_semantics(
    manifest: Manifest, *, root: str, known: Manifest | None = None
) -> LinkedSemantics:
    """Resolve what the semantic layer reads. Refs of nodes and exposures are resolved already.

    Names are looked up in ``known`` where ``manifest`` is a part of a project, with all of its semantic layer or nothing.
    """
    users: list[Any] = [*manifest.nodes.values(), *manifest.exposures.values()]
    if not (
        manifest.semantic_models
        or manifest.metrics
        or manifest.saved_queries
        or any(user.metrics for user in users)
    ):
        return LinkedSemantics(manifest, ())
    linker = _Linker(known or manifest, root)
    models = {key: linker.semantic_model(v) for key, v in manifest.semantic_models.items()}
    linker.models = models or linker.models
    metrics = {key: linker.metric(value) for key, value in manifest.metrics.items()}
    linked = msgspec.structs.replace(
        manifest,
        semantic_models=models,
        metrics=metrics,
        saved_queries={key: linker.saved_query(v) for key, v in manifest.saved_queries.items()},
        nodes={key: linker.user(value) for key, value in manifest.nodes.items()},
        exposures={key: linker.user(value) for key, value in manifest.exposures.items()},
    )
    return LinkedSemantics(linked, tuple(dict.fromkeys(linker.faults)))


class _Linker:
    def __init__(self, manifest: Manifest, root: str) -> None:
        self._manifest = manifest
        self._root = root
        self.models = dict(manifest.semantic_models)
        self._linked: dict[str, Metric] = {}
        self.faults: list[Fault] = []

    # -- semantic models ---------------------------------------------------------------------

    def semantic_model(self, model: SemanticModel) -> SemanticModel:
        [ref] = model.refs
        node = self._manifest.find_ref(ref, package=model.package_name, root=self._root)
        if node is None:
            self._report(ref_not_found(ref, self._manifest), model)
            return model
        relation = NodeRelation(node.alias, node.schema, node.database, node.relation_name)
        return msgspec.structs.replace(
            model, node_relation=relation, depends_on=DependsOn((node.unique_id,), ())
        )

    # -- metrics -----------------------------------------------------------------------------

    def metric(self, metric: Metric, above: tuple[str, ...] = ()) -> Metric:
        """The metric with its measures and what it reads; those that it is made of come first."""
        if metric.unique_id in self._linked:
            return self._linked[metric.unique_id]
        measures = _own_measures(metric)
        read = [self._measure(measure, metric) for measure in measures]
        for written in metric.input_metrics:
            found = self._find_metric(written.name, None, metric)
            if found is None:
                continue
            if found.unique_id in (*above, metric.unique_id):
                names = " -> ".join((*above, metric.unique_id, found.unique_id))
                self._report(ParsingError(f"metrics are made of each other: {names}"), metric)
                continue
            inner = self.metric(found, (*above, metric.unique_id))
            measures += [m for m in inner.type_params.input_measures if m not in measures]
            read.append(inner.unique_id)
        linked = msgspec.structs.replace(
            metric,
            type_params=msgspec.structs.replace(
                metric.type_params, input_measures=tuple(dict.fromkeys(measures))
            ),
            depends_on=_depends_on(read, ()),
        )
        self._linked[metric.unique_id] = linked
        return linked

    def _measure(self, measure: InputMeasure, metric: Metric) -> str | None:
        """The semantic model with that measure: of the metric's own package, the root project, or any."""
        having = [
            model
            for model in self.models.values()
            if any(m.name == measure.name for m in model.measures)
        ]
        found = _nearest(having, metric.package_name, self._root)
        if found is not None:
            return str(found.unique_id)
        known = [m.name for model in self.models.values() for m in model.measures]
        disabled = self._disabled_with(measure.name)
        if disabled is not None:
            message = f"The measure `{measure.name}` is referenced on disabled semantic model `{disabled}`."
            self._report(ParsingError(message, code="measure-disabled"), metric)
            return None
        self._report(
            ParsingError(
                f"the measure '{measure.name}' is in no semantic model that is enabled",
                code="measure-not-found",
                hint=did_you_mean(measure.name, known),
            ),
            metric,
        )
        return None

    def _disabled_with(self, measure: str) -> str | None:
        """The name of a semantic model that is switched off and has the measure."""
        for resources in self._manifest.disabled.values():
            for resource in resources:
                if isinstance(resource, SemanticModel) and any(
                    known.name == measure for known in resource.measures
                ):
                    return resource.name
        return None

    # -- users of metrics --------------------------------------------------------------------

    def saved_query(self, query: SavedQuery) -> SavedQuery:
        read = self._metrics(((name,) for name in query.query_params.metrics), query)
        return msgspec.structs.replace(query, depends_on=_depends_on(read, ()))

    def user(self, resource: Any) -> Any:
        """A node or an exposure with the metrics that it names."""
        if not resource.metrics:
            return resource
        read = self._metrics(resource.metrics, resource)
        before = resource.depends_on
        return msgspec.structs.replace(
            resource, depends_on=_depends_on([*before.nodes, *read], before.macros)
        )

    def _metrics(self, names: Iterable[tuple[str, ...]], resource: Any) -> list[str]:
        found = [
            self._find_metric(words[-1], words[0] if len(words) == 2 else None, resource)
            for words in names
        ]
        return [metric.unique_id for metric in found if metric is not None]

    def _find_metric(self, name: str, package: str | None, resource: Any) -> Metric | None:
        named = [metric for metric in self._manifest.metrics.values() if metric.name == name]
        if package is not None:
            named = [metric for metric in named if metric.package_name == package]
        found: Metric | None = _nearest(named, package or resource.package_name, self._root)
        if found is None:
            self._report(self._not_found(name, resource), resource)
        return found

    def _not_found(self, name: str, resource: Any) -> TidemillError:
        disabled = any(
            isinstance(metric, Metric) and metric.name == name
            for metrics in self._manifest.disabled.values()
            for metric in metrics
        )
        kind = ParsingError if isinstance(resource, Metric) else CompilationError
        who = f"{resource.resource_type.replace('_', ' ')} '{resource.name}'"
        needs = f"{who} depends on a metric named '{name}' which"
        if disabled:
            return kind(f"{needs} is disabled", code="metric-disabled")
        known = [metric.name for metric in self._manifest.metrics.values()]
        return kind(
            f"{needs} was not found", code="metric-not-found", hint=did_you_mean(name, known)
        )

    def _report(self, error: TidemillError, resource: Any) -> None:
        self.faults.append(located(error, resource))


def _own_measures(metric: Metric) -> list[InputMeasure]:
    """The measures that the metric itself names."""
    params = metric.type_params
    if metric.type in {"simple", "cumulative"} and params.measure is not None:
        return [params.measure]
    if metric.type == "conversion" and params.conversion_type_params is not None:
        conversion = params.conversion_type_params
        return list(dict.fromkeys((conversion.base_measure, conversion.conversion_measure)))
    return []


def _nearest(candidates: list[Any], package: str, root: str) -> Any:
    """dbt's order: the package itself, the root project, then any."""
    for place in (package, root, None):
        for candidate in candidates:
            if place is None or candidate.package_name == place:
                return candidate
    return None


def _depends_on(read: Iterable[str | None], macros: tuple[str, ...]) -> DependsOn:
    return DependsOn(tuple(dict.fromkeys(key for key in read if key is not None)), macros)
