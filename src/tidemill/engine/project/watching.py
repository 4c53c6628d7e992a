"""Tells which files in some folders have changed, where the system can be trusted to say so.

    watch = open_watch(root)
    watch.add("/shop/models")
    watch.news().paths

Only Linux and its own file systems tell of every change at once; elsewhere files are looked at instead.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from inotify_simple import INotify

_MOUNTS = Path("/proc/self/mountinfo")
_ESCAPED = re.compile(r"\\([0-7]{3})")
"""Blanks and their like in the name of a mount point."""
_TRUSTED = frozenset(
    ("bcachefs", "btrfs", "ext2", "ext3", "ext4", "f2fs", "overlay", "ramfs", "tmpfs", "xfs", "zfs")
)
"""File systems of this machine alone: nobody changes their files unseen."""


class News(NamedTuple):
    """What has happened since somebody last asked."""

    paths: frozenset[str]
    """Files that were written, made, moved or deleted: as the folder was named, and the file's name."""
    unsure: bool
    """Whether folders came or went, or more happened than the system told of."""


class FolderWatch:
    """Watches folders, each without those below it. For one thread at a time."""

    def __init__(self, system: INotify) -> None:
        from inotify_simple import flags

        self._system = system
        self._folders: dict[int, str] = {}
        self._broken = False
        self._paths: set[str] = set()
        self._unsure = False
        names = flags.CREATE | flags.DELETE | flags.MOVED_FROM | flags.MOVED_TO
        self._entries = int(names | flags.CLOSE_WRITE | flags.ATTRIB)
        self._contents = int(self._entries | flags.MODIFY)
        self._lost = int(flags.Q_OVERFLOW | flags.IGNORED | flags.UNMOUNT)
        self._folder = int(flags.ISDIR)
        self._more = int(flags.MASK_ADD)

    def add(self, folder: str, *, contents: bool = True) -> None:
        """Watch a folder; without ``contents``, files are not told of before whoever writes them closes them.

        A folder that is not there, or one too many, makes every answer unsure.
        """
        # Added to what the folder is watched for already.
        mask = (self._contents if contents else self._entries) | self._more
        try:
            self._folders[self._system.add_watch(folder, mask)] = folder
        except OSError:
            self._broken = True

    def news(self) -> News:
        """What has happened until now. What was done before this call is in the answer."""
        self.hear()
        news = News(frozenset(self._paths), self._unsure or self._broken)
        self._paths.clear()
        self._unsure = False
        return news

    def hear(self) -> None:
        """Keep what has happened for whoever asks next; until then the watch is readable for newer things only."""
        for wd, mask, _, name in self._system.read(timeout=0):
            if mask & (self._lost | self._folder) or wd not in self._folders:
                self._unsure = True
            else:
                self._paths.add(f"{self._folders[wd]}/{name}")

    def fileno(self) -> int:
        """Readable when there is news."""
        return int(self._system.fileno())

    def close(self) -> None:
        """Watch no more. Safe to call twice."""
        self._system.close()


def open_watch(*roots: Path) -> FolderWatch | None:
    """A watch for folders below ``roots``; None where the system does not tell of every change."""
    if not sys.platform.startswith("linux") or not all(_is_local(root) for root in roots):
        return None
    try:
        from inotify_simple import INotify

        return FolderWatch(INotify())
    except (ImportError, OSError):
        return None


def _is_local(folder: Path) -> bool:
    found = max(_mounts(), key=lambda m: _depth_in(m[0], folder.resolve()), default=("", ""))
    return found[1] in _TRUSTED


def _depth_in(mount: str, folder: Path) -> int:
    """How near a mount point is above a folder; negative if it is not above it."""
    place = Path(mount)
    return len(place.parts) if place == folder or place in folder.parents else -1


def _mounts() -> list[tuple[str, str]]:
    """Mount points with their kinds of file system; of two at one place the later one counts."""
    try:
        lines = _MOUNTS.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return []
    found = {}
    for line in lines:
        fields, _, kinds = line.partition(" - ")
        place = _ESCAPED.sub(lambda octal: chr(int(octal[1], 8)), fields.split(" ")[4])
        found[place] = kinds.split(" ")[0]
    return list(found.items())


def folders_below(folder: str) -> list[str]:
    """``folder`` and every folder below it, not following links; nothing where there is none."""
    return [here for here, _, _ in os.walk(folder)]
