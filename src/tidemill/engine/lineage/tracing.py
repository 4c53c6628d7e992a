"""Follows columns through a project: where they come from, and what is made of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from tidemill.engine.lineage.project_lineage import READ_TYPES, ProjectLineage
from tidemill.engine.lineage.summary import Source, Summary
from tidemill.engine.lineage.tree import COPY, EXPOSURE, Use

ROWS = ""
"""In place of a column's name: the rows of a model, all its columns alike."""

_ROW_USES = int(Use.FILTER | Use.JOIN | Use.GROUP | Use.ORDER)


class ColumnRef(msgspec.Struct, frozen=True, order=True):
    """A column of a node."""

    node: str
    """Its unique id; the name of a table that is not in the project."""
    column: str
    """As it is written; empty for the rows of the node, and for an exposure."""


class LineageStep(msgspec.Struct, frozen=True, kw_only=True):
    """One column is made of another."""

    source: ColumnRef
    result: ColumnRef
    uses: tuple[str, ...]
    """How: ``copy``, ``expression``, ``window``, ``filter``, ``join``, ``group``, ``order``, ``exposure``."""
    depth: int
    """Steps from the column that was asked for."""


class LineageGap(msgspec.Struct, frozen=True, order=True):
    """Where the trail is lost, or unsure."""

    node: str
    column: str
    """Empty when it is about all columns."""
    reason: str


class ColumnTrace(msgspec.Struct, frozen=True, kw_only=True):
    """The lineage of one column."""

    column: ColumnRef
    upstream: tuple[LineageStep, ...] = ()
    downstream: tuple[LineageStep, ...] = ()
    unknown: tuple[LineageGap, ...] = ()


Follow = Callable[[ColumnRef], "Iterator[tuple[ColumnRef, int]]"]


class Tracer:
    """Answers about one project lineage."""

    def __init__(self, lineage: ProjectLineage) -> None:
        self._lineage = lineage
        self._readers: dict[str, dict[str, list[tuple[ColumnRef, int]]]] = {}
        self._unknown: dict[LineageGap, None] = {}

    def trace(
        self,
        column: ColumnRef,
        *,
        upstream: bool = True,
        downstream: bool = True,
        depth: int | None = None,
        rows: bool = False,
    ) -> ColumnTrace:
        """What ``column`` is made of and what is made of it, at most ``depth`` steps away.

        With ``rows``, what decides about rows is followed like what values are made of.
        """
        self._unknown = {}
        start = ColumnRef(column.node, self.written(column))
        up = self._walk(start, self._sources(rows=rows), depth, up=True) if upstream else ()
        down = self._walk(start, self._results(rows=rows), depth, up=False) if downstream else ()
        return ColumnTrace(
            column=start,
            upstream=tuple(up),
            downstream=tuple(down),
            unknown=tuple(self._unknown),
        )

    def columns(self, node: str) -> tuple[str, ...]:
        """The columns of a node, as far as they are known."""
        return self._lineage.known(node).columns

    def rows(self, node: str) -> tuple[LineageStep, ...]:
        """What decides which rows a node has."""
        summary = self._lineage.summary(node)
        result = ColumnRef(node, ROWS)
        return tuple(
            LineageStep(
                source=self._ref(summary, each), result=result, uses=uses_of(each[2]), depth=1
            )
            for each in summary.rows
        )

    def written(self, column: ColumnRef) -> str:
        """The column's name as its node writes it."""
        wanted = column.column.lower()
        names = self._lineage.known(column.node).columns
        return next((name for name in names if name.lower() == wanted), column.column)

    # -- walking -----------------------------------------------------------------------------

    def _walk(
        self, start: ColumnRef, follow: Follow, depth: int | None, *, up: bool
    ) -> list[LineageStep]:
        found: list[LineageStep] = []
        seen = {start}
        edge, distance = [start], 0
        while edge and (depth is None or distance < depth):
            distance += 1
            following: list[ColumnRef] = []
            for here in edge:
                for there, use in follow(here):
                    source, result = (there, here) if up else (here, there)
                    step = LineageStep(
                        source=source, result=result, uses=uses_of(use), depth=distance
                    )
                    found.append(step)
                    if there not in seen:
                        seen.add(there)
                        following.append(there)
            edge = following
        return found

    def _sources(self, *, rows: bool) -> Follow:
        def follow(column: ColumnRef) -> Iterator[tuple[ColumnRef, int]]:
            summary = self._lineage.summary(column.node)
            self._note_gaps(column, summary)
            made_of = _made_of(summary, column.column)
            for each in (*made_of, *summary.rows) if rows else made_of:
                yield self._ref(summary, each), each[2]

        return follow

    def _note_gaps(self, column: ColumnRef, summary: Summary) -> None:
        """Remember what is not known about a column."""
        if summary.unknown:
            self._unknown[LineageGap(column.node, "", summary.unknown)] = None
            return
        wanted = column.column.lower()
        for each in summary.columns:
            if each.name.lower() == wanted:
                for reason in each.unsure:
                    self._unknown[LineageGap(column.node, each.name, reason)] = None
                return
        for reason in summary.gaps:
            self._unknown[LineageGap(column.node, column.column, reason)] = None

    def _results(self, *, rows: bool) -> Follow:
        def follow(column: ColumnRef) -> Iterator[tuple[ColumnRef, int]]:
            if column.column == ROWS:
                if rows:
                    for name in self.columns(column.node):
                        yield ColumnRef(column.node, name), _ROW_USES
                return
            readers = self._readers_of(column.node)
            yield from readers.get(column.column.lower(), ())
            for child in self._children(column.node):
                summary = self._lineage.summary(child)
                if _passes(summary, column):
                    yield ColumnRef(child, column.column), COPY
            for child in self._lineage.manifest.children.get(column.node, ()):
                if child in self._lineage.manifest.exposures:
                    yield ColumnRef(child, ROWS), EXPOSURE

        return follow

    def _readers_of(self, node: str) -> dict[str, list[tuple[ColumnRef, int]]]:
        """What is made of each column of ``node``."""
        found = self._readers.get(node)
        if found is None:
            found = self._readers[node] = {}
            children = self._children(node)
            self._lineage.read(children)
            for child in children:
                for name, result, use in _uses(child, self._lineage.summary(child), node):
                    found.setdefault(name, []).append((result, use))
        for child in self._children(node):
            summary = self._lineage.summary(child)
            if summary.unknown:
                self._unknown[LineageGap(child, "", summary.unknown)] = None
        return found

    def _children(self, node: str) -> tuple[str, ...]:
        nodes = self._lineage.manifest.nodes
        return tuple(
            child
            for child in self._lineage.manifest.children.get(node, ())
            if child in nodes and nodes[child].resource_type in READ_TYPES
        )

    def _ref(self, summary: Summary, source: Source) -> ColumnRef:
        number, name, _ = source
        ref = ColumnRef(summary.inputs[number], name)
        return ColumnRef(ref.node, self.written(ref))


def _made_of(summary: Summary, column: str) -> tuple[Source, ...]:
    wanted = column.lower()
    for each in summary.columns:
        if each.name.lower() == wanted:
            return each.sources
    return tuple(
        (number, wanted, COPY)
        for each in summary.passing
        if wanted not in each.excluded and wanted
        for number in each.inputs
    )


def _passes(summary: Summary, column: ColumnRef) -> bool:
    """Whether a column is handed on by a ``*`` that could not be written out."""
    wanted = column.column.lower()
    if any(each.name.lower() == wanted for each in summary.columns):
        return False
    return any(
        column.node in {summary.inputs[number] for number in each.inputs}
        and wanted not in each.excluded
        for each in summary.passing
    )


def _uses(child: str, summary: Summary, node: str) -> Iterator[tuple[str, ColumnRef, int]]:
    """Columns of ``node`` in the summary of ``child``: their name, what is made of them, and how."""
    if node not in summary.inputs:
        return
    position = summary.inputs.index(node)
    for column in summary.columns:
        for number, name, use in column.sources:
            if number == position:
                yield name, ColumnRef(child, column.name), use
    for number, name, use in summary.rows:
        if number == position:
            yield name, ColumnRef(child, ROWS), use


def uses_of(use: int) -> tuple[str, ...]:
    """The words for a use: ``("copy",)``."""
    return tuple(str(each.name).lower() for each in Use if use & each)
