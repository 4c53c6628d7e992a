"""Puts a file in another's place, so that readers find the old one or the new one, never half of one."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from tidemill.engine.nodes.section import FilePart

_CHUNK = 1 << 20


def read_part(part: FilePart) -> bytes:
    """The bytes of a part."""
    return os.pread(part.file.fileno(), part.end - part.start, part.start)


def _copy_part(part: FilePart, target: IO[bytes]) -> None:
    """Write the bytes of a part to ``target``, by the system alone where it can."""
    target.flush()
    source, at = part.file.fileno(), part.start
    try:
        while at < part.end:
            at += os.copy_file_range(source, target.fileno(), part.end - at, at)
    except (AttributeError, OSError):  # another file system, or another system
        while at < part.end:
            at += target.write(os.pread(source, min(_CHUNK, part.end - at), at))


def replace_file(path: Path, content: bytes | Iterable[bytes | FilePart]) -> int:
    """Write ``content`` beside ``path`` and put it there; missing folders are made. Raises OSError.

    Returns the number by which the disk knows the new file.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            for part in [content] if isinstance(content, bytes) else content:
                if isinstance(part, FilePart):
                    _copy_part(part, file)
                else:
                    file.write(part)
            number = os.fstat(file.fileno()).st_ino
        temporary = Path(name)
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
        return number
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
