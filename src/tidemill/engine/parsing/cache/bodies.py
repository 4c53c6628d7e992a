"""Uses what was written to an artifact again, as long as it was made of the same project.

Beside the parse state stands for each artifact what it was made of, with its size and times. A file that somebody has
touched since is not used. Of manifest.json only the head, its metadata, differs from one command to the next. Nothing
heavy is imported here.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import IO, TYPE_CHECKING, NamedTuple

from tidemill.engine.parsing.cache.folder import FOLDER, digest_of, keep, kept

if TYPE_CHECKING:
    from pathlib import Path

    from tidemill.engine.nodes.section import FilePart

_ALIKE = bytes.maketrans(b"123456789abcdef", b"0" * 15)
"""Makes times and ids of one form the same."""


class Place(NamedTuple):
    """A part of an artifact, and what it was made of."""

    identity: bytes
    start: int
    end: int


class _Made(NamedTuple):
    """What is known of an artifact."""

    identity: bytes
    """Digest of what it was made of."""
    stamp: tuple[int, int, int]
    start: int
    """Where its body begins."""
    links: Place | None = None
    """Where in it the edges of the graph are."""


def kept_body(path: Path, identity: bytes | None) -> FilePart | None:
    """The body of the artifact at ``path``, if it is that of ``identity``. Close its file."""
    from tidemill.engine.nodes.section import FilePart

    found = _opened(path, identity)
    return found and FilePart(found[0], found[1].start, found[1].stamp[0])


def kept_head(path: Path, identity: bytes | None) -> bytes | None:
    """What stands before the body of ``identity`` in the artifact at ``path``."""
    found = _opened(path, identity)
    if found is None:
        return None
    with found[0] as file:
        return file.read(found[1].start)


def kept_links(path: Path, identity: bytes) -> FilePart | None:
    """The edges of the graph in the artifact at ``path``, if they are those of ``identity``. Close its file."""
    from tidemill.engine.nodes.section import FilePart

    made = _made(path)
    links = made.links if made is not None else None
    if made is None or links is None or links.identity != identity:
        return None
    file = _open(path, made)
    return None if file is None else FilePart(file, links.start, links.end)


def is_made_of(path: Path, identity: bytes | None) -> bool:
    """Whether the artifact at ``path`` is as it was written, and made of ``identity``."""
    return kept_head(path, identity) is not None


def keep_body(
    path: Path, number: int, identity: bytes | None, start: int = 0, links: Place | None = None
) -> None:
    """Note that the artifact at ``path`` was made of ``identity``, where its body begins, and where ``links`` are.

    ``number`` is that of the file which was written; if another one is there by now, it is not ours to know.
    """
    with suppress(OSError):
        if identity is None and links is None:
            _record(path).unlink(missing_ok=True)
            return
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_ino == number:
                made_of = b"" if identity is None else digest_of(identity)
                _note(path, _Made(made_of, _stamp(file), start, links))


def put_head(path: Path, identity: bytes | None, head: bytes) -> bool:
    """Put ``head`` before the body of ``identity`` where it lies; False where that is not possible or not safe.

    The head has the size of the old one and differs from it in digits alone, so whoever reads at this moment
    finds JSON of the same shape. Another name of the file would be another person's copy: it is left alone.
    """
    made = _made(path)
    if (
        identity is None
        or made is None
        or (made.identity, made.start) != (digest_of(identity), len(head))
    ):
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


def _opened(path: Path, identity: bytes | None) -> tuple[IO[bytes], _Made] | None:
    made = _made(path)
    if identity is None or made is None or made.identity != digest_of(identity):
        return None
    file = _open(path, made)
    return None if file is None else (file, made)


def _open(path: Path, made: _Made) -> IO[bytes] | None:
    try:
        file = path.open("rb")
    except OSError:
        return None
    if _stamp(file) != made.stamp:
        file.close()
        return None
    return file


def _made(path: Path) -> _Made | None:
    try:
        made = _Made(*(kept(_record(path)) or ()))
        return made._replace(links=made.links and Place(*made.links))
    except TypeError:  # of another shape
        return None


def _note(path: Path, made: _Made) -> None:
    keep(_record(path), (*made[:3], made.links and tuple(made.links)))


def _record(path: Path) -> Path:
    return path.parent / FOLDER / f"{path.stem}.body"


def _stamp(file: IO[bytes]) -> tuple[int, int, int]:
    state = os.fstat(file.fileno())
    return state.st_size, state.st_mtime_ns, state.st_ctime_ns


def _names(file: IO[bytes]) -> int:
    return os.fstat(file.fileno()).st_nlink
