"""A group of resources whose values are made when somebody first asks for them.

A manifest of tens of thousands of nodes is read from disk in outline; most commands need few of its nodes whole.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from copy import copy
from functools import cached_property
from typing import IO, Any, NamedTuple, Protocol, TypeVar

from tidemill.engine.nodes.parts import DependsOn

File = tuple[str, str]
"""Package and path."""
SEPARATOR = b", "
"""What lies between two fragments."""
Key = TypeVar("Key")
Value = TypeVar("Value")
Loaded_co = TypeVar("Loaded_co", covariant=True)


class Outline(NamedTuple):
    """What selection and the graph ask of a resource, under the resource's own names."""

    unique_id: str
    resource_type: str
    name: str
    package_name: str
    original_file_path: str
    fqn: tuple[str, ...]
    tags: list[str]
    version: str | int | float | None
    reads: tuple[str, ...]
    """Ids of the nodes and sources that it depends on."""
    calls: tuple[str, ...]
    """Ids of the macros that it depends on."""
    enabled: bool
    """Whether its configuration lets it take part; a test whose parent is gone does not."""
    source_name: str | None = None
    patch_path: str | None = None
    group: str | None = None
    time_spine: bool = False
    alias: str | None = None

    @property
    def depends_on(self) -> DependsOn:
        """As of a resource."""
        return DependsOn(self.reads, self.calls)

    @property
    def is_relational(self) -> bool:
        """As of a node."""
        return self.resource_type in {"model", "seed", "snapshot"}


def outline_of(resource: Any) -> Outline:
    """The outline of a resource."""
    return Outline(
        resource.unique_id,
        resource.resource_type,
        resource.name,
        resource.package_name,
        resource.original_file_path,
        resource.fqn,
        list(resource.tags),
        getattr(resource, "version", None),
        resource.depends_on.nodes,
        resource.depends_on.macros,
        resource.config.get("enabled", True),
        getattr(resource, "source_name", None),
        getattr(resource, "patch_path", None),
        getattr(resource, "group", None),
        bool(getattr(resource, "time_spine", None)),
        getattr(resource, "alias", None),
    )


class FilePart(NamedTuple):
    """Some bytes of an open file."""

    file: IO[bytes]
    start: int
    end: int


class Source(Protocol[Loaded_co]):
    """Where the resources of a section lie."""

    @property
    def identity(self) -> bytes:
        """What tells this content from any other."""

    def load(self, key: str) -> Loaded_co:
        """The resource of that id."""

    def fragment(self, key: str) -> FilePart | None:
        """The resource as a part of manifest.json, if that was kept."""

    def pieces(self, keys: Iterable[str], without: Collection[str]) -> Iterable[FilePart | str]:
        """Parts of manifest.json with these resources; the ids of those that are ``without`` or were not kept."""


class Section(Mapping[str, Value]):
    """Resources by unique id, with an outline of each. Treat it as read-only, like any part of a manifest."""

    def __init__(
        self,
        outlines: Callable[[], Mapping[str, Outline]],
        source: Source[Value],
        values: Mapping[str, Value] | None = None,
    ) -> None:
        """``values`` are resources of ``source`` that are at hand."""
        self._outlined = outlines
        self._source = source
        self._values: dict[str, Value] = dict(values or {})
        self._new: frozenset[str] = frozenset()
        self._identity: bytes | None = None

    @cached_property
    def outlines(self) -> Mapping[str, Outline]:
        """An outline of each resource, by its id."""
        return self._outlined()

    @property
    def identity(self) -> bytes | None:
        """What tells this content from any other, if nothing was changed since it was kept."""
        return self._identity or (None if self._new else self._source.identity)

    def kept_as(self, identity: bytes) -> Section[Value]:
        """The same section, told from any other by ``identity`` from now on."""
        other = copy(self)
        other._identity = identity
        return other

    @cached_property
    def ids_by_file(self) -> Mapping[File, Sequence[str]]:
        """Ids of what each file makes."""
        found: dict[File, list[str]] = {}
        for key, outline in self.outlines.items():
            found.setdefault((outline.package_name, outline.original_file_path), []).append(key)
        return found

    def __getitem__(self, key: str) -> Value:
        if key not in self.outlines:
            raise KeyError(key)
        value = self._values.get(key)
        if value is None:
            value = self._values[key] = self._source.load(key)
        return value

    def __contains__(self, key: object) -> bool:
        return key in self.outlines

    def __iter__(self) -> Iterator[str]:
        return iter(self.outlines)

    def __len__(self) -> int:
        return len(self.outlines)

    def changed(self, gone: Collection[str], new: Mapping[str, Value]) -> Section[Value]:
        """Another section, without ``gone`` and with ``new``. What is in both keeps its place."""
        outlines = dict(self.outlines)
        outlines |= {key: outline_of(value) for key, value in new.items()}
        for key in gone:
            if key not in new:
                outlines.pop(key, None)
        other = Section(lambda: outlines, self._source, {**self._values, **new})
        other._new = self._new | new.keys() | frozenset(gone)
        if "ids_by_file" in self.__dict__:
            other.ids_by_file = self._moved_files(gone, new)
        return other

    def _moved_files(
        self, gone: Collection[str], new: Mapping[str, Value]
    ) -> Mapping[File, Sequence[str]]:
        found = dict(self.ids_by_file)
        old = [self.outlines[key] for key in {*gone, *new} if key in self.outlines]
        now = [outline_of(value) for value in new.values()]
        for file in {(o.package_name, o.original_file_path) for o in (*old, *now)}:
            here = [o.unique_id for o in now if (o.package_name, o.original_file_path) == file]
            kept = [k for k in found.get(file, ()) if k not in gone and k not in new]
            found[file] = (*kept, *here)
        return found

    def fragment(self, key: str) -> FilePart | None:
        """The resource as a part of manifest.json, if that was kept and still holds."""
        return None if key in self._new else self._source.fragment(key)

    def pieces(self, without: Collection[str]) -> Iterable[FilePart | str]:
        """All resources in order, as parts of manifest.json; ids of those ``without``, and of what was not kept."""
        return self._source.pieces(self.outlines, self._new.union(without))


class Late(Mapping[str, Value]):
    """A mapping that is made when somebody first looks into it."""

    def __init__(self, make: Callable[[], Mapping[str, Value]]) -> None:
        self._make = make

    @cached_property
    def _made(self) -> Mapping[str, Value]:
        return self._make()

    def __getitem__(self, key: str) -> Value:
        return self._made[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)


class Looked(Mapping[Key, tuple[Value, ...]]):
    """Resources of a section by something else than their ids, made when somebody looks."""

    def __init__(self, ids: Mapping[Key, list[str]], section: Mapping[str, Value]) -> None:
        self._ids = ids
        self._section = section

    def into(self, section: Mapping[str, Value]) -> Looked[Key, Value]:
        """The same look-up in a section with the same outlines."""
        return Looked(self._ids, section)

    def __getitem__(self, key: Key) -> tuple[Value, ...]:
        return tuple([self._section[unique_id] for unique_id in self._ids[key]])

    def __contains__(self, key: object) -> bool:
        return key in self._ids

    def __iter__(self) -> Iterator[Key]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)


def changed_section(
    section: Mapping[str, Value], gone: Collection[str], new: Mapping[str, Value]
) -> Mapping[str, Value]:
    """``section`` without ``gone`` and with ``new``. What is in both keeps its place."""
    if isinstance(section, Section):
        return section.changed(gone, new)
    return {key: value for key, value in section.items() if key not in gone or key in new} | {**new}


def made_by(section: Mapping[str, Any], file: File) -> Iterable[Any]:
    """The resources of a section that a file makes, in outline or whole."""
    if isinstance(section, Section):
        return [section.outlines[key] for key in section.ids_by_file.get(file, ())]
    return [r for r in section.values() if (r.package_name, r.original_file_path) == file]


def same_outlines(one: Mapping[str, Any], other: Mapping[str, Any], ids: Collection[str]) -> bool:
    """Whether these resources have the same outlines in both sections."""
    if not (isinstance(one, Section) and isinstance(other, Section)):
        return not ids
    return all(one.outlines.get(key) == other.outlines.get(key) for key in ids)


def same_names(one: Mapping[str, Any], other: Mapping[str, Any], ids: Collection[str]) -> bool:
    """Whether these resources are there in both sections and are looked up by the same names."""
    if not (isinstance(one, Section) and isinstance(other, Section)):
        return not ids
    before, after = one.outlines, other.outlines
    return all(
        key in before and key in after and _names(before[key]) == _names(after[key]) for key in ids
    )


def _names(outline: Outline) -> tuple[Any, ...]:
    return outline.name, outline.source_name, outline.package_name, outline.resource_type


def differing_ids(one: Mapping[str, Any], other: Mapping[str, Any]) -> set[str] | None:
    """Ids of resources that differ between two sections; None where that takes looking at all."""
    if not (isinstance(one, Section) and isinstance(other, Section)):
        return None
    if one._source is not other._source:
        return None
    return {key for key in one._new | other._new if one.get(key) != other.get(key)}


def outline_in(section: Mapping[str, Any], key: str) -> Any:
    """The resource of that id in outline, or whole where it is at hand anyway; None where there is none."""
    return (section.outlines if isinstance(section, Section) else section).get(key)


def outlines_of(section: Mapping[str, Any]) -> Iterable[Any]:
    """The resources of a section in outline, or whole where they are at hand anyway."""
    return section.outlines.values() if isinstance(section, Section) else section.values()


def reads_of(
    section: Mapping[str, Any], *, only_enabled: bool = False
) -> Iterable[tuple[str, tuple[str, ...]]]:
    """Ids of the resources of a section, each with those that it depends on."""
    if isinstance(section, Section):
        found = section.outlines.values()
        return [(o.unique_id, o.reads) for o in found if o.enabled or not only_enabled]
    whole = section.values()
    return [(r.unique_id, r.depends_on.nodes) for r in whole if not only_enabled or is_enabled(r)]


def is_enabled(resource: Any) -> bool:
    """Whether a resource, or its outline, takes part in the project."""
    if isinstance(resource, Outline):
        return resource.enabled
    return bool(resource.config.get("enabled", True))
