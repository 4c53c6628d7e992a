"""Semantic models, metrics and saved queries as the mappings that dbt's manifest holds."""

from __future__ import annotations

from typing import Any

import msgspec

from tidemill.engine.nodes.semantics import Metric, SavedQuery, SemanticModel

SemanticResource = SemanticModel | Metric | SavedQuery


def semantic_dict(resource: SemanticResource, *, created_at: float = 0.0) -> dict[str, Any]:
    """The resource in the manifest's shape."""
    if isinstance(resource, SemanticModel):
        return _semantic_model(resource, created_at)
    if isinstance(resource, Metric):
        return _metric(resource, created_at)
    return _saved_query(resource, created_at)


def plain(value: Any) -> Any:
    """An inner value as mappings and lists."""
    return msgspec.to_builtins(value)


def _place(resource: SemanticResource) -> dict[str, Any]:
    return {
        "name": resource.name,
        "resource_type": resource.resource_type,
        "package_name": resource.package_name,
        "path": resource.path,
        "original_file_path": resource.original_file_path,
        "unique_id": resource.unique_id,
        "fqn": list(resource.fqn),
    }


def _depends_on(resource: SemanticResource) -> dict[str, list[str]]:
    return {
        "macros": list(resource.depends_on.macros),
        "nodes": list(resource.depends_on.nodes),
    }


def _refs(resource: SemanticResource) -> list[dict[str, Any]]:
    return [
        {"name": ref.name, "package": ref.package, "version": ref.version} for ref in resource.refs
    ]


def _semantic_model(model: SemanticModel, created_at: float) -> dict[str, Any]:
    return {
        **_place(model),
        "model": model.model,
        "node_relation": plain(model.node_relation),
        "description": model.description,
        "label": model.label,
        "defaults": plain(model.defaults),
        "entities": plain(model.entities),
        "measures": plain(model.measures),
        "dimensions": plain(model.dimensions),
        "metadata": None,
        "depends_on": _depends_on(model),
        "refs": _refs(model),
        "created_at": created_at,
        "config": model.config,
        "unrendered_config": model.unrendered_config,
        "primary_entity": model.primary_entity,
        "group": model.group,
    }


def _metric(metric: Metric, created_at: float) -> dict[str, Any]:
    return {
        **_place(metric),
        "description": metric.description,
        "label": metric.label,
        "type": metric.type,
        "type_params": plain(metric.type_params),
        "filter": plain(metric.filter),
        "metadata": None,
        "time_granularity": metric.time_granularity,
        "meta": metric.meta,
        "tags": list(metric.tags),
        "config": metric.config,
        "unrendered_config": metric.unrendered_config,
        "sources": [],
        "depends_on": _depends_on(metric),
        "refs": [],
        "metrics": [],
        "created_at": created_at,
        "group": metric.group,
    }


def _saved_query(query: SavedQuery, created_at: float) -> dict[str, Any]:
    return {
        **_place(query),
        "query_params": plain(query.query_params),
        "exports": plain(query.exports),
        "description": query.description,
        "label": query.label,
        "metadata": None,
        "config": query.config,
        "unrendered_config": query.unrendered_config,
        "group": query.group,
        "depends_on": _depends_on(query),
        "created_at": created_at,
        "refs": [],
        "tags": list(query.tags),
    }
