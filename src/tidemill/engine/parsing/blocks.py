"""Cuts macro, docs and snapshot files into their top-level Jinja blocks, by dbt's rules.

``split_blocks`` knows tags, strings, comments, expressions and raw sections, and nothing else of
Jinja: it neither parses nor renders what stands between the tags. Text outside of blocks is dropped,
as dbt drops it. That names are unique is checked by those who gather the blocks of all files.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

import msgspec

from tidemill.errors import CompilationError, Place

MACRO_BLOCKS = frozenset({"macro", "materialization", "test"})
"""What dbt reads from files in ``macro-paths``."""
GENERIC_TEST_BLOCKS = frozenset({"test"})
"""What dbt reads from ``generic`` folders in ``test-paths``; macros there are ignored."""
DOCS_BLOCKS = frozenset({"docs"})
SNAPSHOT_BLOCKS = frozenset({"snapshot"})
ALL_BLOCKS = MACRO_BLOCKS | DOCS_BLOCKS | SNAPSHOT_BLOCKS

_OPENING = re.compile(r"\{(?:%[-+]?\s*([A-Za-z_]\w*)(?:\s+([A-Za-z_]\w*))?|\{|#)")
_STRING = r"""'[^'\\]*(?:\\.[^'\\]*)*'|"[^"\\]*(?:\\.[^"\\]*)*\""""
# Not `(...)*+`: Python 3.11.2, Debian 12's own, matches a possessive group of alternatives wrongly.
_TAG_END = re.compile(rf"(?:[^'\"%]++|{_STRING}|%(?!\}}))*%\}}", re.DOTALL)
_EXPRESSION_END = re.compile(rf"(?:[^'\"}}]++|{_STRING}|\}}(?!\}}))*\}}\}}", re.DOTALL)
_RAW_END = re.compile(r"\{%[-+]?\s*endraw\s*(?:-%\}\s*|\+?%\})")
_SPELLINGS = {"data_test": "test"}
_CONTROL = {"endif": "if", "endfor": "for"}

Unexpected = Callable[[str, Place], None]
"""Called with the name and place of a tag that stands outside of every block."""


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """One top-level block. ``text`` is dbt's ``macro_sql``: with its tags, and with the white space
    that ``{%-`` and ``-%}`` take away.
    """

    kind: str
    """``macro``, ``test`` (also for ``data_test``), ``materialization``, ``snapshot``, ``docs``."""
    name: str
    header: str
    """What follows the kind in the opening tag: ``view, adapter='duckdb'``."""
    text: str
    body: str
    line: int
    """Line of the file on which ``text`` begins."""
    body_line: int
    """Line of the file on which ``body`` begins."""


class _Tag(msgspec.Struct, frozen=True):
    word: str
    name: str | None
    header: str
    start: int
    end: int

    @property
    def kind(self) -> str:
        return _SPELLINGS.get(self.word, self.word)


def split_blocks(
    text: str,
    file: str,
    kinds: Iterable[str] = ALL_BLOCKS,
    *,
    unexpected: Unexpected | None = None,
) -> list[Block]:
    """The blocks of ``kinds`` in ``text``, in order.

    Raises CompilationError with the place in ``file`` for tags, strings, comments and blocks that
    do not end, blocks inside blocks or inside ``if``/``for``, and ends without a beginning.
    """
    return _Splitter(text.rstrip(), file, frozenset(kinds), unexpected).split()


class _Splitter:
    """The walk over one file's tags, with the open block and the open ``if`` and ``for`` tags."""

    def __init__(
        self, text: str, file: str, kinds: frozenset[str], unexpected: Unexpected | None
    ) -> None:
        self.text = text
        self.file = file
        self.kinds = kinds
        self.unexpected = unexpected
        self.open: _Tag | None = None
        self.control: list[_Tag] = []
        self.blocks: list[Block] = []

    def split(self) -> list[Block]:
        # dbt reads files without the white space around them; here the lines are still to count.
        position = _after_space(self.text, 0)
        while (match := _OPENING.search(self.text, position)) is not None:
            if match[1] is None:
                position = self._skip(match)
            else:
                tag = self._read_tag(match, position)
                self._handle(tag)
                position = tag.end
        if self.open is not None:
            raise self._unclosed(self.open)
        return self.blocks

    def _skip(self, match: re.Match[str]) -> int:
        """The end of the comment or expression that begins at ``match``."""
        if match[0] == "{#":
            end = self.text.find("#}", match.end())
            if end < 0:
                raise self._fault("this comment has no end '#}'", match.start())
            return end + 2
        found = _EXPRESSION_END.match(self.text, match.end())
        if found is None:
            raise self._fault("this expression has no end '}}'", match.start())
        return found.end()

    def _read_tag(self, match: re.Match[str], floor: int) -> _Tag:
        start = self._tag_start(match, floor)
        found = _TAG_END.match(self.text, match.end())
        if found is None:
            raise self._fault(
                f"the tag '{match[1]}' has no end '%}}'",
                match.start(),
                hint="look for a missing '%}' or an unbalanced quote in the tag",
            )
        header = self.text[match.end(1) : found.end() - 2]
        end = found.end()
        if match[1] == "raw":
            end = self._raw_end(match, end)
        elif header.endswith("-"):
            end = _after_space(self.text, end)
        return _Tag(match[1], match[2], header.strip("-+ \t\r\n"), start, end)

    def _tag_start(self, match: re.Match[str], floor: int) -> int:
        """Where the tag begins; ``{%-`` begins with the white space before it, as in dbt."""
        start = match.start()
        if match[0].startswith("{%-"):
            start = floor + len(self.text[floor:start].rstrip())
        return start

    def _raw_end(self, match: re.Match[str], position: int) -> int:
        found = _RAW_END.search(self.text, position)
        if found is None:
            raise self._fault("this raw section has no end '{% endraw %}'", match.start())
        return found.end()

    def _handle(self, tag: _Tag) -> None:
        if tag.word in _CONTROL.values():
            self.control.append(tag)
        elif tag.word in _CONTROL:
            self._end_control(tag)
        if tag.kind in self.kinds:
            self._begin(tag)
        elif self.open is not None and tag.word == f"end{self.open.word}":
            self._end(self.open, tag)
        elif self.open is None:
            self._outside(tag)

    def _end_control(self, tag: _Tag) -> None:
        wanted = _CONTROL[tag.word]
        if not self.control:
            raise self._fault(f"'{tag.word}' without an '{wanted}' before it", tag.start)
        begun = self.control.pop()
        if begun.word != wanted:
            raise self._fault(
                f"'{tag.word}' where 'end{begun.word}' is expected,"
                f" for the '{begun.word}' on line {self._line(begun.start)}",
                tag.start,
            )

    def _begin(self, tag: _Tag) -> None:
        if self.open is not None:
            raise self._fault(
                f"the {tag.kind} block stands inside the {self.open.kind} block '{self.open.name}'"
                f" that begins on line {self._line(self.open.start)}",
                tag.start,
                hint=f"is an '{{% end{self.open.word} %}}' missing before it?",
            )
        if self.control:
            outer = self.control[-1]
            raise self._fault(
                f"the {tag.kind} block stands inside '{outer.word}' of line"
                f" {self._line(outer.start)}; blocks must stand at the top level of a file",
                tag.start,
            )
        if tag.name is None:
            raise self._fault(f"this {tag.kind} block has no name", tag.start)
        self.open = tag

    def _end(self, begun: _Tag, tag: _Tag) -> None:
        if self.control:
            inner = self.control[-1]
            raise self._fault(
                f"'{inner.word}' is still open at '{tag.word}'",
                inner.start,
                hint=f"add '{{% end{inner.word} %}}' before line {self._line(tag.start)}",
            )
        self.open = None
        self.blocks.append(
            Block(
                kind=begun.kind,
                name=begun.name or "",
                header=begun.header,
                text=self.text[begun.start : tag.end],
                body=self.text[begun.end : tag.start],
                line=self._line(begun.start, skip_space=False),
                body_line=self._line(begun.end, skip_space=False),
            )
        )

    def _outside(self, tag: _Tag) -> None:
        if self.unexpected is not None:
            self.unexpected(tag.word, self._place(tag.start))

    def _unclosed(self, tag: _Tag) -> CompilationError:
        return self._fault(
            f"the {tag.kind} block '{tag.name}' has no end",
            tag.start,
            hint=f"add '{{% end{tag.word} %}}'",
        )

    def _line(self, position: int, *, skip_space: bool = True) -> int:
        if skip_space:
            position = _after_space(self.text, position)
        return self.text.count("\n", 0, position) + 1

    def _place(self, position: int) -> Place:
        position = _after_space(self.text, position)
        column = position - self.text.rfind("\n", 0, position)
        return Place(file=self.file, line=self._line(position), column=column)

    def _fault(self, message: str, position: int, hint: str | None = None) -> CompilationError:
        return CompilationError(message, code="jinja-block", place=self._place(position), hint=hint)


def _after_space(text: str, position: int) -> int:
    while position < len(text) and text[position].isspace():
        position += 1
    return position
