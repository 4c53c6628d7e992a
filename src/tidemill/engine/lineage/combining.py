"""Two relations to one: set operators; and columns under new names."""

from __future__ import annotations

from tidemill.engine.lineage.scope import Column, Pass, Relation, Sources, merge, merged
from tidemill.engine.lineage.tree import COPY, FILTER, GROUP


def combined(left: Relation, right: Relation, operator: str) -> Relation:
    """The result of a set operator: by position, or by name where not all columns are known."""
    kind = operator.split(maxsplit=1)[0]
    result = _unioned(left, right, by_name="by name" in operator) if kind == "union" else Relation()
    if kind != "union":
        result.columns, result.passing, result.gap = left.columns, left.passing, left.gap
    rows: Sources = {}
    merge(rows, left.rows, COPY)
    merge(rows, right.rows, COPY)
    if "all" not in operator.split():
        role = GROUP if kind == "union" else FILTER
        for column in (*left.columns.values(), *right.columns.values()):
            merge(rows, column.sources, role)
    result.rows = rows
    return result


def _unioned(left: Relation, right: Relation, *, by_name: bool) -> Relation:
    is_open = left.is_open or right.is_open
    if by_name or is_open:
        result = _by_name(left, right)
    else:
        result = Relation()
        pairs = zip(left.columns.items(), right.columns.values(), strict=False)
        result.columns = {key: _both(column, other) for (key, column), other in pairs}
        if len(left.columns) != len(right.columns):
            result.gap = "a UNION of queries with different numbers of columns is not read"
    result.anything = left.anything
    return result


def _by_name(left: Relation, right: Relation) -> Relation:
    result = Relation()
    for key, column in left.columns.items():
        other = right.get(key)
        result.columns[key] = _both(column, other) if other is not None else column
    for key, column in right.columns.items():
        if key not in result.columns:
            other = left.get(key)
            result.columns[key] = _both(other, column) if other is not None else column
    result.passing = _passing(left.passing, right.passing)
    result.gap = left.gap or right.gap
    return result


def _passing(left: tuple[Pass, ...], right: tuple[Pass, ...]) -> tuple[Pass, ...]:
    """Of one ``*`` on each side a column of the result comes from both."""
    if len(left) == 1 and len(right) == 1:
        tables = tuple(dict.fromkeys((*left[0].tables, *right[0].tables)))
        return (Pass(tables, left[0].excluded & right[0].excluded),)
    return left + right


def _both(column: Column, other: Column) -> Column:
    sources, unsure = merged((column, other))
    return Column(column.name, sources, unsure)


def renamed(relation: Relation, names: tuple[str, ...]) -> Relation:
    """The relation with ``names`` for its first columns: ``as t(a, b)``."""
    result = Relation()
    result.rows, result.gap = relation.rows, relation.gap
    result.anything = relation.anything
    if relation.anything is not None:
        result.columns = {name: relation.anything._replace(name=name) for name in names}
        return result
    columns = list(relation.columns.items())
    for number, name in enumerate(names):
        if number < len(columns):
            result.columns[name] = columns[number][1]._replace(name=name)
        elif relation.passing:
            tables = tuple(dict.fromkeys(t for each in relation.passing for t in each.tables))
            doubt = f"'{name}' is column {number + 1} of {', '.join(tables)}: theirs are not known"
            result.columns[name] = Column(name, {}, (doubt,))
    for key, column in columns[len(names) :]:
        result.columns.setdefault(key, column)
    result.passing = relation.passing
    return result
