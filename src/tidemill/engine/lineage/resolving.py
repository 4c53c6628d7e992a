"""From a query and the columns of the tables it reads to the lineage of its result.

Names mean what SQL says they mean: the nearest input that has the column, then the SELECT list, then the query around.
Where the columns of an input are not known, a name that only it can have is taken to be one of its columns; where
several could have it, all are named and the column is marked as unsure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from tidemill.engine.lineage.combining import combined, renamed
from tidemill.engine.lineage.names import NameFinder
from tidemill.engine.lineage.scope import Column, Pass, Relation, Scope, Sources, merge, merged
from tidemill.engine.lineage.stars import expand
from tidemill.engine.lineage.summary import Known, OutputColumn, Passing, Summary
from tidemill.engine.lineage.tree import (
    COPY,
    EXPRESSION,
    GROUP,
    JOIN,
    WINDOW,
    Chain,
    Expression,
    Input,
    Item,
    Join,
    Query,
    Select,
)
from tidemill.engine.lineage.words import AGGREGATES

_ROUNDS = 4
"""How often a recursive query is followed; its columns rarely take more than one."""


class Table(NamedTuple):
    """A table that a query reads: what it is called in answers, and its columns."""

    key: str
    known: Known


FindTable = Callable[[Chain, str], Table]
"""The table of a name (its parts in lower case) or, when these are empty, of a text such as a function call."""

Environment = Mapping[str, Relation]
"""What names of WITH stand for."""


def resolve(query: Query, find: FindTable, dialect: str) -> Summary:
    """The lineage of ``query``. ``find`` is asked for each table that it reads."""
    relation = Resolver(find, dialect).query(query, {}, None)
    keys: dict[str, int] = {}

    def place(key: str) -> int:
        return keys.setdefault(key, len(keys))

    columns = tuple(
        OutputColumn(
            column.name,
            tuple((place(key), name, use) for (key, name), use in column.sources.items()),
            column.unsure,
        )
        for column in relation.columns.values()
    )
    passing = tuple(
        Passing(tuple(place(key) for key in each.tables), tuple(sorted(each.excluded)))
        for each in relation.passing
    )
    rows = tuple((place(key), name, use) for (key, name), use in relation.rows.items())
    gaps = (relation.gap,) if relation.gap else ()
    return Summary(tuple(keys), columns, passing, rows, gaps)


class Resolver:
    """Resolves the queries of one statement."""

    def __init__(self, find: FindTable, dialect: str) -> None:
        self._find = find
        self._dialect = dialect
        self._tables: dict[tuple[Chain, str], Relation] = {}
        self._names = NameFinder(laterally=dialect != "postgres")

    def query(self, query: Query, around: Environment, outer: Scope | None) -> Relation:
        """What the query gives, inside the WITH names ``around`` it and the inputs of ``outer``."""
        environment = around
        if query.ctes:
            environment = dict(around)
            for name, columns, inner in query.ctes:
                found = self._cte(name, inner, environment, outer, recursive=query.recursive)
                environment[name] = renamed(found, columns) if columns else found
        if query.select is not None:
            return self._select(query.select, environment, outer)
        if query.values is not None:
            return self._values(query.values, environment, outer)
        if query.unknown:
            relation = Relation()
            relation.gap = f"{query.unknown} is not read"
            return relation
        assert query.left is not None
        assert query.right is not None
        left = self.query(query.left, environment, outer)
        right = self.query(query.right, environment, outer)
        return combined(left, right, query.operator)

    def _cte(
        self,
        name: str,
        query: Query,
        environment: dict[str, Relation],
        outer: Scope | None,
        *,
        recursive: bool,
    ) -> Relation:
        if not (recursive and query.left is not None and query.right is not None):
            return self.query(query, environment, outer)
        inner = dict(environment)
        first = found = self.query(query.left, inner, outer)
        for _ in range(_ROUNDS):
            inner[name] = found
            following = combined(first, self.query(query.right, inner, outer), query.operator)
            if following.columns == found.columns and following.rows == found.rows:
                break
            found = following
        return found

    def _values(
        self, values: Iterable[Expression], environment: Environment, outer: Scope | None
    ) -> Relation:
        scope = Scope(outer)
        columns: dict[str, Column] = {}
        for number, expression in enumerate(values):
            name = f"column{number + 1}" if self._dialect == "postgres" else f"col{number}"
            columns[name] = self._value(name, expression, scope, environment, {})
        return Relation(columns)

    # -- SELECT ------------------------------------------------------------------------------

    def _select(self, select: Select, environment: Environment, outer: Scope | None) -> Relation:
        scope = Scope(outer)
        rows: Sources = {}
        for entry in select.inputs:
            relation = self._input(entry, scope, environment)
            scope.add(entry.alias, entry.table, relation)
            if relation.rows:
                merge(rows, relation.rows, COPY)
            if relation.anything is not None and entry.function is not None:
                merge(rows, relation.anything.sources, JOIN)
        for join in select.joins:
            self._join(join, select, scope, environment, rows)
        result = self._items(select, scope, environment)
        result.rows = rows
        for role, expression in select.roles:
            value = self._value("", expression, scope, environment, select.windows)
            merge(rows, value.sources, role)
        if select.distinct:
            for column in result.columns.values():
                merge(rows, column.sources, GROUP)
        if select.groups:
            for item in select.items:
                alias = scope.aliases.get(item.name.lower())
                if alias is not None and AGGREGATES.isdisjoint(item.expression.calls):
                    merge(rows, alias.sources, GROUP)
        return result

    def _items(self, select: Select, scope: Scope, environment: Environment) -> Relation:
        if len(select.items) == 1 and len(scope.inputs) == 1:
            star = select.items[0].star
            if star is not None and star.is_plain:
                return _same(scope.inputs[0][1])
        result = Relation()
        for item in select.items:
            if item.star is not None or item.expression.stars:
                self._star(item, result, scope, environment, select)
                continue
            column = self._value(item.name, item.expression, scope, environment, select.windows)
            key = item.name.lower()
            scope.aliases[key] = column
            result.columns[self._free(key, result)] = column
        return result

    def _free(self, key: str, result: Relation) -> str:
        """``key``, or what DuckDB calls a second column of that name."""
        number, free = 0, key
        while free in result.columns:
            number += 1
            free = f"{key}_{number}"
        return free

    def _star(
        self,
        item: Item,
        result: Relation,
        scope: Scope,
        environment: Environment,
        select: Select,
    ) -> None:
        star = item.star or item.expression.stars[0]
        replaced = {
            name: self._value(name, expression, scope, environment, select.windows)
            for name, expression in star.replaced.items()
        }
        found = expand(star, scope, replaced)
        use = COPY if item.star is not None else EXPRESSION
        for key, column in found.columns.items():
            kept = column
            if use != COPY:
                sources, unsure = merged((column,), EXPRESSION)
                kept = Column(column.name, sources, unsure)
            result.columns.setdefault(key, kept)
        result.passing += found.passing
        result.gap = result.gap or found.gap

    # -- FROM --------------------------------------------------------------------------------

    def _input(self, entry: Input, scope: Scope, environment: Environment) -> Relation:
        if entry.query is not None:
            relation = self.query(entry.query, environment, scope)
        elif entry.function is not None:
            relation = self._function(entry, entry.function, scope, environment)
        else:
            relation = self._table(entry, scope, environment)
        if entry.unknown:
            relation = _unknown(relation, entry.unknown)
        return renamed(relation, entry.columns) if entry.columns else relation

    def _table(self, entry: Input, scope: Scope, environment: Environment) -> Relation:
        chain = entry.table
        if len(chain) == 1 and chain[0] in environment:
            return environment[chain[0]]
        if len(chain) > 1 and (relation := scope.relation(chain[:1])) is not None:
            column = relation.get(chain[1])
            if column is not None and not relation.is_open:
                return _giving(column)  # from orders, orders.lines: a list inside a row
        key = (chain, "" if chain else entry.text)
        found = self._tables.get(key)
        if found is None:
            found = self._tables[key] = _relation_of(self._find(chain, entry.text))
        return found

    def _function(
        self, entry: Input, arguments: Expression, scope: Scope, environment: Environment
    ) -> Relation:
        if not (arguments.names or arguments.queries):
            table = self._find((), entry.text)
            if table.known.columns or table.key != entry.text or _reads_file(entry.text):
                return _relation_of(table)
        value = self._value(entry.alias, arguments, scope, environment, {})
        sources, unsure = merged((value,), EXPRESSION)
        relation = _giving(Column(entry.alias, sources, unsure))
        return renamed(relation, entry.columns) if entry.columns else relation

    def _join(
        self,
        join: Join,
        select: Select,
        scope: Scope,
        environment: Environment,
        rows: Sources,
    ) -> None:
        if join.condition is not None:
            value = self._value("", join.condition, scope, environment, {})
            merge(rows, value.sources, JOIN)
        names: Iterable[str] = join.using
        if join.natural:
            names = _shared(scope, join)
        both = "full" in select.inputs[join.left].kind
        for name in names:
            for _, relation in scope.inputs[: join.right]:
                column = relation.get(name)
                if column is not None:
                    merge(rows, column.sources, JOIN)
            scope.using[name] = both or scope.using.get(name, False)

    # -- expressions -------------------------------------------------------------------------

    def _value(
        self,
        name: str,
        expression: Expression,
        scope: Scope,
        environment: Environment,
        windows: Mapping[str, Expression],
    ) -> Column:
        """The expression as a column called ``name``."""
        if expression.alone:
            found, doubt = self._names.find(expression.names[0][0], scope)
            if len(found) == 1 and not doubt:
                return Column(name, found[0].sources, found[0].unsure)
        sources: Sources = {}
        unsure: dict[str, None] = {}
        names = expression.names
        for window in expression.windows:
            if window in windows:
                names = names + [(chain, WINDOW) for chain, _ in windows[window].names]
        for chain, use in names:
            columns, doubt = self._names.find(chain, scope)
            for column in columns:
                merge(sources, column.sources, use)
                unsure.update(dict.fromkeys(column.unsure))
            if doubt:
                unsure[doubt] = None
        for query in (*expression.queries, *expression.existing):
            inner = self.query(query, environment, scope)
            if query not in expression.existing:
                self._of_query(inner, sources, unsure)
            merge(sources, inner.rows, COPY)
        return Column(name, sources, tuple(unsure))

    def _of_query(self, inner: Relation, sources: Sources, unsure: dict[str, None]) -> None:
        for column in inner.columns.values():
            merge(sources, column.sources, EXPRESSION)
            unsure.update(dict.fromkeys(column.unsure))
        for each in inner.passing:
            unsure[f"it reads columns of {', '.join(each.tables)} that are not known"] = None


def _relation_of(table: Table) -> Relation:
    key, known = table
    columns = {name.lower(): Column(name, {(key, name.lower()): COPY}) for name in known.columns}
    relation = Relation(columns)
    if not known.complete:
        relation.passing = (Pass((key,)),)
    return relation


def _same(relation: Relation) -> Relation:
    """The relation with rows of its own to come."""
    found = Relation(relation.columns)
    found.passing, found.anything, found.gap = relation.passing, relation.anything, relation.gap
    return found


def _giving(column: Column) -> Relation:
    relation = Relation()
    relation.anything = column
    return relation


def _unknown(relation: Relation, reason: str) -> Relation:
    """A relation of which it is not known how its columns come from those of ``relation``."""
    sources, _ = merged(relation.columns.values(), EXPRESSION)
    found = Relation()
    found.anything = Column("", sources, (f"{reason} is not read",))
    found.gap = f"{reason} is not read"
    found.rows = relation.rows
    return found


def _shared(scope: Scope, join: Join) -> list[str]:
    """Columns that both sides of a NATURAL JOIN have."""
    left = [relation for _, relation in scope.inputs[: join.left]]
    right = [relation for _, relation in scope.inputs[join.left : join.right]]
    return [
        name
        for relation in left
        for name in relation.columns
        if any(name in other.columns for other in right)
    ]


def _reads_file(text: str) -> bool:
    return "'" in text and text.lower().startswith(("read_", "'", "parquet_", "sniff_", "glob"))
