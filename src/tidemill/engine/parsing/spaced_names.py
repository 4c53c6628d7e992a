"""Names with spaces: dbt refuses them, unless a flag says that it only warns."""

from __future__ import annotations

from collections.abc import Iterator

from tidemill.engine.nodes import Manifest, Node
from tidemill.engine.project.config import ProjectConfig
from tidemill.errors import Fact, Fault, Place, facts

FLAG = "require_resource_names_without_spaces"


def spaced_name_faults(manifest: Manifest, project: ProjectConfig) -> Iterator[Fault]:
    """A fault for each such name, where they are refused."""
    if not _are_refused(project):
        return
    for node in _spaced(manifest):
        yield Fault(
            code="name-spaces",
            label="Validation Error",
            message=f"Resource names cannot contain spaces: '{node.unique_id}'",
            place=Place(file=node.original_file_path),
            hint=f"rename it to '{node.name.replace(' ', '_')}'",
        )


def spaced_name_notices(manifest: Manifest, project: ProjectConfig) -> Iterator[Fault]:
    """A warning for each such name and one for all, where they are let through."""
    spaced = [] if _are_refused(project) else [*_spaced(manifest)]
    for node in spaced:
        yield _warning(
            "deprecated-spaced-name",
            f"Found spaces in the name of `{node.unique_id}`",
            node,
            facts(unique_id=node.unique_id),
        )
    if spaced:
        yield _warning(
            "deprecated-spaced-names",
            f"Spaces found in {len(spaced)} resource name(s): dbt means to refuse them",
            spaced[0],
            facts(count_invalid_names=str(len(spaced))),
        )


def _are_refused(project: ProjectConfig) -> bool:
    return bool(project.flags.get(FLAG, True))


def _spaced(manifest: Manifest) -> Iterator[Node]:
    return (node for node in manifest.nodes.values() if " " in node.name)


def _warning(code: str, message: str, node: Node, told: tuple[Fact, ...]) -> Fault:
    return Fault(
        code=code,
        label="Warning",
        message=message,
        place=Place(file=node.original_file_path),
        hint="rename what has spaces in its name",
        facts=told,
    )
