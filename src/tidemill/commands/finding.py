"""Finds one node by what a person would call it."""

from __future__ import annotations

from collections.abc import Iterable

from tidemill.engine.nodes import Manifest, Node, Source
from tidemill.engine.nodes.section import outlines_of
from tidemill.errors import UsageError, did_you_mean


def find_node(manifest: Manifest, name: str, *, root: str) -> Node:
    """The node of that name, ``package.name`` or unique id.

    Models, seeds and snapshots come before tests and analyses, the latest version before older ones, and
    the project ``root`` before its packages. Raises UsageError that names the nearest, or all candidates.
    """
    found = nodes_called(manifest, name, root=root)
    if not found:
        names = {o.name for o in outlines_of(manifest.nodes) if o.resource_type != "operation"}
        near = did_you_mean(name, names)
        raise UsageError(f"there is no node named '{name}'", code="node-not-found", hint=near)
    if len(found) > 1:
        all_of_them = ", ".join(node.unique_id for node in found)
        raise UsageError(
            f"'{name}' names several nodes",
            code="node-ambiguous",
            hint=f"choose one: {all_of_them}",
        )
    return found[0]


def nodes_called(manifest: Manifest, name: str, *, root: str) -> list[Node]:
    """The nodes that ``name`` may mean to `find_node`: none, one, or several where that cannot be said."""
    if name in manifest.nodes:
        return [manifest.nodes[name]]
    found = _relational(manifest, name) or _others(manifest, name)
    found = _preferred(found, (node for node in found if _is_latest(node)))
    return _preferred(found, (node for node in found if node.package_name == root))


def _relational(manifest: Manifest, name: str) -> list[Node]:
    """Models, seeds and snapshots, which are at hand by their names."""
    package, _, rest = name.partition(".")
    by_both = (node for node in manifest.refable.get(rest, ()) if node.package_name == package)
    return [*manifest.refable.get(name, ()), *by_both]


def _others(manifest: Manifest, name: str) -> list[Node]:
    return [
        manifest.nodes[each.unique_id]
        for each in outlines_of(manifest.nodes)
        if each.resource_type != "operation"
        and name.endswith(each.name)
        and name in {each.name, f"{each.package_name}.{each.name}"}
    ]


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
    if found is not None and not any(each.name == name for each in outlines_of(manifest.nodes)):
        return found
    return find_node(manifest, name, root=root)
