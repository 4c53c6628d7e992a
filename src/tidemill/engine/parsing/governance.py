"""What dbt asks of a whole project: names and relations used once, groups that exist, access that makes sense.

Works on the linked manifest. Faults are returned, not raised; what a node may read is for ``linking``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tidemill.engine.jinja.macro_host import MacroHost
from tidemill.engine.jinja.relations import node_relation
from tidemill.engine.nodes import Manifest, Model, Node
from tidemill.engine.parsing.contract_rules import contract_faults
from tidemill.engine.parsing.linking import located, same_name
from tidemill.engine.parsing.spaced_names import spaced_name_faults
from tidemill.errors import CompilationError, Fault, ParsingError, did_you_mean

UNIQUE_NAMES = "require_unique_project_resource_names"
"""dbt's flag: in one package a model and a seed may not share a name."""


def governance_faults(manifest: Manifest, host: MacroHost) -> Iterator[Fault]:
    """Everything of that kind that is wrong in the project."""
    relational = [node for node in manifest.nodes.values() if node.is_relational]
    yield from faults_of_each(manifest)
    yield from _mixed_versions(relational)
    yield from _relations(relational, host)
    yield from spaced_name_faults(manifest, host.config.project)
    if host.config.project.flags.get(UNIQUE_NAMES):
        for first, second in shared_names(manifest):
            yield located(same_name(first, second, "resources"), second)


def faults_of_each(manifest: Manifest) -> Iterator[Fault]:
    """What is wrong with single resources, whatever others there are."""
    relational = [node for node in manifest.nodes.values() if node.is_relational]
    yield from contract_faults(manifest)
    yield from _groups(manifest)
    yield from _public_ephemerals(relational)


def shared_names(manifest: Manifest) -> Iterator[tuple[Node, Node]]:
    """Models, seeds and snapshots of one package that share their name; versions of models do not count."""
    seen: dict[tuple[str, str], Node] = {}
    for node in manifest.nodes.values():
        if not node.is_relational or _version(node) is not None:
            continue
        first = seen.setdefault((node.package_name, node.name), node)
        if first is not node:
            yield first, node


def _groups(manifest: Manifest) -> Iterator[Fault]:
    known = sorted({group.name for group in manifest.groups.values()})
    grouped: tuple[Any, ...] = (
        *manifest.nodes.values(),
        *manifest.metrics.values(),
        *manifest.semantic_models.values(),
        *manifest.saved_queries.values(),
    )
    for resource in grouped:
        if resource.group and resource.group not in known:
            error = ParsingError(
                f"Invalid group '{resource.group}', expected one of {known}",
                code="group-unknown",
                hint=did_you_mean(resource.group, known)
                or "declare it under 'groups:' in a properties file",
            )
            yield located(error, resource)


def _public_ephemerals(nodes: list[Node]) -> Iterator[Fault]:
    for node in nodes:
        if isinstance(node, Model) and node.access == "public" and node.is_ephemeral:
            error = ParsingError(
                f"Node {node.unique_id} with 'ephemeral' materialization has an invalid value (public) "
                "for the access field: it has no table that others could read",
                code="access-ephemeral",
                hint="make it a view, or its access protected",
            )
            yield located(error, node)


def _mixed_versions(nodes: list[Node]) -> Iterator[Fault]:
    versioned = {(n.package_name, n.name) for n in nodes if _version(n) is not None}
    for node in nodes:
        if _version(node) is None and (node.package_name, node.name) in versioned:
            error = CompilationError(
                f'dbt found versioned and unversioned models with the name "{node.name}": '
                f"ref('{node.name}') could mean either",
                code="version-mixed",
                hint="rename the one without version, or list it under 'versions:'",
            )
            yield located(error, node)


def _relations(nodes: list[Node], host: MacroHost) -> Iterator[Fault]:
    seen: dict[str, Node] = {}
    for node in nodes:
        relation = node.relation_name or str(node_relation(host.adapter, node, host.quoting))
        first = seen.setdefault(relation, node)
        if first is not node:
            error = CompilationError(
                f'dbt found two resources with the database representation "{relation}":\n'
                f"- {first.unique_id} ({first.original_file_path})\n"
                f"- {node.unique_id} ({node.original_file_path})",
                code="relation-duplicate",
                hint="give one of them another alias, schema or database",
            )
            yield located(error, node)


def _version(node: Node) -> Any:
    return node.version if isinstance(node, Model) else None
