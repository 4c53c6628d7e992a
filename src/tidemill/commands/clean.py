"""``clean``: delete the folders that the project names as clean-targets, and nothing else."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from tidemill.engine.project.config import ProjectConfig
from tidemill.errors import ConfigurationError


def clean(project: ProjectConfig, *, project_only: bool = True) -> Iterator[Path]:
    """Delete the folders one by one, giving each once it is gone.

    Everything is checked before anything is deleted: sources of the project are refused, and so are
    folders outside it, unless ``project_only`` is False. Raises ConfigurationError.
    """
    root = project.root.resolve()
    targets = list(dict.fromkeys((root / target).resolve() for target in project.clean_targets))
    if project_only:
        _refuse_outside(root, targets)
    _refuse_sources(project, root, targets)
    return (_deleted(target) for target in targets)


def _refuse_sources(project: ProjectConfig, root: Path, targets: list[Path]) -> None:
    """A clean target must not be, or contain, a folder with sources (nor the project itself)."""
    kept = [root]
    for paths in (*project.search_paths.values(), project.docs_paths, project.asset_paths):
        kept += [(root / path).resolve() for path in paths]
    for target in targets:
        inside = [path for path in kept if path == target or target in path.parents]
        if inside:
            raise ConfigurationError(
                f"dbt will not clean the following source paths: '{target}' of clean-targets "
                f"holds the project's own files ('{inside[0]}')",
                code="clean-sources",
                hint="nothing was deleted: take it out of clean-targets in dbt_project.yml",
            )


def _refuse_outside(root: Path, targets: list[Path]) -> None:
    for target in targets:
        if root not in (target, *target.parents):
            raise ConfigurationError(
                "dbt will not clean the following directories outside the project: "
                f"'{target}' of clean-targets",
                code="clean-outside",
                hint="nothing was deleted: --no-clean-project-files-only deletes it as well",
            )


def _deleted(target: Path) -> Path:
    try:
        if target.is_dir():
            shutil.rmtree(target)
    except OSError as error:
        raise ConfigurationError(
            f"'{target}' cannot be deleted: {error.strerror or error}", code="clean-refused"
        ) from error
    return target
