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
from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain, repeat
from pathlib import Path
from typing import IO, Any, NamedTuple

from tidemill.engine.nodes.section import SEPARATOR, FilePart, Outline
from tidemill.engine.parsing.cache.records import unpack

_MAGIC = b"TMSEGM05"
_TRAILER = 8 + 8 + 4 + len(_MAGIC)
_FRAGMENTS = ".fragments"
_BUFFER = 1 << 16
"""Bytes to write at once: small writes leave the system blocks to fill up, large ones the caches."""
_NUMBERS = 5
"""Where a record lies, its length and checksum; where its fragment lies, and its length."""
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
_TEXTS = {str, type(None)}


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
    rows: dict[str, list[tuple[Any, ...]]] = {}
    at, beside, checksum = 0, 0, 0
    with (
        path.open("wb", _BUFFER) as file,
        _fragments_of(path).open("wb", _BUFFER) as fragments,
    ):
        for section, key, outline, record, fragment in entries:
            place = (at, len(record), zlib.crc32(record), beside, len(fragment))
            rows.setdefault(section, []).append((key, outline, place))
            at += file.write(record)
            beside += fragments.write(fragment) + fragments.write(SEPARATOR)
            checksum = zlib.crc32(SEPARATOR, zlib.crc32(fragment, checksum))
        head = marshal.dumps(_columns(rows))
        file.write(head)
        numbers = at.to_bytes(8, "little") + checksum.to_bytes(8, "little")
        file.write(numbers + zlib.crc32(numbers, zlib.crc32(head)).to_bytes(4, "little") + _MAGIC)


def _columns(rows: Mapping[str, list[tuple[Any, ...]]]) -> list[tuple[Any, ...]]:
    """Each section as columns: equal values are one value there, which is read once."""
    once: dict[Any, Any] = {}
    found = []
    for section, entries in rows.items():
        keys, outlines, places = zip(*entries, strict=True)
        fields = [_column(c, once) for c in zip(*filter(None, outlines), strict=True)]
        numbers = array("Q", [number for place in places for number in place])
        follow = all(map(_follows, places, places[1:]))
        texts = [once.setdefault(key, key) for key in keys]
        found.append((section, texts, fields, numbers.tobytes(), follow))
    return found


def _follows(place: tuple[int, ...], following: tuple[int, ...]) -> bool:
    return following[3] == place[3] + place[4] + len(SEPARATOR)


def _column(values: Sequence[Any], once: dict[Any, Any]) -> list[Any]:
    kinds, known = {*map(type, values)}, once.setdefault
    if kinds <= _TEXTS:
        return [*map(known, values, values)]
    if kinds == {tuple} and {*map(type, chain.from_iterable(values))} <= _TEXTS:
        return [once.get(v) or known(same := tuple(map(known, v, v)), same) for v in values]
    return [_shared(value, once) for value in values]


def _shared(value: Any, once: dict[Any, Any]) -> Any:
    """``value``, or the equal one that was met before. What is not made of texts stays as it is."""
    if isinstance(value, tuple):
        value = tuple([_shared(part, once) for part in value])
    elif not isinstance(value, str):
        return value
    return once.setdefault(value, value)


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
        found = zlib.crc32(trailer[:16], zlib.crc32(head)).to_bytes(4, "little")
        if trailer[20:] != _MAGIC or trailer[16:20] != found:
            raise DamagedError(f"{path.name} is damaged")
        if _stamp(self.fragments) != stamp and _checksum(self.fragments) != checksum:
            raise DamagedError(f"the fragments of {path.name} are damaged")
        self._head = marshal.loads(head)

    def parts(self) -> Iterator[Part]:
        """The resources, section by section."""
        for section, keys, fields, numbers, follow in self._head:
            yield Part(self, section, keys, fields, array("Q", numbers), follow)


class Part:
    """The resources of one section in a segment."""

    def __init__(
        self,
        segment: Segment,
        section: str,
        keys: list[str],
        fields: list[tuple[Any, ...]],
        numbers: array[int],
        follow: bool,
    ) -> None:
        self.section = section
        self.keys = keys
        self.follow = follow
        """Whether the fragments lie one behind the other."""
        self._segment = segment
        self._fields = fields
        self._numbers = numbers

    @cached_property
    def outlines(self) -> list[Outline]:
        """Of each resource, where the section has outlines."""
        return [*map(Outline._make, zip(*self._fields, strict=True))]

    def row(self, number: int) -> Row:
        """The resource of that number."""
        outline = self.outlines[number] if self._fields else None
        place = self._numbers[number * _NUMBERS : (number + 1) * _NUMBERS]
        return Row(self.section, self.keys[number], outline, self._segment, *place)

    def fragments(self, first: int, last: int) -> FilePart:
        """The resources of these numbers as a part of manifest.json."""
        start = self._numbers[first * _NUMBERS + 3]
        end = self._numbers[last * _NUMBERS + 3] + self._numbers[last * _NUMBERS + 4]
        return FilePart(self._segment.fragments, start, end)


class Rows(Mapping[str, Row]):
    """The resources of one section, those of later segments in the place of earlier ones."""

    def __init__(self) -> None:
        self._places: dict[str, tuple[Part, int]] = {}

    def add(self, part: Part) -> None:
        """Put the resources of ``part`` over those that are there."""
        places = zip(repeat(part), range(len(part.keys)), strict=False)
        self._places.update(zip(part.keys, places, strict=True))

    def drop(self, key: str) -> None:
        """Leave out a resource."""
        self._places.pop(key, None)

    def outlines(self) -> dict[str, Outline]:
        """Of each resource, where the section has outlines."""
        return {key: part.outlines[number] for key, (part, number) in self._places.items()}

    def pieces(self, keys: Iterable[str], without: Collection[str]) -> Iterator[FilePart | str]:
        """Parts of manifest.json with the resources of these ids, in their order; for some only the ids."""
        part, first, last = None, 0, 0
        for key in keys:
            here, number = (None, 0) if key in without else self._places.get(key, (None, 0))
            if here is part and part is not None and number == last + 1 and part.follow:
                last = number
                continue
            if part is not None:
                yield part.fragments(first, last)
            if here is None:
                yield key
            part, first, last = here, number, number
        if part is not None:
            yield part.fragments(first, last)

    def __getitem__(self, key: str) -> Row:
        part, number = self._places[key]
        return part.row(number)

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)
