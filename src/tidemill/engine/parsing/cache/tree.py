"""The files of a project as they are now: looked at once, or kept and corrected by what a watch tells.

look_at(config, known)          # by a command
Tree(config).look(known)        # by a process that stays
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from stat import S_ISLNK
from typing import Any, NamedTuple

from tidemill.engine.parsing.cache.changes import FileKey, Files, stamp_files
from tidemill.engine.parsing.cache.inputs import FileStamp
from tidemill.engine.parsing.parsed import FoundFiles, find_files
from tidemill.engine.project.config import ProjectConfig, RuntimeConfig
from tidemill.engine.project.files import is_of_interest, search_folders
from tidemill.engine.project.watching import FolderWatch, folders_below, open_watch

Stamps = Mapping[FileKey, FileStamp]


class Look(NamedTuple):
    """The files at one moment."""

    found: FoundFiles
    files: Files
    stamps: Stamps


def look_at(config: RuntimeConfig, known: Stamps | None = None) -> Look:
    """All files. Those with the size and times of ``known`` are not read."""
    found = find_files(config)
    files = flat_files(found)
    return Look(found, files, stamp_files(files, known))


def flat_files(files: FoundFiles) -> Files:
    """All files by kind, package and path."""
    return {
        (kind, file.package, file.path): file
        for kinds in files.values()
        for kind, found in kinds.items()
        for file in found
    }


class Tree:
    """The files of one configuration, kept between two looks. For one thread at a time."""

    def __init__(self, config: RuntimeConfig) -> None:
        self._config = config
        self._last: Look | None = None
        self._still = False
        self._keys: dict[str, list[FileKey]] = {}
        """Of files, by where they lie."""
        self._unwatched: list[FileKey] = []
        """Files that may be written under another name, of which nothing is told."""
        self.watch = open_watch(*(project.root for project in config.packages.values()))
        """What tells of changes, if anything does."""

    def look(self, known: Stamps | None = None) -> Look:
        """All files now. Those with the size and times of ``known`` are not read the first time."""
        last = self._last
        if last is None:
            return self._all(known)
        if self._still:
            return last
        if self.watch is None:
            return self._all(last.stamps)
        news = self.watch.news()
        stale = self._stale(news.paths)
        if news.unsure or stale is None:
            return self._all(last.stamps)
        return self._corrected(last, [*stale, *self._unwatched])

    def keep_still(self) -> None:
        """From now on, take the files as they were at the last look."""
        self._still = True

    def close(self) -> None:
        """Watch no more."""
        if self.watch is not None:
            self.watch.close()
        self.watch = None

    def _stale(self, paths: Iterable[str]) -> list[FileKey] | None:
        """The files to look at again; None if others may be there now."""
        stale: list[FileKey] = []
        for path in paths:
            keys = self._keys.get(path)
            if keys is None:
                if os.path.lexists(path) and is_of_interest(path):
                    return None
            elif not os.path.isfile(path):  # noqa: PTH113 - paths as they were told
                return None
            else:
                stale += keys
        return stale

    def _corrected(self, last: Look, touched: list[FileKey]) -> Look:
        new = stamp_files({key: last.files[key] for key in touched}, last.stamps)
        if any(new[key] is not last.stamps[key] for key in touched):
            self._last = last = last._replace(stamps={**last.stamps, **new})
        return last

    def _all(self, known: Stamps | None) -> Look:
        # Watched before they are looked at: what changes meanwhile is told of afterwards.
        if self.watch is not None:
            for project in self._config.packages.values():
                _add_folders(self.watch, project)
            self.watch.news()
        self._last = look = look_at(self._config, known)
        self._keys = {}
        for key, file in look.files.items():
            self._keys.setdefault(file.location, []).append(key)
        self._unwatched = [
            key for path, keys in self._keys.items() if _is_shared(path) for key in keys
        ]
        return look


def places_of(config: RuntimeConfig) -> Any:
    """Where files are looked for; configurations with equal places have the same files."""
    return [
        (name, project.root, search_folders(project)) for name, project in config.packages.items()
    ]


def _add_folders(watch: FolderWatch, project: ProjectConfig) -> None:
    root = project.root
    for folder in search_folders(project):
        above = (root / folder).parents
        for place in (p for p in above if p == root or (root in p.parents and p.is_dir())):
            watch.add(str(place), contents=False)
        for below in folders_below(str(root / folder)):
            watch.add(below)


def _is_shared(path: str) -> bool:
    """Whether the file has another name as well."""
    try:
        state = os.lstat(path)
    except OSError:
        return True
    return S_ISLNK(state.st_mode) or state.st_nlink > 1
