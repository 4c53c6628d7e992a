"""manifest.json to a manifest: dbt's or ours, schema v12. For comparing with an earlier state.

What the file does not hold (lines, ``config()`` calls) is left at its default.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from tidemill.engine.nodes import (
    Analysis,
    Column,
    DependsOn,
    Doc,
    Exposure,
    Function,
    GenericTest,
    Group,
    Hook,
    Macro,
    MacroArgument,
    Manifest,
    ManifestMetadata,
    Metric,
    Model,
    Node,
    Ref,
    SavedQuery,
    Seed,
    SemanticModel,
    SingularTest,
    Snapshot,
    Source,
    TestMetadata,
    UnitTest,
)
from tidemill.engine.nodes.manifest import Resource
from tidemill.engine.nodes.semantics import (
    Defaults,
    Dimension,
    Entity,
    Export,
    Measure,
    MetricParameters,
    NodeRelation,
    QueryParameters,
    WhereFilters,
)
from tidemill.errors import ConfigurationError

Shape = Mapping[str, Any]
_Resource = TypeVar("_Resource", bound=msgspec.Struct)

_KINDS: dict[str, type[Node]] = {
    "model": Model,
    "seed": Seed,
    "snapshot": Snapshot,
    "analysis": Analysis,
    "operation": Hook,
    "function": Function,
}


def read_manifest(path: Path) -> Manifest:
    """The manifest in a file. Raises ConfigurationError when there is none or it is something else."""
    try:
        data = msgspec.json.decode(path.read_bytes())
        return manifest_from(data)
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror or error}"
    except (msgspec.DecodeError, KeyError, TypeError, AttributeError, ValueError) as error:
        message = f"{path} is no manifest in dbt's schema v12: {error}"
    raise ConfigurationError(
        message, code="manifest-not-read", hint="write a new one with 'tidemill parse'"
    )


def manifest_from(data: Shape) -> Manifest:
    """The manifest that a decoded manifest.json means. Raises KeyError and the like for other shapes."""
    nodes = {key: _node(shape) for key, shape in data["nodes"].items()}
    return Manifest(
        metadata=_metadata(data["metadata"]),
        nodes=nodes,
        sources={key: _source(shape) for key, shape in data["sources"].items()},
        macros={key: _macro(shape) for key, shape in data["macros"].items()},
        docs={key: _of(Doc, shape) for key, shape in data["docs"].items()},
        exposures={key: _exposure(shape) for key, shape in data["exposures"].items()},
        groups={key: _of(Group, shape) for key, shape in data["groups"].items()},
        unit_tests={key: _unit_test(shape) for key, shape in data["unit_tests"].items()},
        metrics={key: _metric(shape) for key, shape in data["metrics"].items()},
        semantic_models={
            key: _semantic_model(shape) for key, shape in data["semantic_models"].items()
        },
        saved_queries={key: _saved_query(shape) for key, shape in data["saved_queries"].items()},
        functions={key: _function(shape) for key, shape in data.get("functions", {}).items()},
        selectors=data["selectors"],
        disabled={
            key: tuple(_disabled(shape) for shape in shapes)
            for key, shapes in data["disabled"].items()
            if key.partition(".")[0] in _READABLE
        },
        hooks=tuple(node for node in nodes.values() if isinstance(node, Hook)),
    )


def _function(shape: Shape) -> Function:
    node = _node(shape)
    assert isinstance(node, Function)
    return node


def _metadata(shape: Shape) -> ManifestMetadata:
    return ManifestMetadata(
        project_name=shape["project_name"],
        adapter_type=shape["adapter_type"],
        project_id=shape["project_id"],
        generated_at=datetime.fromisoformat(shape["generated_at"]).timestamp(),
        invocation_id=shape["invocation_id"],
        env=shape.get("env") or {},
        quoting=shape.get("quoting") or {},
    )


def _node(shape: Shape) -> Node:
    kind = _KINDS.get(shape["resource_type"])
    extra: dict[str, Any] = {}
    if kind is None:
        kind = GenericTest if "test_metadata" in shape else SingularTest
    if kind is GenericTest:
        extra["test_metadata"] = TestMetadata(**shape["test_metadata"])
        extra["inherited_tags"] = tuple(_others(shape["tags"], shape["config"].get("tags")))
    return _of(kind, shape, checksum=shape["checksum"]["checksum"], **extra)


def _others(tags: list[str], own: list[str] | str | None) -> list[str]:
    return [tag for tag in tags if tag not in (own or ())]


def _source(shape: Shape) -> Source:
    return _of(Source, shape)


def _macro(shape: Shape) -> Macro:
    return _of(
        Macro,
        {key: value for key, value in shape.items() if key != "depends_on"},
        depends_on_macros=tuple(shape["depends_on"]["macros"]),
        arguments=tuple(MacroArgument(**argument) for argument in shape["arguments"]),
        supported_languages=_tuple_or_none(shape["supported_languages"]),
    )


def _exposure(shape: Shape) -> Exposure:
    return _of(Exposure, shape)


def _unit_test(shape: Shape) -> UnitTest:
    return _of(UnitTest, shape)


def _metric(shape: Shape) -> Metric:
    return _of(Metric, shape, own_meta=shape.get("meta") or {}, tags=tuple(shape["tags"]))


def _semantic_model(shape: Shape) -> SemanticModel:
    return _of(SemanticModel, shape)


def _saved_query(shape: Shape) -> SavedQuery:
    return _of(SavedQuery, shape, tags=tuple(shape.get("tags") or ()))


_READABLE: dict[str, Callable[[Shape], Resource]] = {
    "model": _node,
    "seed": _node,
    "snapshot": _node,
    "analysis": _node,
    "test": _node,
    "operation": _node,
    "source": _source,
    "exposure": _exposure,
    "unit_test": _unit_test,
    "metric": _metric,
    "semantic_model": _semantic_model,
    "saved_query": _saved_query,
}


def _disabled(shape: Shape) -> Resource:
    return _READABLE[shape["unique_id"].partition(".")[0]](shape)


def _of(kind: type[_Resource], shape: Shape, **known: Any) -> _Resource:
    """A value of ``kind`` from those keys of ``shape`` that it has, the common ones converted."""
    fields: dict[str, Any] = {
        name: _CONVERTED.get(name, _same)(shape[name])
        for name in kind.__struct_fields__
        if name in shape and name not in known
    }
    return kind(**fields, **known)


def _same(value: Any) -> Any:
    return value


def _tuple_or_none(value: Any) -> tuple[Any, ...] | None:
    return None if value is None else tuple(value)


def _tuples(value: Any) -> tuple[tuple[Any, ...], ...]:
    return tuple(tuple(inner) for inner in value)


def _depends_on(value: Shape) -> DependsOn:
    return DependsOn(nodes=tuple(value.get("nodes", ())), macros=tuple(value["macros"]))


def _columns(value: Shape) -> dict[str, Column]:
    return {name: _column(shape) for name, shape in value.items()}


def _column(shape: Shape) -> Column:
    known = {"tags", "meta", *Column.__struct_fields__}
    return _of(
        Column,
        shape,
        config=shape.get("config") or {"meta": shape["meta"], "tags": shape["tags"]},
        constraints=tuple(shape["constraints"]),
        extra={key: value for key, value in shape.items() if key not in known},
    )


def _converter(kind: Any) -> Callable[[Any], Any]:
    return lambda value: msgspec.convert(value, kind)


_CONVERTED: dict[str, Callable[[Any], Any]] = {
    "fqn": tuple,
    "refs": lambda value: tuple(Ref(**ref) for ref in value),
    "sources": _tuples,
    "metrics": _tuples,
    "functions": _tuples,
    "depends_on": _depends_on,
    "columns": _columns,
    "doc_blocks": tuple,
    "constraints": tuple,
    "primary_key": tuple,
    "given": tuple,
    "arguments": tuple,
    **{
        name: _converter(kind)
        for name, kind in {
            "type_params": MetricParameters,
            "filter": WhereFilters | None,
            "node_relation": NodeRelation | None,
            "defaults": Defaults | None,
            "entities": tuple[Entity, ...],
            "measures": tuple[Measure, ...],
            "dimensions": tuple[Dimension, ...],
            "query_params": QueryParameters,
            "exports": tuple[Export, ...],
        }.items()
    },
}
