"""Files of one package that another package's stand in for: one is switched off, the other has its name.

What a property file says of the name then describes the one that is in use (dbt's rule).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tidemill.engine.parsing.patching import SECTION_OF
from tidemill.engine.parsing.sql_files import fqn_of
from tidemill.engine.project.config import RuntimeConfig
from tidemill.engine.project.config_kinds import SECTION_OF_KIND
from tidemill.engine.project.config_trees import configs_for
from tidemill.engine.project.files import ProjectFile


def replaced_files(
    config: RuntimeConfig, files: Mapping[str, Iterable[ProjectFile]]
) -> set[tuple[str, str, str]]:
    """(section, package, name) of the files, by kind, that a project file switches off and whose name
    a file that is on has in another package."""
    found: set[tuple[str, str, str]] = set()
    for kind, of_kind in files.items():
        by_name: dict[str, list[ProjectFile]] = {}
        for file in of_kind:
            by_name.setdefault(file.stem, []).append(file)
        for name, same in by_name.items():
            if len(same) > 1:
                off = {file.package for file in same if not _is_on(config, kind, file)}
                if len(off) < len(same):
                    found |= {(SECTION_OF[kind], package, name) for package in off}
    return found


def _is_on(config: RuntimeConfig, kind: str, file: ProjectFile) -> bool:
    section = SECTION_OF_KIND[kind]
    layers = configs_for(config, section, fqn_of(file, kind, file.stem), file.package)
    said = [layer["enabled"] for layer in (*layers.own, *layers.root) if "enabled" in layer]
    return bool(said[-1]) if said else True
