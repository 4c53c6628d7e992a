"""Writing an artifact so that a reader finds the old one or the new one, never half of one."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from tidemill.errors import ConfigurationError


def write_atomically(path: Path, content: bytes) -> None:
    """Write ``content`` beside ``path`` and put it in its place.

    Raises ConfigurationError when the folder cannot be written or the disk is full.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_and_replace(path, content)
    except OSError as error:
        raise ConfigurationError(
            f"{path} cannot be written: {error.strerror or error}",
            code="cannot-write",
            hint="make room or give rights there, or choose another folder with --target-path",
        ) from error


def _write_and_replace(path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        temporary = Path(name)
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
