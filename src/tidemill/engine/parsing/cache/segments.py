"""Files of records: what a parse found, in outline and whole.

A segment is written once and never changed: records, then a head that says for each resource where its record lies,
and gives the outline. Records are read when somebody asks for them. A second file holds the same resources as
manifest.json has them. A damaged head or record is noticed by its checksum.
"""

from __future__ import annotations

import marshal
import mmap
import os
import zlib
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from pathlib import Path
from typing import IO, Any, NamedTuple

from tidemill.engine.nodes.parts import DependsOn
from tidemill.engine.nodes.section import SEPARATOR, FilePart, Outline
from tidemill.engine.parsing.cache.records import unpack

_MAGIC = b"TMSEGM03"
_TRAILER = 8 + 8 + 16 + len(_MAGIC)
_FRAGMENTS = ".fragments"
OUTLINED = (
    "nodes",
    "sources",
    "exposures",
    "unit_tests",
    "metrics",
    "semantic_models",
    "saved_queries",
    "functions",
)
"""Sections of a manifest whose resources have outlines."""
WHOLE = ("macros", "docs", "groups", "disabled")
"""Sections that are small, or always needed."""


class DamagedError(Exception):
    """A file of the cache is not what was written, or is gone."""


class Entry(NamedTuple):
    """One resource of a segment."""

    section: str
    key: str
    outline: Outline | None
    record: bytes
    fragment: bytes
    """``"id": {...}``, as manifest.json has it."""


Stamp = tuple[int, int, int]


class Row(NamedTuple):
    """A resource as a segment's head tells of it, and where its record and its fragment lie."""

    section: str
    key: str
    outline: Outline | None
    segment: Segment
    offset: int
    length: int
    checksum: int
    fragment_offset: int
    fragment_length: int

    def record(self) -> bytes:
        """The record. Raises DamagedError."""
        record = self.segment.content[self.offset : self.offset + self.length]
        if zlib.crc32(record) != self.checksum:
            raise DamagedError(f"a record of {self.segment.path.name} is damaged")
        return record

    def value(self) -> Any:
        """The resource. Raises DamagedError."""
        return unpack(self.record())

    def fragment(self) -> FilePart:
        """The resource as a part of manifest.json."""
        start = self.fragment_offset
        return FilePart(self.segment.fragments, start, start + self.fragment_length)


def write_segment(path: Path, entries: Iterable[Entry]) -> None:
    """Write a segment. Raises OSError."""
    rows, at, beside, checksum = [], 0, 0, 0
    with path.open("wb") as file, _fragments_of(path).open("wb") as fragments:
        for section, key, outline, record, fragment in entries:
            flat = outline and (*outline[:8], *_flat(outline.depends_on), *outline[9:])
            place = (at, len(record), zlib.crc32(record), beside, len(fragment))
            rows.append((section, key, flat, *place))
            at += file.write(record)
            beside += fragments.write(fragment) + fragments.write(SEPARATOR)
            checksum = zlib.crc32(SEPARATOR, zlib.crc32(fragment, checksum))
        head = marshal.dumps(rows)
        file.write(head)
        numbers = at.to_bytes(8, "little") + checksum.to_bytes(8, "little")
        file.write(numbers + _digest(head + numbers) + _MAGIC)


def remove_segment(path: Path) -> None:
    """Delete a segment. Who has it open keeps it."""
    path.unlink(missing_ok=True)
    _fragments_of(path).unlink(missing_ok=True)


def stamp_of(path: Path) -> Stamp:
    """Size and times of the fragments of a segment: equal as long as nobody touches them. Raises OSError."""
    with _fragments_of(path).open("rb") as file:
        return _stamp(file)


def _stamp(file: IO[bytes]) -> Stamp:
    state = os.fstat(file.fileno())
    return state.st_size, state.st_mtime_ns, state.st_ctime_ns


def _checksum(file: IO[bytes]) -> int:
    checksum = 0
    while chunk := file.read(1 << 20):
        checksum = zlib.crc32(chunk, checksum)
    return checksum


def _fragments_of(path: Path) -> Path:
    return path.with_suffix(_FRAGMENTS)


class Segment:
    """An open segment."""

    def __init__(self, path: Path, stamp: Stamp | None = None) -> None:
        """``stamp`` is that of the fragments, when they were last known to be sound. Raises DamagedError."""
        self.path = path
        try:
            with path.open("rb") as file:
                self.content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            self.fragments = _fragments_of(path).open("rb")
        except (OSError, ValueError) as error:
            raise DamagedError(f"{path.name}: {error}") from None
        trailer = self.content[-_TRAILER:]
        start, checksum = (int.from_bytes(trailer[i : i + 8], "little") for i in (0, 8))
        head = self.content[start:-_TRAILER]
        if trailer[32:] != _MAGIC or _digest(head + trailer[:16]) != trailer[16:32]:
            raise DamagedError(f"{path.name} is damaged")
        if _stamp(self.fragments) != stamp and _checksum(self.fragments) != checksum:
            raise DamagedError(f"the fragments of {path.name} are damaged")
        self._rows = marshal.loads(head)

    def rows(self) -> Iterator[Row]:
        """All resources, in the order they were written."""
        for section, key, flat, *place in self._rows:
            outline = flat and Outline._make((*flat[:8], DependsOn(flat[8], flat[9]), *flat[10:]))
            yield Row(section, key, outline, self, *place)


def _flat(depends_on: DependsOn) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return depends_on.nodes, depends_on.macros


def _digest(content: bytes) -> bytes:
    return blake2b(content, digest_size=16).digest()
