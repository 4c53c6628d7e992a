"""Finds one node by what a person would call it."""

from __future__ import annotations

from collections.abc import Iterable

from tidemill.engine.nodes import Manifest, Node, Source
from tidemill.errors import UsageError, did_you_mean


def find_node(manifest: Manifest, name: str, *, root: str) -> Node:
    """The node of that name, ``package.name`` or unique id.

    Models, seeds and snapshots come before tests and analyses, the latest version before older ones, and
    the project ``root`` before its packages. Raises UsageError that names the nearest, or all candidates.
    """
    if name in manifest.nodes:
        return manifest.nodes[name]
    nodes = [node for node in manifest.nodes.values() if node.resource_type != "operation"]
    found = [node for node in nodes if name in {node.name, f"{node.package_name}.{node.name}"}]
    found = _preferred(found, (node for node in found if node.is_relational))
    found = _preferred(found, (node for node in found if _is_latest(node)))
    found = _preferred(found, (node for node in found if node.package_name == root))
    if not found:
        near = did_you_mean(name, {node.name for node in nodes})
        raise UsageError(f"there is no node named '{name}'", code="node-not-found", hint=near)
    if len(found) > 1:
        all_of_them = ", ".join(node.unique_id for node in found)
        raise UsageError(
            f"'{name}' names several nodes",
            code="node-ambiguous",
            hint=f"choose one: {all_of_them}",
        )
    return found[0]


def _preferred(candidates: list[Node], better: Iterable[Node]) -> list[Node]:
    return list(better) or candidates


def _is_latest(node: Node) -> bool:
    version = getattr(node, "version", None)
    return version is None or bool(getattr(node, "is_latest_version", False))


def find_resource(manifest: Manifest, name: str, *, root: str) -> Node | Source:
    """Like ``find_node``, and sources as well: ``source_name.table`` or their unique id."""
    if name in manifest.sources:
        return manifest.sources[name]
    source, _, table = name.partition(".")
    found = manifest.find_source(source, table, package=root, root=root)
    is_node = any(node.name == name for node in manifest.nodes.values())
    return found if found is not None and not is_node else find_node(manifest, name, root=root)
