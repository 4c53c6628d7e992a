"""A manifest in the API's words: the nodes of the graph, and everything about one of them.

Pure: what came of a node in runs is the store's and is mixed in by the routes.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Any

from tidemill.engine.nodes import (
    Column,
    GenericTest,
    Manifest,
    Node,
    Resource,
    SingularTest,
    Source,
)
from tidemill.errors import TidemillError, UsageError, did_you_mean
from tidemill.server.values import ColumnDetail, ColumnTest, GraphNode, NodeDetail, TestDetail

GRAPH_TYPES = frozenset({"model", "seed", "snapshot", "source", "exposure", "analysis"})
"""Resource types that are drawn. Tests are counted on what they test."""


def graph_nodes(manifest: Manifest, tests: Mapping[str, tuple[str, ...]]) -> list[GraphNode]:
    """All that the graph shows, in manifest order. ``tests`` are ids by what they test."""
    drawn = [r for r in manifest.selectable() if is_drawn(r)]
    ids = frozenset(resource.unique_id for resource in drawn)
    return [graph_node(r, ids, len(tests.get(r.unique_id, ()))) for r in drawn]


def is_drawn(resource: Any) -> bool:
    """Whether the graph shows a resource that can be selected."""
    return resource.resource_type in GRAPH_TYPES


def find_resource(manifest: Manifest, unique_id: str) -> Resource:
    """The resource of that id. Raises UsageError ``node-not-found`` with the nearest ids."""
    found = manifest.resource(unique_id)
    if found is None:
        raise _no_such_node(manifest, unique_id)
    return found


def node_detail(
    manifest: Manifest, resource: Resource, tests: Mapping[str, tuple[str, ...]]
) -> NodeDetail:
    """Everything about ``resource``, without states. ``tests`` are ids by what they test."""
    own = (manifest.nodes[test] for test in tests.get(resource.unique_id, ()))
    details = tuple(_node_test(test, resource) for test in own)
    columns: dict[str, Column] = getattr(resource, "columns", {})
    return NodeDetail(
        id=resource.unique_id,
        name=display_name(resource),
        resource_type=resource.resource_type,
        package=resource.package_name,
        path=resource.original_file_path,
        description=resource.description or "",
        columns=tuple(_column(column, details) for column in columns.values()),
        tests=details,
        config=resource.config,
        tags=tuple(resource.tags),
        meta=resource.meta,
        relation=getattr(resource, "relation_name", None),
        raw_code=getattr(resource, "raw_code", ""),
        language=getattr(resource, "language", "sql"),
        depends_on=resource.depends_on.nodes,
        children=manifest.children.get(resource.unique_id, ()),
        materialized=_materialized(resource),
        patch_path=_without_package(getattr(resource, "patch_path", None)),
    )


def display_name(resource: Resource) -> str:
    """What people call it: sources by both their names, versioned models with their version."""
    if isinstance(resource, Source):
        return f"{resource.source_name}.{resource.name}"
    version = getattr(resource, "version", None)
    if version is not None and resource.resource_type == "model":
        return f"{resource.name}.v{version}"
    return resource.name


def graph_node(resource: Resource, ids: Container[str], test_count: int) -> GraphNode:
    """A resource as the graph shows it. ``ids`` are those of all that it shows."""
    return GraphNode(
        id=resource.unique_id,
        name=display_name(resource),
        resource_type=resource.resource_type,
        package=resource.package_name,
        path=resource.original_file_path,
        materialized=_materialized(resource),
        tags=tuple(resource.tags),
        schema=getattr(resource, "schema", None),
        description=(resource.description or "").strip().partition("\n")[0],
        parents=tuple(parent for parent in resource.depends_on.nodes if parent in ids),
        test_count=test_count,
    )


def tested_by(node: Node) -> tuple[str, ...]:
    """Ids of what a data test tests.

    A generic test belongs to the one node it stands under, even if it reads others
    (``relationships``); a singular test belongs to all that it reads.
    """
    if isinstance(node, GenericTest):
        return (node.attached_node,) if node.attached_node else node.depends_on.nodes[:1]
    return node.depends_on.nodes if isinstance(node, SingularTest) else ()


def _node_test(test: Node, tested: Resource) -> TestDetail:
    name = test.name
    if isinstance(test, GenericTest) and isinstance(tested, Node | Source):
        name = _short_name(test)
    return TestDetail(id=test.unique_id, name=name, column=getattr(test, "column_name", None))


def _short_name(test: GenericTest) -> str:
    """``unique`` or ``dbt_utils.at_least_one``: the column and the model stand beside it."""
    metadata = test.test_metadata
    return f"{metadata.namespace}.{metadata.name}" if metadata.namespace else metadata.name


def _column(column: Column, tests: tuple[TestDetail, ...]) -> ColumnDetail:
    own = (t for t in tests if t.column is not None and _same(t.column, column.name))
    return ColumnDetail(
        name=column.name,
        data_type=column.data_type,
        description=column.description,
        tests=tuple(ColumnTest(id=test.id, name=test.name, status=None) for test in own),
    )


def _same(one: str, other: str) -> bool:
    return one.strip('"`').lower() == other.strip('"`').lower()


def _materialized(resource: Any) -> str | None:
    config: dict[str, Any] = resource.config
    found = config.get("materialized") if isinstance(resource, Node) else None
    if found is None and resource.resource_type == "model":
        return "view"
    return None if found is None else str(found)


def _without_package(patch_path: str | None) -> str | None:
    """``shop://models/schema.yml`` as the file that a person looks for."""
    return None if patch_path is None else patch_path.partition("://")[2] or patch_path


def _no_such_node(manifest: Manifest, unique_id: str) -> TidemillError:
    known = (resource.unique_id for resource in manifest.selectable())
    return UsageError(
        f"There is no node {unique_id} in the project",
        code="node-not-found",
        hint=did_you_mean(unique_id, known),
    )
