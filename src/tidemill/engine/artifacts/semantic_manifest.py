"""semantic_manifest.json: the semantic layer alone, in the form that MetricFlow reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tidemill.engine.artifacts.files import write_atomically
from tidemill.engine.artifacts.manifest import identity_of
from tidemill.engine.nodes import Manifest, Metric, Model, SavedQuery, SemanticModel
from tidemill.engine.nodes.encoding import encode
from tidemill.engine.nodes.section import outlines_of
from tidemill.engine.nodes.semantic_shape import plain
from tidemill.engine.parsing.cache.bodies import is_made_of, keep_body

_INTERFACE_VERSION = {"major_version": "0", "minor_version": "9", "patch_version": "0"}
"""The version of dbt-semantic-interfaces whose form this is."""
_LEGACY_TIME_SPINE = "metricflow_time_spine"

_ENTITY = ("name", "description", "type", "role", "expr", "metadata", "label", "config")
_MEASURE = (
    "name",
    "agg",
    "description",
    "create_metric",
    "expr",
    "agg_params",
    "metadata",
    "non_additive_dimension",
    "agg_time_dimension",
    "label",
    "config",
)
_DIMENSION = (
    "name",
    "description",
    "type",
    "is_partition",
    "type_params",
    "expr",
    "metadata",
    "label",
    "config",
)
_PARAMETERS = (
    "measure",
    "numerator",
    "denominator",
    "expr",
    "window",
    "grain_to_date",
    "metrics",
    "conversion_type_params",
    "cumulative_type_params",
    "input_measures",
)
_QUERY = ("metrics", "group_by", "order_by", "limit", "where")
_EXPORT = ("export_as", "schema_name", "alias")


def write_semantic_manifest(path: Path, manifest: Manifest) -> None:
    """Write ``semantic_manifest_json`` to ``path``, atomically. Raises ConfigurationError.

    It does not say who wrote it and when: made of the same project, the file that is there will do.
    """
    identity = identity_of(manifest)
    if not is_made_of(path, identity):
        keep_body(path, write_atomically(path, semantic_manifest_json(manifest)), identity)


def semantic_manifest_json(manifest: Manifest) -> bytes:
    """The semantic layer with its time spines; equal to what dbt-core 1.11 writes."""
    return encode(
        {
            "semantic_models": [_semantic_model(m) for m in manifest.semantic_models.values()],
            "metrics": [_metric(metric) for metric in manifest.metrics.values()],
            "project_configuration": {
                "time_spine_table_configurations": list(_legacy_time_spines(manifest)),
                "metadata": None,
                "dsi_package_version": _INTERFACE_VERSION,
                "time_spines": list(_time_spines(manifest)),
            },
            "saved_queries": [_saved_query(query) for query in manifest.saved_queries.values()],
        }
    )


def _semantic_model(model: SemanticModel) -> dict[str, Any]:
    return {
        "name": model.name,
        "defaults": plain(model.defaults),
        "description": model.description,
        "node_relation": plain(model.node_relation),
        "primary_entity": model.primary_entity,
        "entities": [_chosen(entity, _ENTITY) for entity in plain(model.entities)],
        "measures": [_chosen(measure, _MEASURE) for measure in plain(model.measures)],
        "dimensions": [_chosen(dimension, _DIMENSION) for dimension in plain(model.dimensions)],
        "label": model.label,
        "metadata": None,
        "config": {"meta": model.meta},
    }


def _metric(metric: Metric) -> dict[str, Any]:
    parameters = _chosen(plain(metric.type_params), _PARAMETERS)
    cumulative = parameters["cumulative_type_params"]
    if cumulative is not None:
        keys = ("window", "grain_to_date", "period_agg")
        parameters["cumulative_type_params"] = _chosen(cumulative, keys)
    return {
        "name": metric.name,
        "description": metric.description,
        "type": metric.type,
        "type_params": parameters,
        "filter": plain(metric.filter),
        "metadata": None,
        "label": metric.label,
        "config": {"meta": metric.config.get("meta") or {}},
        "time_granularity": metric.time_granularity,
    }


def _saved_query(query: SavedQuery) -> dict[str, Any]:
    return {
        "name": query.name,
        "query_params": _chosen(plain(query.query_params), _QUERY),
        "description": query.description,
        "metadata": None,
        "label": query.label,
        "exports": [
            {"name": export["name"], "config": _chosen(export["config"], _EXPORT)}
            for export in plain(query.exports)
        ],
        "tags": list(query.tags),
    }


def _time_spines(manifest: Manifest) -> Iterator[dict[str, Any]]:
    spines = (o.unique_id for o in outlines_of(manifest.nodes) if getattr(o, "time_spine", None))
    for key in spines:
        node = manifest.nodes[key]
        assert isinstance(node, Model)
        assert node.time_spine is not None
        name = node.time_spine["standard_granularity_column"]
        column = node.columns.get(name)
        yield {
            "node_relation": {
                "alias": node.alias,
                "schema_name": node.schema,
                "database": node.database,
                "relation_name": node.relation_name,
            },
            "primary_column": {
                "name": name,
                "time_granularity": column.granularity if column else None,
            },
            "custom_granularities": [
                {"name": custom["name"], "column_name": custom.get("column_name")}
                for custom in node.time_spine.get("custom_granularities") or ()
            ],
        }


def _legacy_time_spines(manifest: Manifest) -> Iterator[dict[str, Any]]:
    """The model that is a time spine by its name alone."""
    if not manifest.semantic_models:
        return
    for node in manifest.refable.get(_LEGACY_TIME_SPINE, ()):
        if isinstance(node, Model) and not node.time_spine:
            yield {"location": node.relation_name, "column_name": "date_day", "grain": "day"}


def _chosen(shape: Mapping[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    """Those keys, in that order; what the value does not have is null."""
    return {key: shape.get(key) for key in keys}
