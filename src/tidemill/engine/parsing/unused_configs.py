"""dbt's warning for paths of the project file that configure nothing."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from tidemill.engine.nodes import Manifest
from tidemill.engine.nodes.section import outlines_of
from tidemill.engine.project.config import RuntimeConfig
from tidemill.engine.project.config_kinds import SECTION_OF_KIND
from tidemill.engine.project.config_trees import unused_config_paths
from tidemill.errors import Fault, Place

CONFIG_UNUSED = "config-unused"


def unused_configs(manifest: Manifest, config: RuntimeConfig) -> Iterator[Fault]:
    """The warning, if there are such paths."""
    disabled = {tuple(resource.fqn) for found in manifest.disabled.values() for resource in found}
    fqns: dict[str, set[tuple[str, ...]]] = {}
    sections = {
        kind: section
        for kind, section in SECTION_OF_KIND.items()
        if section in config.project.configs and kind != "operation"
    }
    for resource in chain(outlines_of(manifest.nodes), manifest.outlines_beside_nodes()):
        section = sections.get(resource.resource_type)
        if section is not None:
            fqns.setdefault(section, set()).add(tuple(resource.fqn))
    paths = unused_config_paths(config, fqns, disabled)
    if paths:
        listed = "\n".join(f"- {path}" for path in paths)
        yield Fault(
            code=CONFIG_UNUSED,
            label="Warning",
            message="Configuration paths exist in your dbt_project.yml file which do not apply to "
            f"any resources.\nThere are {len(paths)} unused configuration paths:\n{listed}",
            place=Place(file="dbt_project.yml"),
        )
