"""Has the project on disk changed since it was read? A look at sizes and times, without reading."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from tidemill.engine.project.config import ProjectConfig, RuntimeConfig

PROJECT_FILES = ("dbt_project.yml", "packages.yml", "dependencies.yml", "selectors.yml")

Fingerprint = frozenset[tuple[str, int, int]]
"""Path, size and time of change of every file that a project is read from."""


def fingerprint(config: RuntimeConfig) -> Fingerprint:
    """What the files of the project and of its packages look like from outside."""
    internal = set(config.internal_packages)
    projects = [p for name, p in config.packages.items() if name not in internal]
    found: set[tuple[str, int, int]] = set()
    for project in projects:
        for folder in _folders(project):
            found.update(_looks(folder))
        found.update(look for name in PROJECT_FILES for look in _look(project.root / name))
    if config.profiles_dir is not None:
        found.update(_look(config.profiles_dir / "profiles.yml"))
    return frozenset(found)


def _folders(project: ProjectConfig) -> Iterator[Path]:
    names = {name for paths in project.search_paths.values() for name in paths}
    for name in sorted({*names, *project.docs_paths}):
        yield project.root / name


def _looks(folder: Path) -> Iterator[tuple[str, int, int]]:
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=True):
            yield from _looks(Path(entry.path))
        else:
            yield from _look(Path(entry.path))


def _look(file: Path) -> Iterator[tuple[str, int, int]]:
    try:
        stat = file.stat()
    except OSError:
        return
    yield str(file), stat.st_size, stat.st_mtime_ns
