"""What a parse found and what it stood on, as files in the target folder.

A state is one head, which is replaced as a whole, and the segments that it names. Processes that write at the same
time write whole states; the last one counts. A state that is damaged, of another version or gone is no state.
"""

from __future__ import annotations

import marshal
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from copy import copy
from functools import cached_property, partial
from hashlib import blake2b
from pathlib import Path
from typing import Any

import msgspec

from tidemill.engine.nodes import Manifest, ManifestMetadata
from tidemill.engine.nodes.section import FilePart, Late, Outline, Section, outline_of
from tidemill.engine.nodes.shape import fragment_of
from tidemill.engine.parsing.cache.inputs import FileStamp
from tidemill.engine.parsing.cache.records import pack, unpack
from tidemill.engine.parsing.cache.segments import (
    OUTLINED,
    WHOLE,
    DamagedError,
    Entry,
    Rows,
    Segment,
    Stamp,
    remove_segment,
    stamp_of,
    write_segment,
)
from tidemill.engine.project.reads import Key, Unit
from tidemill.engine.project.replacing import read_part, replace_file
from tidemill.events import FaultFound

_FORMAT = "tidemill-parse-6"
_MOST_SEGMENTS = 12


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What a parse stood on, and what it said beside its manifest."""

    settings: dict[str, bytes]
    files: Mapping[tuple[str, str, str], FileStamp]
    """By kind, package and path."""
    reads: dict[Unit, tuple[Key, ...]]
    answers: dict[Key, bytes]
    volatile: frozenset[Unit]
    """Files whose templates ask for what is never the same twice."""
    macros: bytes
    """Digest of which macros there are."""
    warnings: tuple[tuple[Unit, FaultFound], ...]
    hooks: tuple[bytes, ...]
    """Records of the hooks, which are nodes as well."""
    counts: dict[str, int]
    """How many resources there are of each kind."""
    own_package_first: bool = False


class State:
    """A state on disk, opened."""

    def __init__(
        self,
        known: Known,
        folder: Path,
        names: list[tuple[str, Stamp]],
        gone: frozenset[tuple[str, str]],
        identity: bytes,
    ) -> None:
        self.known = known
        self.names = names
        """Of the segments, with their stamps."""
        self.gone = gone
        """Resources that some segment still holds."""
        self.identity = identity
        self._folder = folder
        self._repair: Callable[[], Manifest] = _cannot
        self._now: Manifest | None = None

    @property
    def now(self) -> Manifest:
        """The manifest that lasts, of a state that is ``after`` another."""
        assert self._now is not None
        return self._now

    def after(self, known: Known, manifest: Manifest, *, same: bool = False) -> State:
        """The state with a manifest that lasts, and is not on disk yet unless it is the ``same``."""
        other = copy(self)
        other.known = known
        other._now = manifest
        if not same:
            other.identity = uuid.uuid4().bytes
            other._now = identified(manifest, other.identity)
        return other

    @cached_property
    def rows(self) -> dict[str, Rows]:
        """Every resource by section and id. Raises DamagedError."""
        return rows_of(self._folder, self.names, self.gone)

    def manifest(
        self,
        metadata: ManifestMetadata,
        repair: Callable[[], Manifest] | None = None,
        at_hand: Manifest | None = None,
    ) -> Manifest:
        """The manifest, its resources read when needed, if they are not ``at_hand``.

        ``repair`` parses everything; it is asked when something turns out to be damaged.
        """
        if self._now is not None:
            return self._now.with_equal(metadata=metadata)
        self._repair = repair or _cannot
        sections: dict[str, Any] = {
            name: Late(partial(self._whole_section, name)) for name in WHOLE
        }
        for name in OUTLINED:
            values = getattr(at_hand, name) if at_hand is not None else None
            outlines = partial(self._outlines, name)
            sections[name] = Section(outlines, _Records(self, name), values)
        return Manifest(
            metadata=metadata,
            own_package_first=self.known.own_package_first,
            hooks=tuple(unpack(record) for record in self.known.hooks),
            **sections,
        )

    def _whole_section(self, name: str) -> Mapping[str, Any]:
        try:
            return {key: row.value() for key, row in self.rows[name].items()}
        except DamagedError:
            found: Mapping[str, Any] = getattr(self.repaired, name)
            return found

    def _outlines(self, name: str) -> Mapping[str, Outline]:
        try:
            return self.rows[name].outlines()
        except DamagedError:
            return {key: outline_of(found) for key, found in getattr(self.repaired, name).items()}

    @cached_property
    def repaired(self) -> Manifest:
        """Everything parsed anew, because a record is damaged."""
        return self._repair()


def rows_of(
    folder: Path, names: Iterable[tuple[str, Stamp]], gone: Iterable[tuple[str, str]]
) -> dict[str, Rows]:
    """The resources of these segments by section and id, without those that are gone. Raises DamagedError."""
    rows = {name: Rows() for name in (*OUTLINED, *WHOLE)}
    for name, stamp in names:
        for part in Segment(folder / name, stamp).parts():
            rows[part.section].add(part)
    for section, key in gone:
        rows[section].drop(key)
    return rows


class _Records:
    """The resources of one section of a state."""

    def __init__(self, state: State, section: str) -> None:
        self._state = state
        self._section = section

    @property
    def identity(self) -> bytes:
        return self._state.identity

    def load(self, key: str) -> Any:
        try:
            return self._state.rows[self._section][key].value()
        except DamagedError:
            return getattr(self._state.repaired, self._section)[key]

    def fragment(self, key: str) -> FilePart | None:
        try:
            return self._state.rows[self._section][key].fragment()
        except DamagedError:
            return None

    def pieces(self, keys: Iterable[str], without: Collection[str]) -> Iterable[FilePart | str]:
        try:
            return self._state.rows[self._section].pieces(keys, without)
        except DamagedError:
            return keys


def identified(manifest: Manifest, identity: bytes) -> Manifest:
    """A manifest whose resources are told from any other by ``identity``."""
    sections = {name: getattr(manifest, name) for name in OUTLINED}
    kept = {n: s.kept_as(identity) for n, s in sections.items() if isinstance(s, Section)}
    return manifest.with_equal(**kept)


def _cannot() -> Manifest:
    raise DamagedError("a record is damaged")


def open_state(path: Path) -> State:
    """The state whose head is at ``path``. Raises DamagedError, also where there is none."""
    segments, gone, known = _head(path)
    return State(known, path.parent, segments, gone, _identity(segments, gone))


def read_known(path: Path) -> Known:
    """What the parse stood on whose state is at ``path``. Raises DamagedError like ``open_state``."""
    return _head(path)[-1]


def _head(path: Path) -> tuple[list[tuple[str, Stamp]], frozenset[tuple[str, str]], Known]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DamagedError(f"there is no state yet ({error.strerror})") from None
    digest, body = content[:16], content[16:]
    if blake2b(body, digest_size=16).digest() != digest:
        raise DamagedError("its file is damaged")
    try:
        tag, segments, gone, flat = marshal.loads(body)
        if tag == _FORMAT:
            return [(str(n), tuple(s)) for n, s in segments], frozenset(gone), _known(flat)
    except (TypeError, ValueError, KeyError, EOFError, msgspec.MsgspecError):
        pass  # sound, but of another shape
    raise DamagedError("it was written by another version")


def write_state(path: Path, known: Known, manifest: Manifest) -> None:
    """Write all of a manifest and what it stood on. Raises OSError, and UnknownValueError."""
    at = manifest.metadata.generated_at
    _write(path, known, [_written(path, _entries(manifest, at))], ())


def write_changes(
    path: Path, state: State, known: Known, manifest: Manifest, changed: Iterable[tuple[str, str]]
) -> State:
    """Write what differs from ``state``: the resources ``changed`` (section and id), which may be gone.

    Gives the state that is on disk now. Raises OSError, UnknownValueError, and DamagedError.
    """
    at = manifest.metadata.generated_at
    there, gone = {}, set(state.gone)
    for section, key in changed:
        found = getattr(manifest, section).get(key)
        if found is None:
            gone.add((section, key))
        else:
            there[section, key] = found
    gone -= there.keys()
    merged = _to_merge(state.names)
    old = rows_of(path.parent, merged, gone) if merged else {}
    new = [_written(path, _merged(old, there, at))] if merged or there else []
    segments = [name for name, stamp in state.names if (name, stamp) not in merged]
    return _write(path, known, [*segments, *new], sorted(gone) if segments else ())


def _to_merge(names: list[tuple[str, Stamp]]) -> list[tuple[str, Stamp]]:
    """The segments to make one of, if there are many: the small ones, and the first one once they rival it."""
    if len(names) < _MOST_SEGMENTS:
        return []
    first, *small = (stamp[0] for _, stamp in names)
    return names if sum(small) > first / 2 else names[1:]


def _merged(
    old: Mapping[str, Rows], changed: Mapping[tuple[str, str], Any], at: float
) -> Iterator[Entry]:
    """What is in ``old``, and what ``changed`` in its place or behind it."""
    new = dict(changed)
    for row in (row for rows in old.values() for row in rows.values()):
        found = new.pop(row[:2], None)
        if found is not None:
            yield _entry(row.section, row.key, found, at)
        else:
            fragment = read_part(row.fragment())
            yield Entry(row.section, row.key, row.outline, row.record(), fragment)
    for (section, key), found in new.items():
        yield _entry(section, key, found, at)


def _entries(manifest: Manifest, at: float) -> Iterator[Entry]:
    for section in (*OUTLINED, *WHOLE):
        for key, found in getattr(manifest, section).items():
            yield _entry(section, key, found, at)


def _entry(section: str, key: str, found: Any, at: float) -> Entry:
    outlined = section in OUTLINED
    fragment = fragment_of(found, at) if outlined else b""
    return Entry(section, key, outline_of(found) if outlined else None, pack(found), fragment)


def _written(path: Path, entries: Iterable[Entry]) -> str:
    name = f"{path.stem}-{uuid.uuid4().hex[:12]}.segment"
    path.parent.mkdir(parents=True, exist_ok=True)
    write_segment(path.parent / name, entries)
    return name


def _write(
    path: Path, known: Known, segments: list[str], gone: Collection[tuple[str, str]]
) -> State:
    stamped = [(name, stamp_of(path.parent / name)) for name in segments]
    body = marshal.dumps((_FORMAT, stamped, tuple(gone), _flat(known)))
    replace_file(path, blake2b(body, digest_size=16).digest() + body)
    for old in path.parent.glob(f"{path.stem}-*.segment"):
        if old.name not in segments:
            remove_segment(old)
    return State(known, path.parent, stamped, frozenset(gone), _identity(stamped, gone))


def _identity(segments: list[tuple[str, Stamp]], gone: Collection[tuple[str, str]]) -> bytes:
    """What tells these resources from any other. Segments never change, so their names will do."""
    content = repr(([name for name, _ in segments], sorted(gone))).encode()
    return blake2b(content, digest_size=16).digest()


def _flat(known: Known) -> dict[str, Any]:
    warnings = [(unit, msgspec.json.encode(warning)) for unit, warning in known.warnings]
    return {
        **msgspec.structs.asdict(known),
        "files": list(zip(*known.files.values(), strict=True)),
        "volatile": sorted(known.volatile),
        "warnings": warnings,
    }


def _known(flat: dict[str, Any]) -> Known:
    stamps = list(map(FileStamp._make, zip(*flat["files"], strict=True)))
    keys = zip(*flat["files"][:3], strict=True)  # kinds, packages and paths
    warnings = ((unit, msgspec.json.decode(raw, type=FaultFound)) for unit, raw in flat["warnings"])
    return Known(
        **{
            **flat,
            "files": dict(zip(keys, stamps, strict=True)),
            "volatile": frozenset(flat["volatile"]),
            "warnings": tuple(warnings),
        }
    )
