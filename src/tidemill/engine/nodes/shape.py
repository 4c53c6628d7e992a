"""Resources as the mappings that dbt's manifest holds: for templates (``model``, ``graph``) and artifacts.

Keys, their order and their omissions are dbt-core 1.11's. Only shape: nothing is computed or looked up here.
"""

from __future__ import annotations

from typing import Any

import msgspec

from tidemill.engine.nodes.contract import contract_checksum
from tidemill.engine.nodes.encoding import encode
from tidemill.engine.nodes.nodes import Function, GenericTest, Hook, Model, Node, Seed
from tidemill.engine.nodes.parts import Column, Ref
from tidemill.engine.nodes.resources import Exposure, Group, Macro, Source, UnitTest
from tidemill.engine.nodes.semantic_shape import SemanticResource, semantic_dict

_ARGUMENT = {"name": None, "data_type": None, "description": None, "default_value": None}
DEFAULT_DOCS = {"show": True, "node_color": None}


def resource_dict(
    resource: Node | Source | Exposure | UnitTest | Macro | Group | SemanticResource,
    *,
    created_at: float = 0.0,
) -> dict[str, Any]:
    """The resource in the manifest's shape, before it is compiled."""
    if isinstance(resource, Node):
        return node_dict(resource, created_at=created_at)
    if isinstance(resource, Source):
        return source_dict(resource, created_at=created_at)
    if isinstance(resource, Exposure):
        return exposure_dict(resource, created_at=created_at)
    if isinstance(resource, UnitTest):
        return unit_test_dict(resource, created_at=created_at)
    if isinstance(resource, Macro):
        return macro_dict(resource, created_at=created_at)
    if isinstance(resource, Group):
        return group_dict(resource)
    return semantic_dict(resource, created_at=created_at)


def fragment_of(resource: Any, created_at: float) -> bytes:
    """The resource as a part of manifest.json, before it is compiled: ``"id": {...}``."""
    shape = resource_dict(resource, created_at=created_at)
    return encode(resource.unique_id) + b": " + encode(shape)


def node_dict(node: Node, *, created_at: float = 0.0) -> dict[str, Any]:
    """A node in the manifest's shape, without what compiling adds."""
    config = node.config
    shape: dict[str, Any] = {
        "database": node.database,
        "schema": node.schema,
        "name": node.name,
        "resource_type": node.resource_type,
        "package_name": node.package_name,
        "path": node.path,
        "original_file_path": node.original_file_path,
        "unique_id": node.unique_id,
        "fqn": list(node.fqn),
        "alias": node.alias,
        "checksum": _checksum(node.checksum),
        "config": config,
        "tags": list(node.tags),
        "description": node.description,
        "columns": columns_dict(node.columns),
        "meta": node.meta,
        "group": node.group,
        "docs": config.get("docs") or DEFAULT_DOCS,
        "patch_path": node.patch_path,
        "build_path": node.build_path,
        "unrendered_config": node.unrendered_config,
        "created_at": created_at,
        "relation_name": node.relation_name,
        "raw_code": node.raw_code,
        "doc_blocks": list(node.doc_blocks),
    }
    if isinstance(node, Seed):
        shape["root_path"] = node.root_path
        shape["depends_on"] = {"macros": list(node.depends_on.macros)}
        return shape
    shape |= _compiled_part(node)
    if isinstance(node, Model):
        shape |= _model_part(node)
    if isinstance(node, Function):
        arguments = [{**_ARGUMENT, **argument} for argument in node.arguments]
        returns = {"data_type": None, "description": None} | (node.returns or {})
        return {"returns": returns} | shape | {"arguments": arguments}
    if isinstance(node, GenericTest):
        shape |= _generic_test_part(node)
    if isinstance(node, Hook):
        shape["index"] = node.index
    return shape


def _compiled_part(node: Node) -> dict[str, Any]:
    contract = node.config.get("contract") or {}
    return {
        "language": node.language,
        "refs": [ref_dict(ref) for ref in node.refs],
        "sources": [list(source) for source in node.sources],
        "metrics": [list(metric) for metric in node.metrics],
        "functions": [list(function) for function in node.functions],
        "depends_on": {
            "macros": list(node.depends_on.macros),
            "nodes": list(node.depends_on.nodes),
        },
        "compiled_path": None,
        "contract": {
            "enforced": bool(contract.get("enforced", False)),
            "alias_types": bool(contract.get("alias_types", True)),
            "checksum": contract_checksum(node),
        },
    }


def _model_part(node: Model) -> dict[str, Any]:
    batch = {"batch": msgspec.structs.asdict(node.batch)} if node.batch is not None else {}
    return batch | {
        "access": node.access,
        "constraints": list(node.constraints),
        "version": node.version,
        "latest_version": node.latest_version,
        "deprecation_date": node.deprecation_date,
        "primary_key": list(node.primary_key),
        "time_spine": node.time_spine,
    }


def _generic_test_part(node: GenericTest) -> dict[str, Any]:
    metadata = node.test_metadata
    return {
        "column_name": node.column_name,
        "file_key_name": node.file_key_name,
        "attached_node": node.attached_node,
        "test_metadata": {
            "name": metadata.name,
            "kwargs": metadata.kwargs,
            "namespace": metadata.namespace,
        },
    }


def _checksum(value: str) -> dict[str, str]:
    """With dbt's word for what it is of: the content, or the path of a seed that is too large for that."""
    kind = "path" if "." in value else "sha256" if value else "none"
    return {"name": kind, "checksum": value}


def ref_dict(ref: Ref) -> dict[str, Any]:
    """A ``ref`` as dbt's RefArgs."""
    return {"name": ref.name, "package": ref.package, "version": ref.version}


def columns_dict(columns: dict[str, Column]) -> dict[str, dict[str, Any]]:
    """Columns by name."""
    return {name: _column(column) for name, column in columns.items()}


def _column(column: Column) -> dict[str, Any]:
    return {
        "name": column.name,
        "description": column.description,
        "meta": column.meta,
        "data_type": column.data_type,
        "constraints": list(column.constraints),
        "quote": column.quote,
        "config": {"meta": column.meta, "tags": list(column.tags)} | column.config,
        "tags": list(column.tags),
        "granularity": column.granularity,
        "doc_blocks": list(column.doc_blocks),
        **column.extra,
    }


def source_dict(source: Source, *, created_at: float = 0.0) -> dict[str, Any]:
    """A source table in the manifest's shape."""
    config = source.config
    return {
        "database": source.database,
        "schema": source.schema,
        "name": source.name,
        "resource_type": "source",
        "package_name": source.package_name,
        "path": source.path,
        "original_file_path": source.original_file_path,
        "unique_id": source.unique_id,
        "fqn": list(source.fqn),
        "source_name": source.source_name,
        "source_description": source.source_description,
        "loader": source.loader,
        "identifier": source.identifier,
        "quoting": {
            key: source.quoting.get(key) for key in ("database", "schema", "identifier", "column")
        },
        "loaded_at_field": config.get("loaded_at_field"),
        "loaded_at_query": config.get("loaded_at_query"),
        "freshness": config.get("freshness"),
        "external": source.external,
        "description": source.description,
        "columns": columns_dict(source.columns),
        "meta": source.meta,
        "source_meta": source.source_meta,
        "tags": list(source.tags),
        "config": config,
        "patch_path": source.patch_path,
        "unrendered_config": source.unrendered_config,
        "relation_name": source.relation_name,
        "created_at": created_at,
        "unrendered_database": source.unrendered_database,
        "unrendered_schema": source.unrendered_schema,
        "doc_blocks": list(source.doc_blocks),
    }


def exposure_dict(exposure: Exposure, *, created_at: float = 0.0) -> dict[str, Any]:
    """An exposure in the manifest's shape."""
    return {
        "name": exposure.name,
        "resource_type": "exposure",
        "package_name": exposure.package_name,
        "path": exposure.path,
        "original_file_path": exposure.original_file_path,
        "unique_id": exposure.unique_id,
        "fqn": list(exposure.fqn),
        "type": exposure.type,
        "owner": exposure.owner,
        "description": exposure.description,
        "label": exposure.label,
        "maturity": exposure.maturity,
        "meta": exposure.meta,
        "tags": list(exposure.tags),
        "config": exposure.config,
        "unrendered_config": exposure.unrendered_config,
        "url": exposure.url,
        "depends_on": {
            "macros": list(exposure.depends_on.macros),
            "nodes": list(exposure.depends_on.nodes),
        },
        "refs": [ref_dict(ref) for ref in exposure.refs],
        "sources": [list(source) for source in exposure.sources],
        "metrics": [list(metric) for metric in exposure.metrics],
        "created_at": created_at,
    }


def macro_dict(macro: Macro, *, created_at: float = 0.0) -> dict[str, Any]:
    """A macro in the manifest's shape."""
    return {
        "name": macro.name,
        "resource_type": "macro",
        "package_name": macro.package_name,
        "path": macro.path,
        "original_file_path": macro.original_file_path,
        "unique_id": macro.unique_id,
        "macro_sql": macro.macro_sql,
        "depends_on": {"macros": list(macro.depends_on_macros)},
        "description": macro.description,
        "meta": macro.meta,
        "docs": macro.config.get("docs") or DEFAULT_DOCS,
        "config": {"meta": macro.meta, "docs": macro.config.get("docs") or DEFAULT_DOCS},
        "patch_path": macro.patch_path,
        "arguments": [
            {"name": a.name, "type": a.type, "description": a.description} for a in macro.arguments
        ],
        "created_at": created_at,
        "supported_languages": (
            list(macro.supported_languages) if macro.supported_languages is not None else None
        ),
    }


def group_dict(group: Group) -> dict[str, Any]:
    """A group in the manifest's shape."""
    return {
        "name": group.name,
        "resource_type": "group",
        "package_name": group.package_name,
        "path": group.path,
        "original_file_path": group.original_file_path,
        "unique_id": group.unique_id,
        "owner": group.owner,
        "description": group.description,
        "config": group.config,
    }


def unit_test_dict(test: UnitTest, *, created_at: float = 0.0) -> dict[str, Any]:
    """A unit test in the manifest's shape."""
    return {
        "model": test.model,
        "given": list(test.given),
        "expect": test.expect,
        "name": test.name,
        "resource_type": "unit_test",
        "package_name": test.package_name,
        "path": test.path,
        "original_file_path": test.original_file_path,
        "unique_id": test.unique_id,
        "fqn": list(test.fqn),
        "description": test.description,
        "overrides": test.overrides,
        "depends_on": {
            "macros": list(test.depends_on.macros),
            "nodes": list(test.depends_on.nodes),
        },
        "config": test.config,
        "checksum": test.checksum,
        "schema": test.schema,
        "created_at": created_at,
        "versions": test.versions,
        "version": test.version,
    }
