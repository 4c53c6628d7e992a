"""Rules for metrics of each type, and for saved queries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tidemill.engine.nodes.semantics import GRANULARITIES, Metric, TimeWindow
from tidemill.engine.parsing.semantic_layer import Broken, Layer, Rule
from tidemill.errors import did_you_mean

_COUNTS = frozenset({"count", "count_distinct"})


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


METRIC_RULES: tuple[Rule, ...] = (
    _cumulative,
    _derived,
    _conversion,
    _labels,
    _queries,
)
