"""Cuts a template into its top-level pieces, so that the parse phase can run them without compiling each file.

While a project is parsed, what a template writes is thrown away; only what its tags do counts. So the text between
tags is dropped, each tag (or block) stands for itself, and its string literals become variables: templates that
differ in names alone then share their compiled pieces. Running the pieces in order, in one context, does what the
whole template does. Whatever is not plainly understood here is answered with None: then the template is rendered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import msgspec

LITERAL = "_literal_{}"
"""The variable that stands for a literal of a piece, by its position."""

STRING = r"""'[^']*'|"[^"]*\""""
_DEEPEST = rf"""\{{(?:{STRING}|[^'"{{}}])*\}}"""
_DEEPER = rf"""\{{(?:{STRING}|[^'"{{}}]|{_DEEPEST})*\}}"""
_BRACES = rf"""\{{(?:{STRING}|[^'"{{}}]|{_DEEPER})*\}}"""
TAG = re.compile(
    r"\{(?:#.*?#\}"
    rf"""|(?P<expression>\{{(?:[^'"{{}}]++|{STRING}|{_BRACES})*\}}\}})"""
    rf"""|(?P<statement>%[-+]?\s*(?P<word>\w+)(?:[^'"%]++|{STRING}|%(?!\}}))*%\}})"""
    r"|%|\{|#)",
    re.DOTALL,
)
"""It begins with a character of its own, by which texts are searched eight times as fast."""
_LITERAL = re.compile(STRING)
ALONE = frozenset({"do"})
_BLOCKS = frozenset({"if", "for", "set", "call", "filter", "with", "macro"})
BRANCHES = frozenset({"elif", "else"})
LOOPS = frozenset({"break", "continue"})
_KEEPS_TEXT = frozenset({"set", "call", "filter", "macro"})
"""Blocks whose text is a value, and so must stay."""
ASSIGNMENT = re.compile(r"\{%[-+]?\s*set\s[\w\s.,()]+=(?!=)")
_TARGETS = re.compile(
    r"\{%[-+]?\s*(?:set|for|macro|with)\b([^=|%]*?)(?:=|\bin\b|\||%\})", re.DOTALL
)
_WORD = re.compile(r"\w+")


class Piece(msgspec.Struct, frozen=True):
    """A tag or block: its template, in which variables stand for string literals, and their values."""

    template: str
    literals: tuple[str, ...] = ()
    expression: str | None = None
    """The text between the braces of a ``{{ }}`` tag; None for a block."""


class Pieces(msgspec.Struct, frozen=True):
    """A whole template, and the names that its statements assign to."""

    pieces: tuple[Piece, ...]
    assigned: frozenset[str] = frozenset()


def pieces_of(text: str) -> Pieces | None:
    """The pieces of a template in order; None when only the whole of it can be trusted."""
    cutter = _Cutter(text)
    try:
        pieces = tuple(cutter.cut())
    except _UnclearError:
        return None
    return Pieces(pieces, frozenset(cutter.assigned))


class _UnclearError(Exception):
    """The template has something that this module does not know."""


class _Cutter:
    def __init__(self, text: str) -> None:
        self._text = text
        self._open: list[str] = []
        self._block: list[str] = []
        self._kept_until = 0
        self._has_text = False
        self.assigned: set[str] = set()

    def cut(self) -> Iterator[Piece]:
        for match in TAG.finditer(self._text):
            tag, word = match.group(), match.group("word")
            if tag.startswith("{#") and tag.endswith("#}") and len(tag) > 3:
                self._pass_over(match)
            elif match.group("expression"):
                if "\\" in tag:
                    raise _UnclearError
                if self._open:
                    self._keep(match)
                else:
                    yield _expression(tag)
            elif word is None or "\\" in tag:
                raise _UnclearError
            else:
                yield from self._statement(match, word)
        if self._open:
            raise _UnclearError

    def _statement(self, match: re.Match[str], word: str) -> Iterator[Piece]:
        tag = match.group()
        self._note_targets(tag, word)
        alone = word in ALONE or (word == "set" and ASSIGNMENT.match(tag) is not None)
        if alone and not self._open:
            yield _parametrised(tag)
            return
        self._keep(match)
        if word in _BLOCKS and not alone:
            self._open.append(word)
            self._has_text = self._has_text or word in _KEEPS_TEXT
        elif word.startswith("end"):
            self._close(word.removeprefix("end"))
            if not self._open:
                yield self._finished()
        elif not (alone or self._is_inside(word)):
            raise _UnclearError

    def _is_inside(self, word: str) -> bool:
        """Whether a word that only stands in blocks does so."""
        return bool(self._open) and (word in BRANCHES or (word in LOOPS and "for" in self._open))

    def _close(self, word: str) -> None:
        if not self._open or self._open.pop() != word:
            raise _UnclearError

    def _keep(self, match: re.Match[str]) -> None:
        """Add a tag to the open block, and the text before it where that is a value."""
        if not _KEEPS_TEXT.isdisjoint(self._open):
            self._block.append(self._text[self._kept_until : match.start()])
        self._block.append(match.group())
        self._kept_until = match.end()

    def _pass_over(self, match: re.Match[str]) -> None:
        if not _KEEPS_TEXT.isdisjoint(self._open):
            self._block.append(self._text[self._kept_until : match.start()])
        self._kept_until = match.end()

    def _finished(self) -> Piece:
        """The block that has just ended. Where text is a value, quotes in it are no literals."""
        text, self._block = "".join(self._block), []
        has_text, self._has_text = self._has_text, False
        return Piece(text) if has_text else _parametrised(text)

    def _note_targets(self, tag: str, word: str) -> None:
        if word in {"set", "for", "macro", "with"}:
            match = _TARGETS.match(tag)
            self.assigned.update(_WORD.findall(match.group(1) if match else tag))


def parametrised(text: str) -> Piece | None:
    """``text`` as one piece if it is nothing but one ``{{ }}`` tag, else None."""
    match = TAG.fullmatch(text)
    plain = match is not None and match.group("expression") and "\\" not in text
    return _expression(text) if plain else None


@lru_cache(maxsize=65536)
def _expression(tag: str) -> Piece:
    piece = _parametrised(tag)
    return Piece(piece.template, piece.literals, tag[2:-2])


@lru_cache(maxsize=16384)
def _parametrised(text: str) -> Piece:
    literals: list[str] = []

    def variable(match: re.Match[str]) -> str:
        # Line ends inside literals are Jinja's business.
        if "\r" in match.group():
            return match.group()
        literals.append(match.group()[1:-1])
        return f" {LITERAL.format(len(literals) - 1)} "

    template = _LITERAL.sub(variable, text)
    return Piece(template, tuple(literals))
