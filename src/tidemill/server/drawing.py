"""The graph as the page draws it: made of a whole manifest once, then of what changes in it.

A drawing never changes. The next one is made of it, and says what differs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

import msgspec

from tidemill.engine.nodes import Manifest, Resource
from tidemill.engine.nodes.section import is_enabled
from tidemill.server.describing import (
    graph_node,
    graph_nodes,
    is_drawn,
    tested_by,
)
from tidemill.server.values import GraphNode

Ids = tuple[str, ...]
Changed = Collection[tuple[str, str]]
"""Sections of a manifest, and ids in them."""
_DRAWN_SECTIONS = ("nodes", "sources", "exposures")


class Drawing(msgspec.Struct, frozen=True, kw_only=True):
    """All that the graph shows of a manifest."""

    nodes: Mapping[str, GraphNode] = {}
    """By id, in manifest order; what came later at the end, and of what came at once the lower id first."""
    tests: Mapping[str, Ids] = {}
    """Ids of data tests, by what they test."""
    tested: Mapping[str, Ids] = {}
    """The other way round."""
    counts: Mapping[str, int] = {}
    """Numbers of resources, by their type."""


def draw(manifest: Manifest) -> Drawing:
    """The drawing of everything."""
    tested = {
        node.unique_id: found for node in manifest.nodes.values() if (found := tested_by(node))
    }
    tests = _turned(tested)
    nodes = {node.id: node for node in graph_nodes(manifest, tests)}
    return Drawing(nodes=nodes, tests=tests, tested=tested, counts=manifest.counts)


def redraw(before: Drawing, manifest: Manifest, changed: Changed) -> Drawing:
    """The drawing of a manifest in which only these resources may differ from that of ``before``."""
    tested, tests, retested = _tests(before, manifest, changed)
    found = {key: _resource(manifest, section, key) for section, key in _drawn_ids(changed)}
    gone = {key for key, resource in found.items() if resource is None and key in before.nodes}
    there = {key: resource for key, resource in found.items() if resource is not None}
    ids = (before.nodes.keys() - gone) | there.keys()
    retold = {key: manifest.resource(key) for key in retested & ids - there.keys()}
    there |= {key: resource for key, resource in retold.items() if resource is not None}
    nodes = {key: _without(node, gone) for key, node in before.nodes.items() if key not in gone}
    for key, resource in there.items():
        nodes[key] = graph_node(resource, ids, len(tests.get(key, ())))
    return Drawing(nodes=nodes, tests=tests, tested=tested, counts=manifest.counts)


def differences(before: Drawing, after: Drawing) -> tuple[tuple[GraphNode, ...], Ids]:
    """Nodes that are new or differ, and ids of those that are gone."""
    nodes = tuple(node for key, node in after.nodes.items() if before.nodes.get(key) != node)
    return nodes, tuple(key for key in before.nodes if key not in after.nodes)


def _tests(
    before: Drawing, manifest: Manifest, changed: Changed
) -> tuple[dict[str, Ids], Mapping[str, Ids], set[str]]:
    """What tests test now, the other way round, and ids of what has other tests."""
    tested = dict(before.tested)
    retested: set[str] = set()
    for key in (key for section, key in changed if section == "nodes"):
        node = manifest.nodes.get(key)
        old, new = tested.get(key, ()), tested_by(node) if node is not None else ()
        if new:
            tested[key] = new
        elif old:
            del tested[key]
        if old != new:
            retested |= {*old, *new}
    return tested, _turned(tested) if retested else before.tests, retested


def _turned(tested: Mapping[str, Ids]) -> dict[str, Ids]:
    found: dict[str, list[str]] = {}
    for test, resources in tested.items():
        for resource in resources:
            found.setdefault(resource, []).append(test)
    return {resource: tuple(tests) for resource, tests in found.items()}


def _drawn_ids(changed: Changed) -> Iterator[tuple[str, str]]:
    found = ((section, key) for section, key in changed if section in _DRAWN_SECTIONS)
    return iter(sorted(found, key=lambda one: one[1]))


def _resource(manifest: Manifest, section: str, key: str) -> Resource | None:
    """The resource, if the graph shows it."""
    found: Resource | None = getattr(manifest, section).get(key)
    return found if found is not None and is_drawn(found) and is_enabled(found) else None


def _without(node: GraphNode, gone: Collection[str]) -> GraphNode:
    """The node without parents that are gone."""
    if not gone or not any(parent in gone for parent in node.parents):
        return node
    return msgspec.structs.replace(node, parents=tuple(_kept(node.parents, gone)))


def _kept(ids: Iterable[str], gone: Collection[str]) -> Iterator[str]:
    return (key for key in ids if key not in gone)
