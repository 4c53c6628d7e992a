"""Methods that go by where a resource is written: ``path:``, ``file:``, ``package:``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from tidemill.engine.selection.expressions import Criterion
from tidemill.engine.selection.methods.patterns import matcher
from tidemill.engine.selection.scope import Scope
from tidemill.errors import UsageError


def path(scope: Scope, criterion: Criterion) -> Iterator[str]:
    """By files and folders of the root project; a pattern may hold ``*``, ``?`` and ``**``.

    A resource is found by its own file, by a folder above it, and by the properties file that
    describes it.
    """
    found = _existing(scope.root, criterion)
    folders: dict[str, bool] = {}
    for resource in scope.everything():
        file = resource.original_file_path
        folder = file.rpartition("/")[0]
        if folder not in folders:
            folders[folder] = any(str(f) in found for f in _with_parents(folder))
        patch = getattr(resource, "patch_path", None)
        described = patch is not None and patch.partition("://")[2] in found
        if file in found or folders[folder] or described:
            yield resource.unique_id


def file(scope: Scope, criterion: Criterion) -> Iterator[str]:
    """By the name of the file, with or without its ending."""
    fits = matcher(str(criterion.value))
    for resource in scope.everything():
        where = PurePosixPath(resource.original_file_path)
        if fits(where.name) or fits(where.stem):
            yield resource.unique_id


def package(scope: Scope, criterion: Criterion) -> Iterator[str]:
    """By package; ``this`` is the root project."""
    value = str(criterion.value)
    fits = matcher(scope.manifest.metadata.project_name if value == "this" else value)
    return (r.unique_id for r in scope.everything() if fits(r.package_name))


def _with_parents(folder: str) -> list[PurePosixPath]:
    here = PurePosixPath(folder)
    return [here, *here.parents]


def _existing(root: Path, criterion: Criterion) -> set[str]:
    """Paths below ``root`` that the pattern finds, as text with ``/``."""
    pattern = Path(str(criterion.value))
    if pattern.is_absolute() and pattern.is_relative_to(root):
        pattern = pattern.relative_to(root)
    if pattern.is_absolute() or not pattern.parts:
        raise UsageError(
            f"The selector {criterion.raw!r} names no path inside the project",
            code="selector",
            hint=f"give a path relative to {root}",
        )
    return {found.relative_to(root).as_posix() for found in root.glob(str(pattern))}
