"""Uses the body of manifest.json again: all of it but the metadata, as long as the project is the same.

Beside the parse state stands what the last manifest.json without compiled parts was made of, with its size and
times. A file that somebody has touched since is not used.
"""

from __future__ import annotations

import marshal
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

from tidemill.engine.nodes.section import FilePart
from tidemill.engine.parsing.cache.state import FOLDER
from tidemill.engine.project.replacing import replace_file

_FILE = "manifest.body"


def kept_body(path: Path, identity: bytes | None) -> FilePart | None:
    """The body of the manifest at ``path``, if it is that of ``identity``. Close its file."""
    if identity is None:
        return None
    try:
        known, stamp, start = marshal.loads((path.parent / FOLDER / _FILE).read_bytes())
        if known != _digest(identity) or stamp != _stamp(path):
            return None
        return FilePart(path.open("rb"), start, stamp[0])
    except (OSError, ValueError, TypeError, EOFError):
        return None


def keep_body(path: Path, identity: bytes | None, start: int) -> None:
    """Note that the manifest at ``path`` was made of ``identity``, and where its body begins."""
    record = path.parent / FOLDER / _FILE
    with suppress(OSError):
        if identity is None:
            record.unlink(missing_ok=True)
        else:
            replace_file(record, marshal.dumps((_digest(identity), _stamp(path), start)))


def _digest(identity: bytes) -> bytes:
    return blake2b(identity, digest_size=16).digest()


def _stamp(path: Path) -> tuple[int, int, int]:
    state = path.stat()
    return state.st_size, state.st_mtime_ns, state.st_ctime_ns
