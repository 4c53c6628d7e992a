"""The builder beneath ``yaml_loader``: libyaml's events to plain values and marks.

It follows PyYAML's safe loader in everything: implicit types of YAML 1.1, merges, aliases, tags.
Errors are PyYAML's own; the neighbour puts them into words.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import msgspec
import yaml
from yaml.constructor import ConstructorError
from yaml.events import (
    DocumentEndEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)
from yaml.nodes import ScalarNode

_libyaml: Any = getattr(yaml, "cyaml", None)
"""None where PyYAML was built without libyaml: the same events, slower."""
EventParser: Any = _libyaml.CParser if _libyaml else yaml.SafeLoader
FullLoader: Any = _libyaml.CSafeLoader if _libyaml else yaml.SafeLoader

_MERGE = object()
_MERGE_TAG = "tag:yaml.org,2002:merge"
_PLAIN_TAGS = {
    None,
    "!",
    "tag:yaml.org,2002:map",
    "tag:yaml.org,2002:seq",
}
_FIRST_CHARACTERS = frozenset(yaml.SafeLoader.yaml_implicit_resolvers)
"""Plain text that begins otherwise is text."""
_MEMO_SIZE = 50_000

_resolver: Any = yaml.SafeLoader("")
_memo: dict[str, Any] = {}


class DuplicateKey(msgspec.Struct, frozen=True):
    """A key that stands twice in one mapping; lines and columns count from 1."""

    key: str
    line: int
    column: int
    first_line: int


class _Unusual(Exception):
    """A tag on a mapping or list, such as ``!!set``: PyYAML's own loader must do it."""


def build(text: str) -> tuple[Any, dict[int, Any], list[DuplicateKey]]:
    """The value of the single document in ``text``, its marks by container, and duplicate keys.

    Raises ``yaml.YAMLError`` as PyYAML does.
    """
    builder = _Builder(text)
    try:
        value = builder.document()
    except _Unusual:
        return yaml.load(text, FullLoader), {}, []
    return value, builder.marks, builder.duplicates


class _Builder:
    """One pass over the events of one text."""

    def __init__(self, text: str) -> None:
        self.next_event: Any = EventParser(text).get_event
        self.anchors: dict[str, Any] = {}
        self.marks: dict[int, Any] = {}
        self.duplicates: list[DuplicateKey] = []

    def document(self) -> Any:
        self.next_event()  # the start of the stream
        start = self.next_event()
        if type(start) is StreamEndEvent:
            return None
        value = _no_merge(self.value(self.next_event()))
        ends = self.next_event()
        if type(ends) is not DocumentEndEvent:  # pragma: no cover - libyaml ends what it starts
            raise yaml.YAMLError("the document does not end")
        after = self.next_event()
        if type(after) is not StreamEndEvent:
            raise yaml.composer.ComposerError(
                "expected a single document in the stream",
                start.start_mark,
                "but found another document",
                after.start_mark,
            )
        return value

    def value(self, event: Any) -> Any:
        kind = type(event)
        if kind is ScalarEvent:
            return self.scalar(event)
        if kind is MappingStartEvent:
            return self.mapping(event)
        if kind is SequenceStartEvent:
            return self.sequence(event)
        return self.alias(event)

    def scalar(self, event: Any) -> Any:
        value: Any = event.value
        tag = event.tag
        if tag is None or tag == "!":
            if event.implicit[0] and value[:1] in _FIRST_CHARACTERS:
                value = _resolved(value, event)
        else:
            value = _construct(tag, value, event)
        if event.anchor is not None:
            self.anchors[event.anchor] = value
        return value

    def sequence(self, event: Any) -> list[Any]:
        items: list[Any] = []
        marks: list[Any] = []
        self._begin(event, items)
        self.marks[id(items)] = marks
        next_event = self.next_event
        following = next_event()
        while type(following) is not SequenceEndEvent:
            marks.append(following.start_mark)
            value = self.value(following)
            items.append("<<" if value is _MERGE else value)
            following = next_event()
        return items

    def mapping(self, event: Any) -> dict[Any, Any]:
        entries: dict[Any, Any] = {}
        marks: dict[Any, Any] = {}
        merged: list[tuple[dict[Any, Any], Any]] = []
        self._begin(event, entries)
        self.marks[id(entries)] = marks
        next_event = self.next_event
        value_of = self.value
        following = next_event()
        while type(following) is not MappingEndEvent:
            key = value_of(following)
            value_event = next_event()
            if key is _MERGE:
                merged += self.merges(self.value(value_event), event, value_event)
            else:
                if type(key) is not str and not isinstance(key, Hashable):
                    raise ConstructorError(
                        "while constructing a mapping",
                        event.start_mark,
                        "found unhashable key",
                        following.start_mark,
                    )
                if key in marks:
                    self._note_duplicate(key, marks[key], following.start_mark)
                marks[key] = following.start_mark
                value = value_of(value_event)
                entries[key] = "<<" if value is _MERGE else value
            following = next_event()
        if merged:
            self._merge(entries, marks, merged)
        return entries

    def merges(self, value: Any, mapping: Any, event: Any) -> list[tuple[dict[Any, Any], Any]]:
        """The mappings that ``<<`` names, in the order in which they are laid over each other."""
        parts = list(reversed(value)) if isinstance(value, list) else [value]
        for part in parts:
            if not isinstance(part, dict):
                raise ConstructorError(
                    "while constructing a mapping",
                    mapping.start_mark,
                    "expected a mapping or list of mappings for merging",
                    event.start_mark,
                )
        return [(part, self.marks.get(id(part), {})) for part in parts]

    def alias(self, event: Any) -> Any:
        if event.anchor not in self.anchors:
            raise yaml.composer.ComposerError(
                None, None, f"found undefined alias '{event.anchor}'", event.start_mark
            )
        return self.anchors[event.anchor]

    def _begin(self, event: Any, container: Any) -> None:
        if event.tag not in _PLAIN_TAGS:
            raise _Unusual
        if event.anchor is not None:
            self.anchors[event.anchor] = container

    def _note_duplicate(self, key: Any, first: Any, mark: Any) -> None:
        self.duplicates.append(
            DuplicateKey(str(key), mark.line + 1, mark.column + 1, first.line + 1)
        )

    @staticmethod
    def _merge(
        entries: dict[Any, Any], marks: dict[Any, Any], merged: list[tuple[dict[Any, Any], Any]]
    ) -> None:
        """Put merged entries before and beneath the mapping's own, as PyYAML orders them."""
        own, own_marks = dict(entries), dict(marks)
        entries.clear()
        marks.clear()
        for part, part_marks in merged:
            entries.update(part)
            marks.update(part_marks)
        entries.update(own)
        marks.update(own_marks)


def _resolved(text: str, event: Any) -> Any:
    """The value of plain text by the implicit types of YAML 1.1; remembered, for most repeat."""
    try:
        return _memo[text]
    except KeyError:
        pass
    tag = _resolver.resolve(ScalarNode, text, (True, False))
    value = _MERGE if tag == _MERGE_TAG else _construct(tag, text, event)
    if len(_memo) >= _MEMO_SIZE:
        _memo.clear()
    _memo[text] = value
    return value


def _construct(tag: str, text: str, event: Any) -> Any:
    node = ScalarNode(tag, text, event.start_mark, event.end_mark)
    try:
        return yaml.constructor.SafeConstructor().construct_object(node)
    except ValueError as error:  # a date such as 2024-13-45
        raise ConstructorError(None, None, str(error), event.start_mark) from None


def _no_merge(value: Any) -> Any:
    """``<<`` where no key stands is the text it is written as."""
    return "<<" if value is _MERGE else value
