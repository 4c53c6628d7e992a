"""Writing an artifact so that a reader finds the old one or the new one, never half of one."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tidemill.engine.nodes.section import FilePart
from tidemill.engine.project.replacing import replace_file
from tidemill.errors import ConfigurationError


def write_atomically(path: Path, content: bytes | Iterable[bytes | FilePart]) -> int:
    """Write ``content`` beside ``path`` and put it in its place. Returns the new file's number on the disk.

    Raises ConfigurationError when the folder cannot be written or the disk is full.
    """
    try:
        return replace_file(path, content)
    except OSError as error:
        raise ConfigurationError(
            f"{path} cannot be written: {error.strerror or error}",
            code="cannot-write",
            hint="make room or give rights there, or choose another folder with --target-path",
        ) from error
