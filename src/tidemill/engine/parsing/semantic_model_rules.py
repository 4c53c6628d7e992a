"""Rules for names in the semantic layer, and for semantic models with their elements."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tidemill.engine.nodes.semantics import GRANULARITIES, SemanticModel
from tidemill.engine.parsing.semantic_layer import Broken, Layer, Rule
from tidemill.errors import did_you_mean

_NAME = re.compile(r"[a-z](?:(?!__)[a-z0-9_])*[a-z0-9]")
_RESERVED = frozenset({"metric_time"})


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


MODEL_RULES: tuple[Rule, ...] = (
    _names,
    _unique_measures,
    _consistent_elements,
    _consistent_dimensions,
    _primary_entities,
    _times_of_measures,
    _aggregations,
    _non_additive,
    _validity,
)
