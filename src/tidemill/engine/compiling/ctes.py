"""Puts the SQL of ephemeral models in front of a statement, as common table expressions.

The result is the text that dbt writes, character for character, so that compiled SQL can be compared. Only
the head of the statement is read: blanks, comments, WITH and RECURSIVE. Nothing else of SQL is understood here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import msgspec

_BLANK_OR_LINE_COMMENT = re.compile(r"(?:\s+|--[^\n]*|#[^\n]*)+")
_WITH = re.compile(r"with(?:\s+recursive)?(?=\s|/\*|--)\s*", re.IGNORECASE)
_COMMENT_EDGE = re.compile(r"/\*|\*/")


class Cte(msgspec.Struct, frozen=True):
    """The SQL of one ephemeral model, without the CTEs that it needs itself."""

    unique_id: str
    name: str
    """As ``ref`` renders it: ``__dbt__cte__orders``."""
    sql: str

    def __str__(self) -> str:
        return f" {self.name} as (\n{self.sql}\n)"


def merge_ctes(groups: Iterable[Sequence[Cte]]) -> tuple[Cte, ...]:
    """One list out of several, each model once, at the place where it was first needed."""
    found: dict[str, Cte] = {}
    for group in groups:
        for cte in group:
            found.setdefault(cte.unique_id, cte)
    return tuple(found.values())


def inject_ctes(sql: str, ctes: Sequence[Cte]) -> str:
    r"""``sql`` with ``ctes`` in front: in its own WITH if it begins with one, otherwise in a new one.

    >>> inject_ctes("select 1", [Cte("model.shop.a", "__dbt__cte__a", "select 2")])
    'with __dbt__cte__a as (\nselect 2\n) select 1'
    """
    if not ctes:
        return sql
    injected = ", ".join(str(cte) for cte in ctes)
    own_with = _WITH.match(sql, statement_start(sql))
    if own_with is not None:
        end = own_with.end()
        return f"{sql[:end]}{injected}, {sql[end:]}"
    start = len(sql) - len(sql.lstrip())
    return f"{sql[:start]}with{injected} {sql[start:]}"


def statement_start(sql: str) -> int:
    """The offset of the first character that is neither blank nor in a comment."""
    position = 0
    while True:
        blank = _BLANK_OR_LINE_COMMENT.match(sql, position)
        if blank is not None:
            position = blank.end()
        elif sql.startswith("/*", position):
            position = _end_of_comment(sql, position)
        else:
            return position


def _end_of_comment(sql: str, start: int) -> int:
    """The offset behind a block comment; an unclosed one reaches to the end of the text."""
    depth = 0
    for edge in _COMMENT_EDGE.finditer(sql, start):
        depth += 1 if edge.group() == "/*" else -1
        if depth == 0:
            return edge.end()
    return len(sql)
