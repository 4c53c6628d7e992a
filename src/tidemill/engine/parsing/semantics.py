"""Entries of ``semantic_models``, ``metrics`` and ``saved_queries`` to resources.

Which measures and models they come down to is found in ``semantic_linking``, when all are known.
Descriptions are not rendered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from tidemill.engine.nodes.semantics import (
    Defaults,
    Dimension,
    ElementConfig,
    Entity,
    Export,
    ExportConfig,
    InputMeasure,
    Measure,
    Metric,
    MetricParameters,
    QueryParameters,
    SavedQuery,
    SemanticModel,
    WhereFilters,
)
from tidemill.engine.parsing.property_entries import Entry
from tidemill.engine.parsing.property_schema import Path
from tidemill.engine.parsing.references import reference_of
from tidemill.engine.parsing.semantic_entries import (
    conversion,
    converted,
    element,
    filters,
    input_measure,
    input_metric,
    text,
    window,
)
from tidemill.engine.project.config import RuntimeConfig
from tidemill.engine.project.config_merging import listed
from tidemill.engine.project.config_trees import (
    Layer,
    configs_for,
    merge_configs,
    unrendered_config,
)
from tidemill.errors import ParsingError
from tidemill.keys import unique_id

_LONGEST_NAME = 250
_Filter: Any = WhereFilters | None
_KINDS = {"metrics": "metric", "semantic_models": "semantic_model", "saved_queries": "saved_query"}


def make_semantic_model(entry: Entry, config: RuntimeConfig) -> SemanticModel:
    """The semantic model of one entry. Raises ParsingError for what does not fit."""
    values = entry.values
    common = _common(entry, config, entry.config)
    meta = common["config"].get("meta") or {}
    reference = reference_of(values["model"])
    if reference is None or reference.ref is None:
        raise ParsingError(
            f"the model of the semantic model '{entry.name}' is no ref: {values['model']}",
            code="reference",
            place=entry.place_of(("model",)),
            hint="write it as model: ref('orders')",
        )
    defaults = values.get("defaults")
    return SemanticModel(
        **common,
        model=values["model"],
        refs=(reference.ref,),
        description=values.get("description"),
        label=values.get("label"),
        defaults=None if defaults is None else converted(Defaults, defaults, entry, ("defaults",)),
        entities=tuple(_elements(entry, "entities", Entity, meta)),
        measures=tuple(_elements(entry, "measures", Measure, meta)),
        dimensions=tuple(_elements(entry, "dimensions", Dimension, meta)),
        primary_entity=values.get("primary_entity"),
    )


def metrics_of_measures(
    entry: Entry, model: SemanticModel, config: RuntimeConfig
) -> Iterator[Metric]:
    """A metric for each measure that asks for one with ``create_metric``."""
    for written, measure in zip(entry.values.get("measures") or (), model.measures, strict=True):
        if written.get("create_metric") is True:
            yield _metric_of_measure(entry, model, measure, config)


def make_metric(entry: Entry, config: RuntimeConfig) -> Metric:
    """The metric of one entry. Raises ParsingError for what does not fit."""
    values = entry.values
    _check_name(entry)
    common = _common(entry, config, entry.config)
    parameters = _metric_parameters(entry)
    _check_parts(entry, parameters)
    return Metric(
        **common,
        type=values["type"],
        label=values["label"],
        description=values.get("description") or "",
        type_params=parameters,
        filter=converted(_Filter, filters(values.get("filter")), entry, ("filter",)),
        time_granularity=values.get("time_granularity"),
        tags=tuple(values.get("tags") or ()),
        own_meta=values.get("meta") or {},
    )


def make_saved_query(entry: Entry, config: RuntimeConfig) -> SavedQuery:
    """The saved query of one entry; what its exports leave open is filled in by those who name relations."""
    values = entry.values
    common = _common(entry, config, entry.config)
    query = dict(values["query_params"])
    if "where" in query:
        query["where"] = filters(query["where"])
    tags = {*listed(values.get("tags") or []), *listed(common["config"].get("tags") or [])}
    return SavedQuery(
        **common,
        query_params=converted(QueryParameters, query, entry, ("query_params",)),
        exports=tuple(_exports(entry, common["config"])),
        description=values.get("description"),
        label=values.get("label"),
        tags=tuple(sorted(tags)),
    )


# -- common --------------------------------------------------------------------------------------


def _common(
    entry: Entry, config: RuntimeConfig, own: Layer, name: str | None = None, kind: str = ""
) -> dict[str, Any]:
    """Names, places and configuration of a resource of any of the three kinds."""
    file, name = entry.file, name or entry.name
    kind = kind or _KINDS[entry.section]
    section = next(section for section, known in _KINDS.items() if known == kind)
    fqn = (file.package, *file.relative_path.split("/")[:-1], name)
    layers = configs_for(config, section, fqn, file.package)
    merged = merge_configs([*layers.own, own, *layers.root], kind)
    written = [own]
    if kind == "metric":
        # dbt finds no project configuration as written for the other two kinds.
        levels = configs_for(config, section, fqn, file.package, rendered=False)
        written = [*levels.own, own, *levels.root]
    return {
        "unique_id": unique_id(kind, file.package, name),
        "name": name,
        "package_name": file.package,
        "path": file.relative_path,
        "original_file_path": file.path,
        "fqn": fqn,
        "config": merged,
        "unrendered_config": unrendered_config(written),
        "group": merged.get("group"),
        "line": entry.line,
    }


# -- semantic models -----------------------------------------------------------------------------


def _elements(entry: Entry, key: str, kind: Any, meta: Mapping[str, Any]) -> Iterator[Any]:
    """The elements of one kind. Each takes over the meta of its semantic model."""
    for index, written in enumerate(entry.values.get(key) or ()):
        found = element(written)
        if kind is Measure and isinstance(found, dict):
            found["create_metric"] = False
            found["expr"] = text(found.get("expr"))
        value = converted(kind, found, entry, (key, index))
        config = ElementConfig({**meta, **value.config.meta})
        yield msgspec.structs.replace(value, config=config)


def _metric_of_measure(
    entry: Entry, model: SemanticModel, measure: Measure, config: RuntimeConfig
) -> Metric:
    own = {"enabled": model.config["enabled"], "meta": model.meta}
    common = _common(entry, config, Layer(own), measure.name, "metric")
    return Metric(
        **common,
        type="simple",
        label=measure.label or measure.name,
        description=measure.description or f"Metric created from measure {measure.name}",
        type_params=MetricParameters(
            measure=InputMeasure(measure.name), expr=measure.expr or measure.name
        ),
    )


# -- metrics -------------------------------------------------------------------------------------


def _metric_parameters(entry: Entry) -> MetricParameters:
    written: dict[str, Any] = dict(entry.values["type_params"])
    at: Path = ("type_params",)
    if "measure" in written:
        written["measure"] = input_measure(written["measure"])
    for key in ("numerator", "denominator"):
        if key in written:
            written[key] = input_metric(written[key], entry, (*at, key))
    if isinstance(written.get("metrics"), list):
        written["metrics"] = [
            input_metric(metric, entry, (*at, "metrics", index))
            for index, metric in enumerate(written["metrics"])
        ]
    elif written.get("metrics") is None:
        written.pop("metrics", None)
    if "expr" in written:
        written["expr"] = text(written["expr"])
    if "conversion_type_params" in written:
        key = "conversion_type_params"
        written[key] = conversion(written[key], entry, (*at, key))
    written["cumulative_type_params"] = _cumulative(entry, written)
    if "window" in written:
        written["window"] = window(written["window"], entry, (*at, "window"))
    return converted(MetricParameters, written, entry, at)


def _cumulative(entry: Entry, written: Mapping[str, Any]) -> Any:
    """The parameters of a cumulative metric, with what stands in their old place."""
    if entry.values["type"] != "cumulative":
        return None
    inner = written.get("cumulative_type_params") or {}
    if not isinstance(inner, dict):
        return inner
    found = dict(inner)
    for key in ("window", "grain_to_date"):
        if not found.get(key) and written.get(key):
            found[key] = written[key]
    if "window" in found:
        path = ("type_params", "cumulative_type_params", "window")
        found["window"] = window(found["window"], entry, path)
    return found


def _check_name(entry: Entry) -> None:
    """dbt's rules for names of metrics, which hold without semantic models too."""
    name = entry.name
    broken = [
        rule
        for rule, is_kept in (
            ("cannot contain spaces", " " not in name),
            (f"cannot contain more than {_LONGEST_NAME} characters", len(name) <= _LONGEST_NAME),
            ("must begin with a letter", name[:1].isascii() and name[:1].isalpha()),
            (
                "must contain only letters, numbers and underscores",
                re.fullmatch(r"\w+", name) is not None,
            ),
        )
        if not is_kept
    ]
    if broken:
        raise ParsingError(
            f"'{name}' cannot be the name of a metric: it {', '.join(broken)}",
            code="metric-name",
            place=entry.place_of(("name",)),
        )


def _check_parts(entry: Entry, parameters: MetricParameters) -> None:
    """Each type of metric needs its own parts."""
    needed = {
        "simple": ("measure",),
        "cumulative": ("measure",),
        "ratio": ("numerator", "denominator"),
        "conversion": ("conversion_type_params",),
        "derived": ("metrics",),
    }[entry.values["type"]]
    for part in needed:
        if not getattr(parameters, part):
            raise ParsingError(
                f"the {entry.values['type']} metric '{entry.name}' needs '{part}' in 'type_params'",
                code="metric-incomplete",
                place=entry.place_of(("type_params",)),
            )


# -- saved queries -------------------------------------------------------------------------------


def _exports(entry: Entry, config: Mapping[str, Any]) -> Iterator[Export]:
    for index, written in enumerate(entry.values.get("exports") or ()):
        path: Path = ("exports", index)
        own = written.get("config") or {}
        combined = {"export_as": config.get("export_as"), "schema": config.get("schema"), **own}
        combined["schema_name"] = combined.get("schema_name") or combined.pop("schema", None)
        known = {key: combined.get(key) for key in ExportConfig.__struct_fields__}
        if known["export_as"] is None:
            raise ParsingError(
                f"the export '{written.get('name')}' of '{entry.name}' does not say what to make",
                code="export",
                place=entry.place_of(path),
                hint="add 'export_as: table' or 'export_as: view' to its config",
            )
        settled = converted(ExportConfig, known, entry, (*path, "config"))
        yield Export(name=str(written.get("name")), config=settled, unrendered_config=dict(own))
