"""What a process that stays keeps of its parses, so that the next one does only what is new, and reads nothing again.

    memory = Memory()
    parse_cached(config, adapter, memory=memory)     # from disk
    parse_cached(config, adapter, memory=memory)     # milliseconds

The disk stays the truth: files are looked at each time, or a watch tells of them; and what was parsed is written to
the state by `flush`, when there is time.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from tidemill.engine.nodes import Manifest
from tidemill.engine.parsing.cache.records import UnknownValueError
from tidemill.engine.parsing.cache.segments import DamagedError
from tidemill.engine.parsing.cache.state import (
    Known,
    State,
    identified,
    open_state,
    write_changes,
)
from tidemill.engine.parsing.cache.tree import Look, Stamps, Tree, look_at, places_of
from tidemill.engine.project.config import RuntimeConfig
from tidemill.engine.project.watching import FolderWatch

_MOST_TREES = 4
Changed = frozenset[tuple[str, str]]
"""Sections and ids of resources."""


class Disk:
    """Of a process that parses once: every state is read from disk, and written there."""

    def open(self, path: Path) -> State:
        """The state whose head is at ``path``. Raises DamagedError."""
        return open_state(path)

    def look(self, config: RuntimeConfig, known: Stamps | None) -> Look:
        """The files of the project now. Those with the size and times of ``known`` are not read."""
        return look_at(config, known)

    def save(
        self, path: Path, state: State, known: Known, manifest: Manifest, changed: Changed
    ) -> Manifest:
        """Keep what was parsed on top of ``state``: the resources ``changed``. Gives the manifest to work with."""
        with suppress(OSError, UnknownValueError, DamagedError):
            after = write_changes(path, state, known, manifest, changed)
            return identified(manifest, after.identity)
        return manifest

    def keep(self, path: Path, state: State, manifest: Manifest) -> Manifest:
        """Keep what is the same on disk."""
        del path, state
        return manifest

    def forget(self, path: Path) -> None:
        """What is on disk is new, and counts."""

    def chain(self, path: Path) -> object:
        """The same object for parses of which each is an update of the one before."""
        del path
        return object()


class Kept(msgspec.Struct, frozen=True):
    """A state, and what is newer in it than on disk."""

    state: State
    head: tuple[int, int, int]
    """What the head on disk looked like."""
    manifest: Manifest | None = None
    changed: Changed = frozenset()
    is_ahead: bool = False
    chain: object = msgspec.field(default_factory=object)


class Memory(Disk):
    """Of a process that stays. For one thread at a time."""

    def __init__(self) -> None:
        self._kept: dict[Path, Kept] = {}
        self._trees: list[tuple[Any, Tree]] = []
        self._is_last = False

    # -- states ------------------------------------------------------------------------------

    def open(self, path: Path) -> State:
        kept = self._kept.get(path)
        head = _head_of(path)
        if kept is not None and (kept.is_ahead or kept.head == head):
            return kept.state
        state = open_state(path)
        self._kept[path] = Kept(state, head)
        return state

    def save(
        self, path: Path, state: State, known: Known, manifest: Manifest, changed: Changed
    ) -> Manifest:
        kept = self._kept[path]
        after = state.after(known, manifest)
        found = after.now
        self._kept[path] = msgspec.structs.replace(
            kept, state=after, manifest=found, changed=kept.changed | changed, is_ahead=True
        )
        if self._is_last:
            self.flush()
        return found

    def keep(self, path: Path, state: State, manifest: Manifest) -> Manifest:
        kept = self._kept[path]
        if kept.manifest is None:
            lasting = state.after(state.known, manifest, same=True)
            self._kept[path] = msgspec.structs.replace(kept, state=lasting, manifest=manifest)
        return manifest

    def forget(self, path: Path) -> None:
        self._kept.pop(path, None)

    def chain(self, path: Path) -> object:
        return self._kept[path].chain if path in self._kept else object()

    @property
    def is_ahead(self) -> bool:
        """Whether something is newer than on disk."""
        return any(kept.is_ahead for kept in self._kept.values())

    def flush(self) -> None:
        """Write what is newer than on disk. Where somebody else wrote a state meanwhile, that one counts."""
        for path, kept in self._kept.items():
            manifest = kept.manifest
            if kept.is_ahead and manifest is not None:
                self._kept[path] = msgspec.structs.replace(kept, is_ahead=False)
                if kept.head == _head_of(path):
                    with suppress(OSError, UnknownValueError, DamagedError):
                        known = kept.state.known
                        on_disk = write_changes(path, kept.state, known, manifest, kept.changed)
                        state = on_disk.after(known, manifest, same=True)
                        self._kept[path] = Kept(state, _head_of(path), manifest, chain=kept.chain)

    # -- files -------------------------------------------------------------------------------

    def look(self, config: RuntimeConfig, known: Stamps | None) -> Look:
        places = places_of(config)
        for found, tree in self._trees:
            if found == places:
                return tree.look(known)
        tree = Tree(config)
        self._trees.insert(0, (places, tree))
        for _, old in self._trees[_MOST_TREES:]:
            old.close()
        del self._trees[_MOST_TREES:]
        return tree.look(known)

    def watches(self) -> list[FolderWatch]:
        """What tells of changes to files."""
        return [tree.watch for _, tree in self._trees if tree.watch is not None]

    def hear(self) -> None:
        """Take note of what the watches tell, when it cannot be looked at now: they would tell it for ever."""
        for watch in self.watches():
            watch.hear()

    def serve_once(self) -> None:
        """From now on, take all files as they were last looked at, and write at once: in a process that was forked."""
        self._is_last = True
        for _, tree in self._trees:
            tree.keep_still()


def _head_of(path: Path) -> tuple[int, int, int]:
    try:
        state = path.stat()
    except OSError:
        return 0, 0, 0
    return state.st_ino, state.st_size, state.st_mtime_ns
