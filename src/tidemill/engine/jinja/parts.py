"""Cuts a template into text, tags and blocks that can be rendered one after the other.

Models differ in names more than in form. With variables in the place of string literals their tags are few, so that
projects share the compiled code of nearly all. Rendering the parts in order, in one context, gives what the whole template
gives, blanks included. Whatever is not plainly understood here is answered with None: then the whole is rendered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

import msgspec
from jinja2 import Template, TemplateSyntaxError
from jinja2.runtime import Context

from tidemill.engine.jinja.pieces import (
    ALONE,
    ASSIGNMENT,
    BRANCHES,
    LITERAL,
    LOOPS,
    STRING,
    TAG,
)

_BLOCKS = frozenset({"if", "for", "set", "filter", "with"})
"""A macro or a call may be kept and run later, when the variables stand for other literals."""
_LITERAL = re.compile(STRING)
_LINE_END = re.compile(r"\r\n|\r")
_WORD = re.compile(r"\w+")


class Part(msgspec.Struct, frozen=True):
    """A tag or block: its template, in which variables stand for string literals, and their values."""

    template: str
    literals: tuple[str, ...]
    line: int
    """Lines of the whole template before it."""


def rendered_in_parts(
    text: str, template_of: Callable[[str, int], Template], names: Context
) -> str | None:
    """``text`` rendered with ``names``; None, before anything is run, where that is for the whole template.

    ``template_of`` makes the template of a part, given its text and how many lines are above it.
    """
    parts = parts_of(text)
    if parts is None:
        return None
    try:
        ready = [
            (part, None) if isinstance(part, str) else (part, template_of(part.template, part.line))
            for part in parts
        ]
    except TemplateSyntaxError:
        return None
    return "".join(_written(ready, names))


def _written(ready: Iterable[tuple[str | Part, Template | None]], names: Context) -> Iterator[str]:
    for part, template in ready:
        if isinstance(part, str) or template is None:
            yield str(part)
            continue
        for index, literal in enumerate(part.literals):
            names.vars[LITERAL.format(index)] = literal
        yield from template.root_render_func(names)


def parts_of(text: str) -> tuple[str | Part, ...] | None:
    """The parts of a template in order, text as it is written out; None when only the whole can be trusted."""
    source = _LINE_END.sub("\n", text) if "\r" in text else text
    try:
        return tuple(_Cutter(source.removesuffix("\n")).cut())
    except _UnclearError:
        return None


class _UnclearError(Exception):
    """The template has something that this module does not know."""


class _Cutter:
    def __init__(self, text: str) -> None:
        self._text = text
        self._open: list[str] = []
        self._block = _Block()

    def cut(self) -> Iterator[str | Part]:
        position, trimmed, line = 0, False, 0
        for match in TAG.finditer(self._text):
            tag, between = match.group(), self._text[position : match.start()]
            line += between.count("\n")
            position = match.end()
            if self._open:
                self._block.text.append(between)
            else:
                yield _trimmed(between, left=trimmed, right=tag[2:3] == "-")
                self._block.line = line
            trimmed = tag[-3:-2] == "-"
            line += tag.count("\n")
            self._take(match, tag)
            if not self._open and self._block.text:
                yield self._finished()
        if self._open:
            raise _UnclearError
        yield _trimmed(self._text[position:], left=trimmed, right=False)

    def _finished(self) -> Part:
        block, self._block = self._block, _Block()
        text = "".join(block.text)
        words = _WORD.findall(text) if block.targets else ()
        # While a block is made into a value, Jinja knows of an earlier value of that name in the whole template alone.
        if any(words.count(target) > 1 for target in block.targets):
            raise _UnclearError
        return Part(text, tuple(block.literals), block.line)

    def _take(self, match: re.Match[str], tag: str) -> None:
        """Add a tag to the block that it stands in, which it may open or close."""
        word = match.group("word")
        if tag.startswith("{#"):
            if len(tag) < 6 or not tag.endswith("#}"):
                raise _UnclearError
            if self._open:
                self._block.text.append(tag)
        elif "\\" in tag or not (match.group("expression") or word):
            raise _UnclearError
        else:
            self._block.add(tag)
            if word:
                self._statement(tag, word)

    def _statement(self, tag: str, word: str) -> None:
        alone = word in ALONE or (word == "set" and ASSIGNMENT.match(tag) is not None)
        if alone:
            return
        if word in _BLOCKS:
            self._open.append(word)
            if word == "set":
                self._block.targets += _WORD.findall(tag)[1:]
        elif word.startswith("end"):
            if not self._open or self._open.pop() != word.removeprefix("end"):
                raise _UnclearError
        elif not (self._open and (word in BRANCHES or (word in LOOPS and "for" in self._open))):
            raise _UnclearError


class _Block:
    """What has been read of a tag or block."""

    def __init__(self) -> None:
        self.text: list[str] = []
        self.line = 0
        self.literals: list[str] = []
        self.targets: list[str] = []
        """Names that blocks in it are the values of."""

    def add(self, tag: str) -> None:
        template, literals = _parametrised(tag, len(self.literals))
        self.text.append(template)
        self.literals += literals


@lru_cache(maxsize=16384)
def _parametrised(tag: str, first: int) -> tuple[str, tuple[str, ...]]:
    """The tag with variables for its string literals, numbered from ``first``, and their values."""
    literals: list[str] = []

    def variable(match: re.Match[str]) -> str:
        value = match.group()[1:-1]
        literals.append(value)
        lines = "\n" * value.count("\n")  # so that what follows stays on its line
        return f" {LITERAL.format(first + len(literals) - 1)} {lines}"

    return _LITERAL.sub(variable, tag), tuple(literals)


def _trimmed(text: str, *, left: bool, right: bool) -> str:
    """Text without the blanks that a tag on its left or right takes away."""
    text = text.lstrip() if left else text
    return text.rstrip() if right else text
