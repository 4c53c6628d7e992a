"""What a query says about columns, before anything is known about the tables it reads.

Expressions are not kept as trees: of an expression it matters which names stand in it, in which role, and which
queries. Names are in lower case, without quotes, as tuples: ``("o", "amount")``.
"""

from __future__ import annotations

from enum import IntFlag
from typing import Any

Chain = tuple[str, ...]


class Use(IntFlag):
    """How a column is used. Several may be true of one."""

    COPY = 1
    """Handed on as it is, maybe under another name."""
    EXPRESSION = 2
    """Part of what the value is computed from."""
    WINDOW = 4
    """Decides which rows a window function looks at."""
    FILTER = 8
    """Decides which rows there are: WHERE, HAVING, QUALIFY, the operands of EXCEPT and INTERSECT."""
    JOIN = 16
    """Decides which rows are brought together."""
    GROUP = 32
    """Decides which rows are put together: GROUP BY, DISTINCT, UNION without ALL."""
    ORDER = 64
    """Decides the order of rows, which matters where they are limited."""
    EXPOSURE = 128
    """Read by an exposure, which does not say which columns it shows."""


VALUE = int(Use.COPY | Use.EXPRESSION)
COPY, EXPRESSION, WINDOW, FILTER, JOIN, GROUP, ORDER, EXPOSURE = (int(use) for use in Use)


class Unreadable(Exception):
    """SQL, or a part of it, whose lineage cannot be read; the text says why."""


class Expression:
    """The names in an expression, and the queries inside it."""

    __slots__ = ("alone", "calls", "existing", "names", "queries", "stars", "windows")

    def __init__(self) -> None:
        self.names: list[tuple[Chain, int]] = []
        self.queries: list[Query] = []
        self.existing: list[Query] = []
        """Queries of which it matters only whether they have rows."""
        self.calls: list[str] = []
        """Names of functions."""
        self.stars: list[Star] = []
        """``COLUMNS(*)`` inside it: then it stands for many columns."""
        self.windows: list[str] = []
        """Names of windows (``over w``)."""
        self.alone = False
        """True when the expression is one name and nothing else."""


class Star:
    """``*`` or ``o.*`` with what is changed about it."""

    __slots__ = ("excluded", "of", "renamed", "replaced", "unknown")

    def __init__(self, of: Chain) -> None:
        self.of = of
        self.excluded: set[str] = set()
        self.renamed: dict[str, str] = {}
        self.replaced: dict[str, Expression] = {}
        self.unknown = ""
        """Why it cannot be said which columns it stands for."""

    @property
    def is_plain(self) -> bool:
        """Whether it is ``*`` and nothing more."""
        return not (self.of or self.excluded or self.renamed or self.replaced or self.unknown)


class Item:
    """One entry of a SELECT list."""

    __slots__ = ("expression", "name", "star")

    def __init__(self, name: str, expression: Expression, star: Star | None = None) -> None:
        self.name = name
        """Of the output column, as written."""
        self.expression = expression
        self.star = star


class Input:
    """One entry of FROM: a table, a query, or a function over what stands before it."""

    __slots__ = ("alias", "columns", "function", "kind", "query", "table", "text", "unknown")

    def __init__(self) -> None:
        self.alias = ""
        self.columns: tuple[str, ...] = ()
        """Names that the alias gives to the columns: ``as t(a, b)``."""
        self.table: Chain = ()
        self.query: Query | None = None
        self.function: Expression | None = None
        self.text = ""
        """A function or file as written without blanks, for sources that are no tables."""
        self.kind = ""
        """How it is joined: ``left``, ``right``, ``full`` ... or nothing."""
        self.unknown = ""
        """Why its columns cannot be read."""


class Join:
    """The condition of one join."""

    __slots__ = ("condition", "left", "natural", "right", "using")

    def __init__(self, left: int, right: int) -> None:
        self.left, self.right = left, right
        """Position of the first input on its right side, and the one behind its last."""
        self.condition: Expression | None = None
        self.using: tuple[str, ...] = ()
        self.natural = False


class Select:
    """One SELECT, without its WITH."""

    __slots__ = ("distinct", "groups", "inputs", "items", "joins", "roles", "windows")

    def __init__(self) -> None:
        self.items: list[Item] = []
        self.inputs: list[Input] = []
        self.joins: list[Join] = []
        self.roles: list[tuple[int, Expression]] = []
        """WHERE, HAVING, QUALIFY, GROUP BY, ORDER BY, DISTINCT ON."""
        self.distinct = False
        self.groups = False
        """GROUP BY ALL: every column that is no aggregate."""
        self.windows: dict[str, Expression] = {}


class Query:
    """A query with its WITH; either one SELECT, or two queries under a set operator."""

    __slots__ = ("ctes", "left", "operator", "recursive", "right", "select", "unknown", "values")

    def __init__(self) -> None:
        self.ctes: list[tuple[str, tuple[str, ...], Query]] = []
        self.recursive = False
        self.select: Select | None = None
        self.values: list[Expression] | None = None
        """The columns of VALUES."""
        self.operator = ""
        """``union``, ``union all``, ``union by name``, ``except``, ``intersect`` ..."""
        self.left: Query | None = None
        self.right: Query | None = None
        self.unknown = ""
        """What it is, when it cannot be read."""

    def __repr__(self) -> str:
        shown: Any = self.operator or self.select or self.values
        return f"Query({shown!r})"
