"""Rules between the parts of a semantic layer, as dbt holds them before it accepts a project.

Each rule takes the whole layer and gives what breaks it. Like dbt, they apply once a project has both
semantic models and metrics.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

import msgspec

from tidemill.engine.nodes import Manifest, Model
from tidemill.engine.nodes.semantics import (
    GRANULARITIES,
    Measure,
    Metric,
    SavedQuery,
    SemanticModel,
    TimeWindow,
)
from tidemill.errors import Fault, Place, did_you_mean

_NAME = re.compile(r"[a-z](?:(?!__)[a-z0-9_])*[a-z0-9]")
_RESERVED = frozenset({"metric_time"})
_COUNTS = frozenset({"count", "count_distinct"})
LEGACY_TIME_SPINE = "metricflow_time_spine"
"""A model of this name is a time spine of days without saying so."""


class Layer(msgspec.Struct, frozen=True, dict=True):
    """The semantic layer of a project."""

    manifest: Manifest

    @property
    def models(self) -> list[SemanticModel]:
        return list(self.manifest.semantic_models.values())

    @property
    def metrics(self) -> list[Metric]:
        return list(self.manifest.metrics.values())

    @property
    def queries(self) -> list[SavedQuery]:
        return list(self.manifest.saved_queries.values())

    @cached_property
    def measures(self) -> dict[str, tuple[SemanticModel, Measure]]:
        return {m.name: (model, m) for model in self.models for m in model.measures}

    @cached_property
    def custom_granularities(self) -> frozenset[str]:
        spines = [n.time_spine for n in self.manifest.nodes.values() if isinstance(n, Model)]
        custom = [g for spine in spines if spine for g in spine.get("custom_granularities") or ()]
        return frozenset(str(granularity["name"]) for granularity in custom)


class Broken(msgspec.Struct, frozen=True):
    """What breaks a rule, and in which resource."""

    resource: Any
    message: str
    hint: str | None = None


Rule = Callable[[Layer], Iterator[Broken]]


def check_semantics(manifest: Manifest) -> list[Fault]:
    """All that breaks a rule, with places."""
    faults = [_fault(broken) for broken in _time_spine(manifest)]
    if manifest.metrics and manifest.semantic_models:
        layer = Layer(manifest)
        faults += [_fault(broken) for rule in RULES for broken in rule(layer)]
    return faults


def _fault(broken: Broken) -> Fault:
    resource = broken.resource
    return Fault(
        code="semantic-layer",
        label="Parsing Error",
        message=broken.message,
        place=Place(file=resource.original_file_path, line=resource.line),
        hint=broken.hint,
        node=resource.unique_id,
    )


def _time_spine(manifest: Manifest) -> Iterator[Broken]:
    """A project with semantic models needs a model that has a row for each day, or finer."""
    if not manifest.semantic_models:
        return
    for node in manifest.nodes.values():
        if not isinstance(node, Model):
            continue
        if node.name == LEGACY_TIME_SPINE:
            return
        if node.time_spine:
            column = node.columns.get(node.time_spine.get("standard_granularity_column", ""))
            grain = column.granularity if column else None
            if grain in GRANULARITIES[: GRANULARITIES.index("day") + 1]:
                return
    first = next(iter(manifest.semantic_models.values()))
    yield Broken(
        first,
        "semantic models need a time spine: a model with a row for each day (or finer), and there is none",
        "give a model 'time_spine: {standard_granularity_column: date_day}', and its column"
        " 'granularity: day'",
    )


# -- names ---------------------------------------------------------------------------------------


def _names(layer: Layer) -> Iterator[Broken]:
    for resource in (*layer.models, *layer.metrics, *layer.queries):
        yield from _name(resource, resource.name, resource.resource_type.replace("_", " "))
    for model in layer.models:
        seen: dict[str, str] = {}
        for kind in ("measures", "entities", "dimensions"):
            word = "entity" if kind == "entities" else kind[:-1]
            for element in getattr(model, kind):
                yield from _name(model, element.name, word)
                if element.name in seen:
                    yield Broken(
                        model,
                        f"the {word} '{element.name}' has the name of a {seen[element.name]}"
                        f" in the semantic model '{model.name}'",
                    )
                seen.setdefault(element.name, word)


def _name(resource: Any, name: str, what: str) -> Iterator[Broken]:
    if not _NAME.fullmatch(name):
        yield Broken(
            resource,
            f"'{name}' cannot be the name of a {what}",
            "use lower case letters, digits and single underscores; begin with a letter, and do not"
            " end with an underscore",
        )
    if name in GRANULARITIES or name in _RESERVED:
        yield Broken(resource, f"'{name}' cannot be the name of a {what}: the word is reserved")


def _unique_measures(layer: Layer) -> Iterator[Broken]:
    seen: dict[str, SemanticModel] = {}
    for model in layer.models:
        for measure in model.measures:
            other = seen.setdefault(measure.name, model)
            if other is not model:
                yield Broken(
                    model,
                    f"the measure '{measure.name}' is in the semantic models '{other.name}' and"
                    f" '{model.name}'; names of measures must be unique",
                )


def _consistent_elements(layer: Layer) -> Iterator[Broken]:
    """One name means one kind of element in all semantic models."""
    kinds: dict[str, dict[str, SemanticModel]] = {}
    for model in layer.models:
        for kind in ("measures", "entities", "dimensions"):
            for element in getattr(model, kind):
                kinds.setdefault(element.name, {}).setdefault(kind, model)
    for name, models in kinds.items():
        if len(models) > 1 and len(set(map(id, models.values()))) > 1:
            used = ", ".join(f"{kind} of '{model.name}'" for kind, model in models.items())
            yield Broken(next(iter(models.values())), f"'{name}' is used for several kinds: {used}")


def _consistent_dimensions(layer: Layer) -> Iterator[Broken]:
    seen: dict[str, tuple[str, bool, SemanticModel]] = {}
    for model in layer.models:
        for dimension in model.dimensions:
            kind, partition, other = seen.setdefault(
                dimension.name, (dimension.type, dimension.is_partition, model)
            )
            if kind != dimension.type:
                yield Broken(
                    model,
                    f"the dimension '{dimension.name}' is {dimension.type} here and {kind} in the"
                    f" semantic model '{other.name}'",
                )
            if partition != dimension.is_partition:
                yield Broken(
                    model,
                    f"the dimension '{dimension.name}' has another 'is_partition' in the semantic"
                    f" model '{other.name}'",
                )


# -- semantic models -----------------------------------------------------------------------------


def _primary_entities(layer: Layer) -> Iterator[Broken]:
    for model in layer.models:
        primary = [entity.name for entity in model.entities if entity.type == "primary"]
        if len(primary) > 1:
            names = ", ".join(primary)
            message = f"the semantic model '{model.name}' has several primary entities: {names}"
            yield Broken(model, message)
        elif primary and model.primary_entity is not None:
            yield Broken(
                model,
                f"the semantic model '{model.name}' has the primary entity '{primary[0]}' as well as"
                f" 'primary_entity: {model.primary_entity}'",
                "keep one of them",
            )
        elif not primary and model.primary_entity is None and model.dimensions:
            yield Broken(
                model,
                f"the semantic model '{model.name}' has dimensions and no primary entity",
                "give an entity the type 'primary', or set 'primary_entity'",
            )


def _times_of_measures(layer: Layer) -> Iterator[Broken]:
    for model in layer.models:
        times = {dimension.name for dimension in model.dimensions if dimension.type == "time"}
        default = model.defaults.agg_time_dimension if model.defaults else None
        for measure in model.measures:
            name = measure.agg_time_dimension or default
            if name is None:
                yield Broken(
                    model,
                    f"the measure '{measure.name}' of '{model.name}' has no time dimension",
                    "set 'agg_time_dimension' in 'defaults', or in the measure",
                )
            elif name not in times:
                yield Broken(
                    model,
                    f"the measure '{measure.name}' of '{model.name}' is counted by '{name}', which is"
                    " no time dimension of the semantic model",
                    did_you_mean(name, times),
                )
        if default is not None and not model.measures and default not in times:
            yield Broken(
                model,
                f"'agg_time_dimension: {default}' is no time dimension of the semantic model"
                f" '{model.name}'",
                did_you_mean(default, times),
            )


def _aggregations(layer: Layer) -> Iterator[Broken]:
    for model, measure in layer.measures.values():
        percentile = measure.agg_params.percentile if measure.agg_params else None
        if measure.agg == "percentile" and (percentile is None or not 0 < percentile < 1):
            yield Broken(
                model,
                f"the measure '{measure.name}' is a percentile and does not say which",
                "set 'agg_params: {percentile: 0.95}', between 0 and 1",
            )
        if measure.agg != "percentile" and measure.agg_params is not None:
            yield Broken(
                model,
                f"the measure '{measure.name}' has 'agg_params', which are for percentiles, and its"
                f" aggregation is '{measure.agg}'",
            )
        if measure.agg == "count" and measure.expr is None:
            yield Broken(
                model,
                f"the measure '{measure.name}' counts, and does not say what",
                "set 'expr: 1' to count rows, or the column whose values count",
            )
        if measure.agg == "count" and (measure.expr or "").lower().startswith("distinct "):
            yield Broken(
                model,
                f"the measure '{measure.name}' counts with DISTINCT",
                "use 'agg: count_distinct'",
            )


def _non_additive(layer: Layer) -> Iterator[Broken]:
    for model, measure in layer.measures.values():
        wanted = measure.non_additive_dimension
        if wanted is None:
            continue
        times = {dimension.name for dimension in model.dimensions if dimension.type == "time"}
        if wanted.name not in times:
            yield Broken(
                model,
                f"the measure '{measure.name}' names '{wanted.name}' as its non-additive dimension,"
                f" which is no time dimension of '{model.name}'",
                did_you_mean(wanted.name, times),
            )
        if wanted.window_choice not in {"min", "max"}:
            yield Broken(
                model,
                f"'window_choice' of the measure '{measure.name}' must be min or max",
            )
        entities = {entity.name for entity in model.entities}
        for name in wanted.window_groupings:
            if name not in entities:
                yield Broken(
                    model,
                    f"the measure '{measure.name}' groups by '{name}', which is no entity of"
                    f" '{model.name}'",
                    did_you_mean(name, entities),
                )


def _validity(layer: Layer) -> Iterator[Broken]:
    """Validity windows need both ends, one natural entity, and no measures."""
    for model in layer.models:
        windows = [d for d in model.dimensions if d.validity is not None]
        natural = [entity for entity in model.entities if entity.type == "natural"]
        if len(natural) > 1:
            yield Broken(model, f"the semantic model '{model.name}' has several natural entities")
        if natural and not windows:
            yield Broken(
                model,
                f"the semantic model '{model.name}' has a natural entity and no validity window",
                "mark two time dimensions with 'validity_params'",
            )
        if not windows:
            continue
        starts = [d for d in windows if d.validity is not None and d.validity.is_start]
        ends = [d for d in windows if d.validity is not None and d.validity.is_end]
        if len(starts) != 1 or len(ends) != 1 or starts == ends or len(windows) != 2:
            yield Broken(
                model,
                f"the validity window of '{model.name}' needs two dimensions: one that is its start,"
                " one that is its end",
            )
        if not natural:
            yield Broken(
                model,
                f"the semantic model '{model.name}' has a validity window and no natural entity",
                "give the entity that the window is for the type 'natural'",
            )
        if model.measures:
            yield Broken(
                model, f"the semantic model '{model.name}' has a validity window and measures"
            )


# -- metrics -------------------------------------------------------------------------------------


def _cumulative(layer: Layer) -> Iterator[Broken]:
    for metric in layer.metrics:
        params = metric.type_params.cumulative_type_params
        if metric.type != "cumulative" or params is None:
            continue
        if params.window and params.grain_to_date:
            message = f"the metric '{metric.name}' has 'window' as well as 'grain_to_date'"
            yield Broken(metric, message, "keep one of them")
        if params.grain_to_date and params.grain_to_date not in GRANULARITIES:
            yield _no_granularity(metric, params.grain_to_date, GRANULARITIES)
        yield from _window(metric, params.window, GRANULARITIES)


def _derived(layer: Layer) -> Iterator[Broken]:
    for metric in layer.metrics:
        inputs = metric.type_params.metrics if metric.type == "derived" else ()
        names = {written.name for written in inputs}
        for written in inputs:
            if written.alias and written.alias in names:
                yield Broken(
                    metric,
                    f"the alias '{written.alias}' in '{metric.name}' is the name of another input",
                )
            if written.offset_window and written.offset_to_grain:
                yield Broken(
                    metric,
                    f"the input '{written.name}' of '{metric.name}' has 'offset_window' as well as"
                    " 'offset_to_grain'",
                    "keep one of them",
                )
            known = (*GRANULARITIES, *sorted(layer.custom_granularities))
            yield from _window(metric, written.offset_window, known)
            if written.offset_to_grain and written.offset_to_grain not in GRANULARITIES:
                yield _no_granularity(metric, written.offset_to_grain, GRANULARITIES)


def _conversion(layer: Layer) -> Iterator[Broken]:
    for metric in layer.metrics:
        params = metric.type_params.conversion_type_params
        if metric.type != "conversion" or params is None:
            continue
        yield from _window(metric, params.window, GRANULARITIES)
        for written in (params.base_measure, params.conversion_measure):
            if written.name not in layer.measures:
                continue
            model, measure = layer.measures[written.name]
            counts = measure.agg in _COUNTS or (measure.agg == "sum" and measure.expr == "1")
            if not counts:
                yield Broken(
                    metric,
                    f"the conversion metric '{metric.name}' needs measures that count, and"
                    f" '{measure.name}' is aggregated by {measure.agg}",
                    "use count, count_distinct, or sum with expr: 1",
                )
            entities = {entity.name for entity in model.entities}
            if params.entity not in entities:
                yield Broken(
                    metric,
                    f"the entity '{params.entity}' of '{metric.name}' is not in the semantic model"
                    f" '{model.name}'",
                    did_you_mean(params.entity, entities),
                )


def _window(metric: Metric, window: TimeWindow | None, known: tuple[str, ...]) -> Iterator[Broken]:
    if window is not None and window.granularity not in known:
        yield _no_granularity(metric, window.granularity, known)


def _no_granularity(metric: Metric, word: str, known: tuple[str, ...]) -> Broken:
    return Broken(
        metric,
        f"'{word}' in the metric '{metric.name}' is no unit of time",
        did_you_mean(word, known) or f"known ones: {', '.join(known)}",
    )


def _labels(layer: Layer) -> Iterator[Broken]:
    for kind, resources in (("metric", layer.metrics), ("semantic model", layer.models)):
        seen: dict[str, Any] = {}
        for resource in resources:
            if not resource.label:
                continue
            other = seen.setdefault(resource.label, resource)
            if other is not resource:
                yield Broken(
                    resource,
                    f"the label '{resource.label}' of the {kind} '{resource.name}' is that of"
                    f" '{other.name}' as well",
                )


# -- saved queries -------------------------------------------------------------------------------


def _queries(layer: Layer) -> Iterator[Broken]:
    for query in layer.queries:
        params = query.query_params
        if params.limit is not None and params.limit < 0:
            yield Broken(query, f"the limit of '{query.name}' is below zero")
        metrics = {f"Metric('{name}')" for name in params.metrics}
        known = {_bare(item) for item in (*metrics, *params.group_by)}
        for item in params.order_by:
            if _bare(re.sub(r"\.descending\(\s*\w*\s*\)\s*$", "", item.strip())) not in known:
                yield Broken(
                    query,
                    f"'{query.name}' is ordered by {item}, which is none of its metrics and groupings",
                    "write metrics as Metric('name')",
                )


def _bare(item: str) -> str:
    return item.replace(" ", "").replace('"', "'")


RULES: tuple[Rule, ...] = (
    _names,
    _unique_measures,
    _consistent_elements,
    _consistent_dimensions,
    _primary_entities,
    _times_of_measures,
    _aggregations,
    _non_additive,
    _validity,
    _cumulative,
    _derived,
    _conversion,
    _labels,
    _queries,
)
