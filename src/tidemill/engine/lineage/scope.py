"""The values that resolving works with: relations with their columns, and the names in sight of a SELECT."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from tidemill.engine.lineage.tree import COPY, EXPRESSION, VALUE, Chain

Sources = dict[tuple[str, str], int]
"""Table and column, with how they are used."""


class Column(NamedTuple):
    """A column in sight. Its mapping is shared: it is never changed."""

    name: str
    sources: Sources
    unsure: tuple[str, ...] = ()


class Pass(NamedTuple):
    """Tables whose unknown columns are handed on by name, without some."""

    tables: tuple[str, ...]
    excluded: frozenset[str] = frozenset()


class Relation:
    """What stands in a FROM or behind a WITH name: columns, as far as they are known."""

    __slots__ = ("anything", "columns", "gap", "passing", "rows")

    def __init__(self, columns: dict[str, Column] | None = None) -> None:
        self.columns: dict[str, Column] = columns if columns is not None else {}
        """By name in lower case."""
        self.passing: tuple[Pass, ...] = ()
        self.anything: Column | None = None
        """The answer to any other name: what a function over columns gives."""
        self.gap = ""
        """Why there may be columns that are not known."""
        self.rows: Sources = {}

    def get(self, name: str) -> Column | None:
        """The column of that name, if there may be one."""
        found = self.columns.get(name)
        if found is not None:
            return found
        if self.anything is not None:
            return self.anything
        passing = [each for each in self.passing if name not in each.excluded]
        if passing:
            sources = {(table, name): COPY for each in passing for table in each.tables}
            if len(passing) == 1:
                return Column(name, sources)
            tables = " or ".join(", ".join(each.tables) for each in passing)
            return Column(
                name, sources, (f"'{name}' is a column of {tables}: theirs are not known",)
            )
        return Column(name, {}, (self.gap,)) if self.gap else None

    @property
    def is_open(self) -> bool:
        """Whether it may have columns that are not known."""
        return bool(self.passing or self.gap)


class Scope:
    """The inputs of one SELECT, inside those of the queries around it."""

    __slots__ = ("aliases", "inputs", "outer", "tables", "using")

    def __init__(self, outer: Scope | None) -> None:
        self.outer = outer
        self.inputs: list[tuple[str, Relation]] = []
        self.tables: list[Chain] = []
        self.using: dict[str, bool] = {}
        """Columns of USING; True where both sides may give the value (FULL JOIN)."""
        self.aliases: dict[str, Column] = {}
        """Columns of the SELECT list that were read so far."""

    def add(self, alias: str, table: Chain, relation: Relation) -> None:
        self.inputs.append((alias, relation))
        self.tables.append(table)

    def relation(self, chain: Chain) -> Relation | None:
        """The input of that alias, or of that name with its schema."""
        if len(chain) == 1:
            for alias, relation in self.inputs:
                if alias == chain[0]:
                    return relation
        for table, (_, relation) in zip(self.tables, self.inputs, strict=True):
            if table[-len(chain) :] == chain:
                return relation
        return self.outer.relation(chain) if self.outer is not None else None


def composed(use: int, inner: int) -> int:
    """How a column is used whose own use is ``inner``, in something that is used as ``use``."""
    if use == COPY:
        return inner
    if use == EXPRESSION:
        return (inner & ~COPY) | EXPRESSION if inner & VALUE else inner
    return use


def merge(into: Sources, sources: Sources, use: int) -> None:
    """Add ``sources``, used as ``use``."""
    for key, inner in sources.items():
        into[key] = into.get(key, 0) | composed(use, inner)


def merged(columns: Iterable[Column], use: int = COPY) -> tuple[Sources, tuple[str, ...]]:
    """The sources and doubts of several columns."""
    sources: Sources = {}
    unsure: dict[str, None] = {}
    for column in columns:
        merge(sources, column.sources, use)
        unsure.update(dict.fromkeys(column.unsure))
    return sources, tuple(unsure)
