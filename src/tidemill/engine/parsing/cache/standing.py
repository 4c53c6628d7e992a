"""Whether a parse stands as it is, found out before a configuration is loaded.

A parse that found nothing to do leaves what it could depend on: what it was asked for, the environment, the files with
settings, and every file in the folders of the project, its packages and this program, with sizes and times. As long as
all of that is the same, so is what the next parse would find. Whatever differs, even what no parse looks at, makes the
next one look properly. Nothing heavy is imported here.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from tidemill.engine.parsing.cache.folder import FOLDER, digest_of, keep, kept

_FILE = "standing"
_FORMAT = 1
_RACY = 2_000_000_000
"""Nanoseconds. What changed so shortly before a parse, or since, may have changed after it was read."""

FileState = tuple[str, int, int, int]
"""Path, size, and times of the last changes in nanoseconds; size -1 where there is none."""


class Places(NamedTuple):
    """Where to look for changes."""

    files: tuple[str, ...]
    """Files that may be missing, and folders of which only their own entries count."""
    folders: tuple[str, ...]
    """Folders with all that is in them."""


def keep_standing(target_path: Path, asked: Any, places: Places, began: float, answer: Any) -> None:
    """Keep ``answer``, a plain value, for whoever asks the same while nothing has changed in ``places``.

    ``began`` is when the first of them was looked at. Nothing is kept if one of them is newer.
    """
    now = _look(places)
    newest = max((max(state[2:]) for state in now), default=0)
    path = target_path / FOLDER / _FILE
    with suppress(OSError):
        if newest > began * 1e9 - _RACY:
            path.unlink(missing_ok=True)
        else:
            keep(path, (_FORMAT, _digest(asked), tuple(places), now, answer))


def standing_answer(target_path: Path, asked: Any) -> Any:
    """What was kept for ``asked``, if all is as it was then; else None."""
    found = kept(target_path / FOLDER / _FILE)
    if found is None or found[:2] != (_FORMAT, _digest(asked)):
        return None
    _, _, places, then, answer = found
    return answer if _look(Places._make(places)) == then else None


def _digest(asked: Any) -> bytes:
    """Of the question, and of the process that asks. What stands in its environment is kept nowhere."""
    return digest_of(
        repr((asked, sorted(os.environ.items()), str(Path.cwd()), sys.version)).encode()
    )


def _look(places: Places) -> list[FileState]:
    return [*map(_state, places.files), *_below(places.folders)]


def _below(folders: Iterable[str]) -> Iterator[FileState]:
    """Every folder and file below; links to files count as what they lead to, like in a parse."""
    waiting = list(folders)
    while waiting:
        current = waiting.pop()
        yield _state(current)
        try:
            entries = list(os.scandir(current))
        except OSError:
            continue
        for entry in entries:
            if not entry.is_dir(follow_symlinks=False):
                yield _state(entry.path)
            elif entry.name != "__pycache__":
                waiting.append(entry.path)


def _state(path: str) -> FileState:
    try:
        found = os.stat(path)  # noqa: PTH116 - thousands of files
    except OSError:
        return path, -1, 0, 0
    return path, found.st_size, found.st_mtime_ns, found.st_ctime_ns
