"""Summaries on disk, by the content that they were read from. Only speed is lost when the file is deleted."""

from __future__ import annotations

import hashlib
import os
import tempfile
import threading
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

import msgspec

from tidemill.engine.lineage.summary import Summary

CACHE_FILE = "column_lineage.bin"
"""Its name in the target folder."""
FORMAT = "2"
"""Rises whenever the same SQL is read differently than before."""
_KEPT = 4
"""Contents that were not asked for are kept until there are this many times as many as those that were."""


class _File(msgspec.Struct, frozen=True, array_like=True):
    format: str
    summaries: dict[bytes, msgspec.Raw]
    codes: dict[bytes, bytes]


def digest(*parts: bytes) -> bytes:
    """The address of a content that is made of ``parts``."""
    found = hashlib.blake2b(digest_size=16)
    for part in parts:
        found.update(len(part).to_bytes(8, "little"))
        found.update(part)
    return found.digest()


class LineageCache:
    """Summaries by address, and addresses of compiled code by what it is compiled from.

    Safe to share between threads; ``save`` is atomic, and a file that is damaged or of another format is ignored.
    """

    def __init__(self, path: Path | None, version: str) -> None:
        """Without ``path`` nothing is kept."""
        self._path = path
        self._format = f"{FORMAT}|{version}"
        self._lock = threading.Lock()
        self._file: _File | None = None
        self._new: dict[bytes, Summary] = {}
        self._new_codes: dict[bytes, bytes] = {}
        self._used: set[bytes] = set()

    def load(self) -> None:
        """Read the file now, and not when something is asked for."""
        self._read()

    def summary(self, address: bytes) -> Summary | None:
        """What was kept at ``address``."""
        new = self._new.get(address)
        if new is not None:
            return new
        raw = self._read().summaries.get(address)
        if raw is None:
            return None
        self._used.add(address)
        try:
            return msgspec.msgpack.decode(raw, type=Summary)
        except msgspec.MsgspecError:
            return None

    def keep(self, address: bytes, summary: Summary) -> None:
        with self._lock:
            self._new[address] = summary

    def code(self, origin: bytes) -> bytes | None:
        """The digest of the code that ``origin`` compiles to."""
        found = self._new_codes.get(origin) or self._read().codes.get(origin)
        if found is not None:
            self._used.add(origin)
        return found

    def keep_code(self, origin: bytes, code: bytes) -> None:
        with self._lock:
            self._new_codes[origin] = code

    def save(self, at_least: int = 1) -> None:
        """Write what is new, if it is as much as ``at_least``. A folder that cannot be written to is no fault."""
        with self._lock:
            if self._path is None or len(self._new) + len(self._new_codes) < at_least:
                return
            content = self._content()
            self._new, self._new_codes, self._file = {}, {}, content
            payload = msgspec.msgpack.encode(content)
            sealed = digest(payload) + payload
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self._path.parent)
            with os.fdopen(handle, "wb") as file:
                file.write(sealed)
            Path(name).replace(self._path)
        except OSError:
            return

    def _content(self) -> _File:
        """Old and new; the old only as far as it was used, once there is much of it."""
        old = self._read()
        self._used.update(self._new, self._new_codes)
        summaries = {**old.summaries}
        for address, summary in self._new.items():
            summaries[address] = msgspec.Raw(msgspec.msgpack.encode(summary))
        codes = {**old.codes, **self._new_codes}
        if len(summaries) + len(codes) > _KEPT * max(1_000, len(self._used)):
            summaries = {key: summaries[key] for key in _kept(summaries, self._used)}
            codes = {key: codes[key] for key in _kept(codes, self._used)}
        return _File(self._format, summaries, codes)

    def _read(self) -> _File:
        if self._file is None:
            self._file = self._decoded()
        return self._file

    def _decoded(self) -> _File:
        found = None
        if self._path is not None:
            with suppress(OSError):
                state = self._path.stat()
                found = _file_at(self._path, state.st_ino, state.st_size, state.st_mtime_ns)
        return found if found and found.format == self._format else _File(self._format, {}, {})


@lru_cache(maxsize=1)
def _file_at(path: Path, *stamp: int) -> _File | None:
    """The file as it was at ``stamp``; None if it is damaged. A process that forks has it at hand in its children."""
    del stamp
    sealed = path.read_bytes()
    if digest(sealed[16:]) != sealed[:16]:
        return None
    try:
        return msgspec.msgpack.decode(memoryview(sealed)[16:], type=_File)
    except msgspec.MsgspecError:
        return None


def _kept(keys: Iterable[bytes], used: set[bytes]) -> list[bytes]:
    return [key for key in keys if key in used]
