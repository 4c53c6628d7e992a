"""Uses what was written to an artifact again, as long as it was made of the same project.

Beside the parse state stands for each artifact what it was made of, with its size and times. A file that somebody has
touched since is not used. Of manifest.json only the head, its metadata, differs from one command to the next.
"""

from __future__ import annotations

import marshal
import os
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import IO, NamedTuple

from tidemill.engine.nodes.section import FilePart
from tidemill.engine.parsing.cache.folder import FOLDER
from tidemill.engine.project.replacing import replace_file

_ALIKE = bytes.maketrans(b"123456789abcdef", b"0" * 15)
"""Makes times and ids of one form the same."""


class _Made(NamedTuple):
    """What is known of an artifact."""

    identity: bytes
    """Digest of what it was made of."""
    stamp: tuple[int, int, int]
    start: int
    """Where its body begins."""


def kept_body(path: Path, identity: bytes | None) -> FilePart | None:
    """The body of the artifact at ``path``, if it is that of ``identity``. Close its file."""
    made = _made(path)
    if identity is None or made is None or made.identity != _digest(identity):
        return None
    try:
        file = path.open("rb")
    except OSError:
        return None
    if _stamp(file) != made.stamp:
        file.close()
        return None
    return FilePart(file, made.start, made.stamp[0])


def is_made_of(path: Path, identity: bytes | None) -> bool:
    """Whether the artifact at ``path`` is as it was written, and made of ``identity``."""
    body = kept_body(path, identity)
    if body is not None:
        body.file.close()
    return body is not None


def keep_body(path: Path, number: int, identity: bytes | None, start: int = 0) -> None:
    """Note that the artifact at ``path`` was made of ``identity``, and where its body begins.

    ``number`` is that of the file which was written; if another one is there by now, it is not ours to know.
    """
    with suppress(OSError):
        if identity is None:
            _record(path).unlink(missing_ok=True)
            return
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_ino == number:
                _note(path, _Made(_digest(identity), _stamp(file), start))


def put_head(path: Path, identity: bytes | None, head: bytes) -> bool:
    """Put ``head`` before the body of ``identity`` where it lies; False where that is not possible or not safe.

    The head has the size of the old one and differs from it in digits alone, so whoever reads at this moment
    finds JSON of the same shape. Another name of the file would be another person's copy: it is left alone.
    """
    made = _made(path)
    if identity is None or made is None or made[::2] != (_digest(identity), len(head)):
        return False
    try:
        with path.open("r+b", buffering=0) as file:
            if _stamp(file) != made.stamp or path.is_symlink() or _names(file) != 1:
                return False
            if file.read(len(head)).translate(_ALIKE) != head.translate(_ALIKE):
                return False
            file.seek(0)
            file.write(head)
            _note(path, made._replace(stamp=_stamp(file)))
    except OSError:
        return False
    return True


def _made(path: Path) -> _Made | None:
    try:
        return _Made._make(marshal.loads(_record(path).read_bytes()))
    except (OSError, ValueError, TypeError, EOFError):
        return None


def _note(path: Path, made: _Made) -> None:
    replace_file(_record(path), marshal.dumps(tuple(made)))


def _record(path: Path) -> Path:
    return path.parent / FOLDER / f"{path.stem}.body"


def _digest(identity: bytes) -> bytes:
    return blake2b(identity, digest_size=16).digest()


def _stamp(file: IO[bytes]) -> tuple[int, int, int]:
    state = os.fstat(file.fileno())
    return state.st_size, state.st_mtime_ns, state.st_ctime_ns


def _names(file: IO[bytes]) -> int:
    return os.fstat(file.fileno()).st_nlink
