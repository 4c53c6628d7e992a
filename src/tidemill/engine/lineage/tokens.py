"""SQL text to tokens: words, quoted names, texts, numbers and operators; blanks and comments are left out.

Nothing is classified here beyond what a first character says, because this runs over every model of a project.
"""

from __future__ import annotations

import re
from functools import lru_cache

import msgspec

_WORD = r"[^\W\d](?:\w|\$(?!\$))*"
_NUMBER = r"\d(?:[\w.]|(?<=[eE])[+-])*|\.\d\w*"
_OPERATOR = r"::|:=|=>|->>|->|<=|>=|<>|!=|\|\||\S"
_COMMENT = r"--[^\n]*|/\*.*?\*/"
_DOLLAR = r"\$\$.*?\$\$"
_QUOTE_DOUBLED = r"'(?:[^']|'')*'"
_QUOTE_ESCAPED = r"'(?:[^'\\]|\\.|'')*'"

_BACKSLASHES = frozenset({"bigquery", "databricks", "mysql", "snowflake", "spark"})
"""Dialects in which a backslash inside a text protects what follows."""
_DOUBLE_QUOTED_TEXTS = frozenset({"bigquery", "databricks", "mysql", "spark"})
"""Dialects in which double quotes make a text and backticks a name."""

_TAGGED_DOLLAR = re.compile(r"\$([^\W\d]\w*)\$.*?\$\1\$", re.DOTALL)
_ESCAPE_TEXT = re.compile(r"\b[eE]'(?:[^'\\]|\\.|'')*'", re.DOTALL)
_COMMENT_EDGE = re.compile(r"/\*|\*/")


class Tokens(msgspec.Struct, frozen=True):
    """One text: the tokens as written, and in lower case for comparing. Both end with an empty one."""

    written: list[str]
    lowered: list[str]


@lru_cache
def _pattern(dialect: str) -> re.Pattern[str]:
    quote = _QUOTE_ESCAPED if dialect in _BACKSLASHES else _QUOTE_DOUBLED
    name = r'"(?:[^"]|"")*"'
    if dialect in _DOUBLE_QUOTED_TEXTS:
        name = r'"(?:[^"\\]|\\.)*"'
    parts = (_WORD, _COMMENT, quote, name, r"`[^`]*`", _NUMBER, _DOLLAR, _OPERATOR)
    return re.compile("|".join(parts), re.DOTALL)


def tokenize(sql: str, dialect: str) -> Tokens:
    """The tokens of ``sql``. A name is given with its quotes, a text always in single quotes."""
    text = sql
    if "$" in text:
        text = _TAGGED_DOLLAR.sub("''", text)
    if "'" in text and "\\" in text:
        text = _ESCAPE_TEXT.sub("''", text)
    if text.count("/*") > 1:
        text = _without_nested_comments(text)
    found = _pattern(dialect).findall(text)
    if "--" in text or "/*" in text:
        found = [token for token in found if token[:2] not in {"--", "/*"}]
    if "$$" in text:
        found = ["''" if token[:2] == "$$" else token for token in found]
    if dialect in _DOUBLE_QUOTED_TEXTS and '"' in text:
        found = ["''" if token[0] == '"' else token for token in found]
    found.extend(("", "", ""))
    return Tokens(found, [token.lower() for token in found])


def is_name(token: str) -> bool:
    """Whether the token can be a name: a word, or quoted."""
    return token[:1] in {'"', "`"} or token[:1] == "_" or token[:1].isalpha()


def unquoted(token: str) -> str:
    """A name without its quotes."""
    first = token[:1]
    if first == '"':
        return token[1:-1].replace('""', '"')
    return token[1:-1] if first == "`" else token


def _without_nested_comments(text: str) -> str:
    """Comments inside comments, as Postgres and DuckDB allow, become one blank."""
    if "/*" not in text or not _has_nested(text):
        return text
    kept: list[str] = []
    depth = start = 0
    for edge in _COMMENT_EDGE.finditer(text):
        if edge.group() == "/*":
            if depth == 0:
                kept.append(text[start : edge.start()])
            depth += 1
        elif depth:
            depth -= 1
            start = edge.end()
    return " ".join((*kept, text[start:] if depth == 0 else ""))


def _has_nested(text: str) -> bool:
    depth = 0
    for edge in _COMMENT_EDGE.finditer(text):
        depth += 1 if edge.group() == "/*" else -1
        if depth > 1:
            return True
    return False
