"""Finds a project's files by kind, as dbt does: by folder, by ending, without hidden and ignored ones.

    files = discover(project)
    files["model"][0].read()

Each folder is walked once. Files come in the order of their paths, where dbt takes the order of the
disk. Nothing is parsed here, and nothing is read before somebody asks for it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path

import msgspec

from tidemill.engine.project.config import ProjectConfig
from tidemill.errors import ParsingError, Place

IGNORE_FILE = ".dbtignore"
_HIDDEN = ".#~"
"""What the names of files begin with that nobody looks at."""
_ENDINGS: dict[str, tuple[str, ...]] = {
    "macro": (".sql",),
    "model": (".sql", ".py"),
    "snapshot": (".sql",),
    "analysis": (".sql",),
    "test": (".sql",),
    "generic_test": (".sql",),
    "seed": (".csv",),
    "docs": (".md",),
    "properties": (".yml", ".yaml"),
    "fixture": (".csv", ".sql"),
    "function": (".sql", ".py"),
}
_ALL_ENDINGS = tuple({ending for endings in _ENDINGS.values() for ending in endings})
KINDS = tuple(_ENDINGS)
"""Kinds of file, in dbt's order."""

Ignored = Callable[[str], bool]
ByEnding = Mapping[str, list[str]]


class ProjectFile(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """One file of a project. All paths use ``/``."""

    package: str
    path: str
    """Relative to its package: ``models/staging/stg_orders.sql``."""
    relative_path: str
    """Relative to the folder that was searched: ``staging/stg_orders.sql``."""
    root: Path
    """The folder of its package."""

    @property
    def absolute(self) -> Path:
        return self.root / self.path

    @property
    def location(self) -> str:
        """``absolute`` as text, in a tenth of the time: tens of thousands are looked at."""
        return os.path.join(self.root, self.path)  # noqa: PTH118 - a folder may lie outside the package

    @cached_property
    def stem(self) -> str:
        """The file's name without its last ending."""
        return self.path.rpartition("/")[2].rpartition(".")[0]

    def read(self) -> str:
        """The text of the file, its line ends as they are. Raises ParsingError when it is not UTF-8."""
        try:
            with open(self.location, "rb", buffering=0) as file:  # noqa: PTH123 - half the time
                return file.readall().decode("utf-8")
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            raise ParsingError(
                f"the file is not text in UTF-8 (byte {error.object[error.start]:#04x})",
                code="file-encoding",
                place=Place(file=self.path, line=line),
                hint="save it in the encoding UTF-8",
            ) from None
        except OSError as error:
            raise ParsingError(
                f"the file cannot be read: {error.strerror}",
                code="file-unreadable",
                place=Place(file=self.path),
            ) from error


def discover(project: ProjectConfig) -> dict[str, tuple[ProjectFile, ...]]:
    """All files of one project by kind, for every kind in ``KINDS``."""
    ignored = _ignore_rule(project.root)
    walked: dict[str, ByEnding] = {}
    found = {}
    for kind, endings in _ENDINGS.items():
        files: dict[str, ProjectFile] = {}
        for folder in _folders(project, kind):
            if folder not in walked:
                walked[folder] = _by_ending(sorted(_walk(project.root, folder)))
            for file in _files(project, folder, walked[folder], endings):
                if not ignored(file.path) and not _elsewhere(kind, file.relative_path):
                    files.setdefault(file.path, file)
        found[kind] = tuple(files.values())
    return found


def search_folders(project: ProjectConfig) -> tuple[str, ...]:
    """Every folder that files of any kind are looked for in, relative to the project."""
    return tuple(dict.fromkeys(f for kind in KINDS for f in _folders(project, kind)))


def is_of_interest(path: str) -> bool:
    """Whether a new file of this name may be one of a project, or say which are."""
    name = path.rpartition("/")[2]
    return name == IGNORE_FILE or (name[:1] not in _HIDDEN and name.lower().endswith(_ALL_ENDINGS))


def _folders(project: ProjectConfig, kind: str) -> tuple[str, ...]:
    """Where files of a kind are looked for, without final slashes."""
    everywhere = (
        *project.model_paths,
        *project.seed_paths,
        *project.snapshot_paths,
        *project.analysis_paths,
        *project.macro_paths,
        *project.test_paths,
        *project.function_paths,
    )
    paths = {
        **project.search_paths,
        "generic_test": tuple(f"{path.rstrip('/')}/generic" for path in project.test_paths),
        "fixture": tuple(f"{path.rstrip('/')}/fixtures" for path in project.test_paths),
        "docs": project.docs_paths or everywhere,
        "properties": everywhere,
    }[kind]
    return tuple(dict.fromkeys(path.rstrip("/") for path in paths))


def _walk(root: Path, folder: str) -> Iterator[str]:
    """Paths below ``folder``, relative to it, without hidden files. Links to folders are not followed."""
    top = root / folder
    waiting = [("", str(top))]
    while waiting:
        prefix, current = waiting.pop()
        try:
            entries = list(os.scandir(current))
        except OSError:
            continue
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                waiting.append((f"{prefix}{entry.name}/", entry.path))
            elif entry.name[0] not in _HIDDEN and not entry.is_dir():
                yield prefix + entry.name


def _files(
    project: ProjectConfig, folder: str, paths: ByEnding, endings: tuple[str, ...]
) -> Iterator[ProjectFile]:
    for ending in endings:
        for path in paths.get(ending, ()):
            yield ProjectFile(
                package=project.name,
                path=f"{folder}/{path}",
                relative_path=path,
                root=project.root,
            )


def _by_ending(paths: Iterable[str]) -> ByEnding:
    found: dict[str, list[str]] = {}
    for path in paths:
        found.setdefault(path[path.rfind(".") :].lower(), []).append(path)
    return found


def _elsewhere(kind: str, relative_path: str) -> bool:
    """Singular tests are not looked for where generic tests and fixtures stand."""
    return kind == "test" and relative_path.startswith(("generic/", "fixtures/"))


def _ignore_rule(root: Path) -> Ignored:
    """The rule of ``.dbtignore``, which is written like ``.gitignore``."""
    path = root / IGNORE_FILE
    if not path.is_file():
        return lambda _: False
    from pathspec import PathSpec

    spec = PathSpec.from_lines("gitwildmatch", path.read_text(encoding="utf-8").splitlines())
    return spec.match_file
