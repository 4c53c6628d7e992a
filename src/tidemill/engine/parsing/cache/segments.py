"""Files of records: what a parse found, in outline and whole.

A segment is written once and never changed. Its head says for each resource where its record lies, and gives the
outline; records are read when somebody asks for them. A damaged head or record is noticed by its checksum.
"""

from __future__ import annotations

import marshal
import mmap
import zlib
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

from tidemill.engine.nodes.parts import DependsOn
from tidemill.engine.nodes.section import Outline
from tidemill.engine.parsing.cache.records import unpack

_MAGIC = b"TMSEGM01"
_HEADER = len(_MAGIC) + 8 + 16
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


class Place(NamedTuple):
    """Where a record lies."""

    segment: Segment
    offset: int
    length: int
    checksum: int

    def read(self) -> bytes:
        """The record. Raises DamagedError."""
        record = self.segment.content[self.offset : self.offset + self.length]
        if zlib.crc32(record) != self.checksum:
            raise DamagedError(f"a record of {self.segment.path.name} is damaged")
        return record


class Row(NamedTuple):
    """A resource as a segment's head tells of it."""

    section: str
    key: str
    outline: Outline | None
    place: Place

    def value(self) -> Any:
        """The resource. Raises DamagedError."""
        return unpack(self.place.read())


def write_segment(path: Path, entries: Iterable[Entry]) -> None:
    """Write a segment. Raises OSError."""
    rows, records, offset = [], [], 0
    for section, key, outline, record in entries:
        flat = None if outline is None else (*outline[:8], *_flat(outline.depends_on), *outline[9:])
        rows.append((section, key, flat, offset, len(record), zlib.crc32(record)))
        records.append(record)
        offset += len(record)
    head = marshal.dumps(rows)
    header = _MAGIC + len(head).to_bytes(8, "little") + _digest(head)
    with path.open("wb") as file:
        file.write(header)
        file.write(head)
        file.writelines(records)


class Segment:
    """An open segment."""

    def __init__(self, path: Path) -> None:
        """Raises DamagedError."""
        self.path = path
        try:
            with path.open("rb") as file:
                self.content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            raise DamagedError(f"{path.name}: {error}") from None
        length = int.from_bytes(self.content[len(_MAGIC) : len(_MAGIC) + 8], "little")
        self._head = _HEADER + length
        head = self.content[_HEADER : self._head]
        stored = self.content[len(_MAGIC) + 8 : _HEADER]
        if self.content[: len(_MAGIC)] != _MAGIC or _digest(head) != stored:
            raise DamagedError(f"{path.name} is damaged")
        self._rows = head

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return len(self.content)

    def rows(self) -> Iterator[Row]:
        """All resources, in the order they were written."""
        for section, key, flat, offset, length, checksum in marshal.loads(self._rows):
            outline = flat and Outline._make((*flat[:8], DependsOn(flat[8], flat[9]), *flat[10:]))
            yield Row(
                section,
                key,
                outline,
                Place(self, self._head + offset, length, checksum),
            )


def _flat(depends_on: DependsOn) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return depends_on.nodes, depends_on.macros


def _digest(content: bytes) -> bytes:
    return blake2b(content, digest_size=16).digest()
