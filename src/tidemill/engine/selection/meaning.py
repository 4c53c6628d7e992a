"""What a text says, without how it is laid out: blanks and comments of SQL outside of literals, comments of Jinja.

Two texts with the same meaning give the same relation on every target. Where that is not certain (literals with
backslashes, blocks whose text is a value, comments with Jinja in them), the meaning is the text itself.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from functools import cache


def _later(pattern: str, flags: re.RegexFlag = re.NOFLAG) -> Callable[[], re.Pattern[str]]:
    """A pattern that is compiled when first used: most commands compare nothing."""
    return cache(lambda: re.compile(pattern, flags))


_STRING = r"""'[^']*'|"[^"]*\""""
_EXPRESSION = rf"""\{{\{{(?:{_STRING}|[^'"])*?\}}\}}"""
_STATEMENT = rf"""\{{%(?:{_STRING}|[^'"])*?%\}}"""
_INSIDE = rf"{_EXPRESSION}|\{{(?![{{%#])"
_TOKEN = _later(
    rf"""(?P<note>\{{\#(?!-)(?:(?!-?\#\}}).)*\#\}})
    |(?P<tag>{_EXPRESSION}|{_STATEMENT})
    |(?P<literal>'(?:[^'\\{{]|''|{_INSIDE})*'|"(?:[^"\\{{]|""|{_INSIDE})*"|`[^`\\{{]*`|\$(?P<quote>\w*)\$.*?\$(?P=quote)\$)
    |(?P<comment>--[^\n{{]*(?=\n|\Z)|/\*(?!\+)(?:(?!/\*|\*/)[^{{])*\*/)
    |(?P<blank>\s+)
    |(?P<word>\w+)
    |(?P<other>.)""",
    re.DOTALL | re.VERBOSE,
)
_UNCLEAR = _later(r"['\"`\\]|\{[{%#]|/\*|--")
"""What begins something that is not understood."""
_VALUE_BLOCK = _later(
    r"\{%[-+]?\s*(?:raw|call|filter|macro|test|snapshot\s+(?!\w)|set\s+[\w\s,.]+[-+]?%\})"
)
"""Blocks whose text is a value, in which blanks may count."""
_NAMING = _later(r"\{\{\s*(?:ref|source|var|env_var|config|this)\b")
"""Tags that give a name or a value: beside them any blank is as good as another."""
_TIGHT = frozenset("(),;")
_ENDS = _later(r"(\{[{%][-+]?)(.*?)([-+]?[%}]\})", re.DOTALL)
_STRINGS = _later(rf"({_STRING})")
_BLANKS = _later(r"\s+")
_AROUND = _later(r" ?([(),\[\]=|~:]) ?")


def meaning(text: str, language: str = "sql") -> str:
    """The meaning of a node's raw code."""
    if language == "python":
        return _python(text)
    found = None if _VALUE_BLOCK().search(text) else _sql(text)
    return text if found is None else found


def macro_meaning(text: str) -> str:
    """The meaning of a macro's text. Its blanks and SQL comments are its result, so they count."""
    return "".join(_macro_parts(text))


def _python(text: str) -> str:
    try:
        return ast.dump(ast.parse(text))
    except (SyntaxError, ValueError, RecursionError):
        return text


def _macro_parts(text: str) -> Iterator[str]:
    position = 0
    for match in re.finditer(
        rf"\{{#(?!-)(?:(?!-?#\}}).)*#\}}|{_EXPRESSION}|{_STATEMENT}", text, re.DOTALL
    ):
        yield text[position : match.start()]
        position = match.end()
        if not match[0].startswith("{#"):
            yield _tag(match[0])
    yield text[position:]


def _tag(text: str) -> str:
    """A tag with one blank where it has any outside of its strings, and none around punctuation."""
    opening, inside, closing = _ENDS().fullmatch(text).groups()  # type: ignore[union-attr]
    pieces = _STRINGS().split(inside.strip())
    # Every second piece is a string, which stays as it is.
    laid_out = (
        p if i % 2 else _AROUND().sub(r"\1", _BLANKS().sub(" ", p)) for i, p in enumerate(pieces)
    )
    return f"{opening}{''.join(laid_out)}{closing}"


def _sql(text: str) -> str | None:
    """The tokens of a template with one blank where there are any; None where it is not understood."""
    found: list[str] = []
    blank = ""
    before = ""
    for match in _TOKEN().finditer(text):
        kind, token = str(match.lastgroup), match[0]
        kind = "literal" if kind == "quote" else kind
        if kind == "note":
            continue
        if kind in {"blank", "comment"}:
            blank = "\n" if kind == "comment" or "\n" in token or blank == "\n" else " "
            continue
        if kind == "other" and _UNCLEAR().match(text, match.start()):
            return None
        token = _tag(token) if kind == "tag" else token
        if blank and before:
            found.append(_between(before, token, blank))
        found.append(token)
        blank, before = "", token
    return "".join(found)


def _between(before: str, after: str, blank: str) -> str:
    """What of a blank counts: nothing beside brackets and commas, its line end beside tags that give more than a name."""
    for token in (before, after):
        if token.startswith(("{{", "{%")) and not _NAMING().match(token):
            return blank
    tight = before in _TIGHT or after in _TIGHT
    return "" if tight and not (before.startswith("{") or after.startswith("{")) else " "
