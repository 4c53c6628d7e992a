"""Where a parse leaves what the next one takes up, and small values there. Nothing heavy is imported here."""

from __future__ import annotations

import marshal
import os
import zlib
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = "parse_state"
"""In the target folder. Only speed is lost when it is deleted."""


def digest_of(content: bytes) -> bytes:
    """A short digest; equal contents have equal ones."""
    return blake2b(content, digest_size=16).digest()


def keep(path: Path, value: Any) -> None:
    """Put a plain value into the file at ``path``, in one step. Raises OSError."""
    content = marshal.dumps(value)
    beside = path.with_name(f".{path.name}.{os.urandom(6).hex()}")
    beside.write_bytes(_checksum(content) + content)
    beside.replace(path)


def kept(path: Path) -> Any:
    """The value that is kept in the file at ``path``; None if there is none, or it is damaged."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    if _checksum(content[4:]) != content[:4]:
        return None
    try:
        return marshal.loads(content[4:])
    except (ValueError, TypeError, EOFError):  # of another version of Python
        return None


def _checksum(content: bytes) -> bytes:
    return zlib.crc32(content).to_bytes(4, "little")
