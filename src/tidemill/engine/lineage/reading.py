"""Reads a query into a tree of what it says about columns: SELECT lists, FROM, WITH, set operators."""

from __future__ import annotations

from tidemill.engine.lineage.joining import InputReader
from tidemill.engine.lineage.tokens import is_name, tokenize, unquoted
from tidemill.engine.lineage.tree import (
    FILTER,
    GROUP,
    ORDER,
    Expression,
    Input,
    Item,
    Query,
    Select,
    Star,
    Unreadable,
)
from tidemill.engine.lineage.words import CLAUSES, CLOSING, SET_OPERATORS

_FILTERS = frozenset({"where", "having", "qualify"})
_QUERY_ENDS = CLOSING | SET_OPERATORS
_LIMITS = frozenset({"limit", "offset", "fetch"})


def read_query(sql: str, dialect: str) -> Query:
    """The one query that ``sql`` holds. Raises Unreadable for anything else."""
    reader = QueryReader(tokenize(sql, dialect), dialect)
    try:
        query = reader.query()
        while reader.take(";"):
            pass
        if reader.lowered[reader.at]:
            raise reader.unexpected("not understood")
    except (IndexError, RecursionError):
        raise Unreadable("the statement has no end, or is nested too deeply") from None
    return query


class QueryReader(InputReader):
    """Reads queries; what stands in FROM and in expressions is read by its parents."""

    def query(self) -> Query:
        """Read a query with its WITH and its set operators."""
        ctes, recursive = self._with()
        query = self._term()
        while self.lowered[self.at] in SET_OPERATORS:
            query = self._combined(query)
        self._tail(query)
        if ctes:
            query = _under(query)
            query.ctes, query.recursive = ctes, recursive
        return query

    def _with(self) -> tuple[list[tuple[str, tuple[str, ...], Query]], bool]:
        if not self.take("with"):
            return [], False
        recursive = self.take("recursive")
        found: list[tuple[str, tuple[str, ...], Query]] = []
        while True:
            name = self.name().lower()
            columns = self.names() if self.lowered[self.at] == "(" else ()
            if self.take("using", "key"):
                self.skip_parentheses()
            while not self.take("("):
                if self.lowered[self.at] not in {"as", "not", "materialized"}:
                    raise self.unexpected("WITH is not understood")
                self.at += 1
            found.append((name, columns, self.opaque() or self.query()))
            self.expect(")")
            self._search()
            if not self.take(","):
                return found, recursive

    def _search(self) -> None:
        """``search breadth first by id set position``, ``cycle id set is_cycle using path``."""
        while self.lowered[self.at] in {"search", "cycle"}:
            while self.lowered[self.at] not in {",", "select", "(", ""}:
                self.at += 1

    def _term(self) -> Query:
        """One SELECT, or a query in parentheses."""
        query = Query()
        token = self.lowered[self.at]
        if self.take("("):
            query = self.query()
            self.expect(")")
        elif token in {"select", "from"}:
            query.select = self._selection()
        elif self.take("values"):
            query.values = self._values()
        elif token == "table" and is_name(self.lowered[self.at + 1]):
            self.at += 1
            query.select = select = Select()
            self.inputs(select)
            select.items.append(Item("*", Expression(), Star(())))
        else:
            shown = self.written[self.at] or "nothing"
            raise Unreadable(f"it begins with {shown}, which is no query that can be read")
        return query

    def _combined(self, left: Query) -> Query:
        query = Query()
        query.operator = self.lowered[self.at]
        self.at += 1
        while self.lowered[self.at] in {"all", "distinct", "by", "name", "corresponding"}:
            query.operator += f" {self.lowered[self.at]}"
            self.at += 1
        query.left, query.right = left, self._term()
        return query

    def _tail(self, query: Query) -> None:
        """ORDER BY and LIMIT behind a set operator or parentheses."""
        if self.take("order", "by"):
            order = self._listed()
            if query.select is not None:
                query.select.roles.extend((ORDER, item) for item in order)
        self._limits()

    def _limits(self) -> None:
        while self.lowered[self.at] in _LIMITS:
            fetch = self.lowered[self.at] == "fetch"
            self.at += 1
            if fetch:
                while self.lowered[self.at] not in CLOSING:
                    self.at += 1
            else:
                self.expression()
                self.take("%")
                self.take("percent")
                self.take("rows")
                self.take("row")
        if self.take("for"):
            while self.lowered[self.at] not in CLOSING:
                self.at += 1

    def _values(self) -> list[Expression]:
        """The columns of VALUES: each holds what stands in any row."""
        columns: list[Expression] = []
        while self.take("("):
            for position, value in enumerate(self._listed()):
                if position == len(columns):
                    columns.append(Expression())
                columns[position].names.extend(value.names)
                columns[position].queries.extend(value.queries)
            self.expect(")")
            if not self.take(","):
                break
        return columns

    def _listed(self) -> list[Expression]:
        """Expressions with commas between them."""
        found = [self.expression()]
        while self.take(","):
            found.append(self.expression())
        return found

    # -- SELECT ------------------------------------------------------------------------------

    def _selection(self) -> Select:
        select = Select()
        if self.take("from"):
            self.inputs(select)
        if self.take("select"):
            self._distinction(select)
            self._items(select)
        else:
            select.items.append(Item("*", Expression(), Star(())))
        if self.take("from"):
            self.inputs(select)
        self._clauses(select)
        return select

    def _distinction(self, select: Select) -> None:
        if self.take("distinct"):
            if self.take("on"):
                self.expect("(")
                select.roles.extend((GROUP, item) for item in self._listed())
                self.expect(")")
            else:
                select.distinct = True
        self.take("all")
        if self.lowered[self.at] == "top" and self.lowered[self.at + 1][:1].isdigit():
            self.at += 2
        if not self.take("as", "struct"):
            self.take("as", "value")

    def _items(self, select: Select) -> None:
        while True:
            token = self.lowered[self.at]
            if token in CLOSING or (token in CLAUSES and not self.is_value(token)):
                return  # a comma in front of FROM, or no columns at all
            select.items.append(self._item())
            if not self.take(","):
                return

    def _item(self) -> Item:
        star = self._star()
        if star is not None:
            return Item("*", Expression(), star)
        prefix = ""
        has_prefix = self.lowered[self.at + 1] == ":" and is_name(self.lowered[self.at])
        if has_prefix and self.dialect == "duckdb":
            prefix = self.name()
            self.at += 1
        start = self.at
        expression = self.expression()
        end = self.at
        if end == start:
            raise self.unexpected("an expression was expected")
        name = prefix or self._alias() or self._name_of(expression, start, end)
        return Item(name, expression)

    def _alias(self) -> str:
        """``as name``, or the name alone. Empty when there is none."""
        if self.take("as"):
            token = self.written[self.at]
            if token[:1] == "'":
                self.at += 1
                return token[1:-1]
            return self.name()
        token = self.lowered[self.at]
        if token in CLAUSES or token in SET_OPERATORS or not is_name(token):
            return ""
        return self.name()

    def _name_of(self, expression: Expression, start: int, end: int) -> str:
        """What the warehouse calls a column without an alias, as far as that can be known."""
        if expression.alone:
            return (
                unquoted(self.written[end - 1] if self.written[end - 1] != ")" else "")
                or (expression.names[0][0][-1])
            )
        written = self.written[start:end]
        if self.dialect != "postgres":
            if [token.lower() for token in written] == ["count", "(", "*", ")"]:
                return "count_star()"
            return "".join(", " if token == "," else token for token in written)
        if "::" in written and is_name(written[0]):
            return unquoted(written[written.index("::") - 1]).lower()
        if written[0].lower() == "case":
            return "case"
        return written[0].lower() if is_name(written[0]) and written[1:2] == ["("] else "?column?"

    def _star(self) -> Star | None:
        """``*``, ``o.*`` and what is changed about it; None where something else stands."""
        at = self.at
        chain: list[str] = []
        while is_name(self.lowered[at]) and self.lowered[at + 1] == ".":
            chain.append(unquoted(self.lowered[at]))
            at += 2
        if self.lowered[at] != "*":
            return None
        self.at = at + 1
        star = Star(tuple(chain))
        while self._star_change(star):
            pass
        return star

    def _star_change(self, star: Star) -> bool:
        token, following = self.lowered[self.at], self.lowered[self.at + 1]
        behind = self.lowered[self.at + 2]
        if token in {"exclude", "except"} and following == "(":
            if behind in {"select", "with", "from", "("}:
                return False
            self.at += 1
            self._excluded(star)
        elif token == "exclude" and is_name(following):
            self.at += 1
            star.excluded.add(self._last_name())
        elif token in {"replace", "rename"}:
            self.at += 1
            self._changed(star, renamed=token == "rename")
        elif token in {"like", "ilike", "not", "similar"}:
            star.unknown = f"* {token.upper()}"
            self.expression()
        else:
            return False
        return True

    def _excluded(self, star: Star) -> None:
        self.expect("(")
        while not self.take(")"):
            star.excluded.add(self._last_name())
            if not self.take(",") and self.lowered[self.at] != ")":
                raise self.unexpected("a list of columns is not understood")

    def _last_name(self) -> str:
        name = self.name()
        while self.take("."):
            name = self.name()
        return name.lower()

    def _changed(self, star: Star, *, renamed: bool) -> None:
        """``replace (x + 1 as x)`` and ``rename (x as y)``; one of them may go without parentheses."""
        parentheses = self.take("(")
        while True:
            if renamed:
                old = self._last_name()
                self.expect("as")
                star.renamed[old] = self.name()
            else:
                expression = self.expression()
                self.expect("as")
                star.replaced[self.name().lower()] = expression
            if not parentheses or not self.take(","):
                break
        if parentheses:
            self.expect(")")

    # -- behind FROM -------------------------------------------------------------------------

    def _clauses(self, select: Select) -> None:
        while (token := self.lowered[self.at]) not in _QUERY_ENDS:
            if token in _FILTERS:
                self.at += 1
                select.roles.append((FILTER, self.expression()))
            elif self.take("group", "by"):
                self._group_by(select)
            elif self.take("order", "by") or self.take("cluster", "by") or self.take("sort", "by"):
                select.roles.extend((ORDER, item) for item in self._positions(select))
            elif token == "window":
                self.at += 1
                self._windows(select)
            elif token in _LIMITS or token == "for":
                self._limits()
            elif self.take("using", "sample"):
                self._sample()
            else:
                return

    def _sample(self) -> None:
        while self.lowered[self.at] not in CLOSING | SET_OPERATORS:
            if self.lowered[self.at] == "(":
                self.skip_parentheses()
            else:
                self.at += 1

    def _group_by(self, select: Select) -> None:
        if self.lowered[self.at] == "all" and self.lowered[self.at + 1] != "(":
            self.at += 1
            select.groups = True
            return
        select.roles.extend((GROUP, item) for item in self._positions(select))
        self.take("with", "rollup")

    def _positions(self, select: Select) -> list[Expression]:
        """Expressions, where a number stands for an entry of the SELECT list."""
        found: list[Expression] = []
        while True:
            start = self.at
            expression = self.expression()
            number = self.lowered[start]
            found.append(expression)
            if number.isdigit() and 0 < int(number) <= len(select.items):
                found.append(select.items[int(number) - 1].expression)
            if not self.take(","):
                return found

    def _windows(self, select: Select) -> None:
        while True:
            name = self.name().lower()
            self.expect("as")
            window = Expression()
            self.window(window)
            select.windows[name] = window
            if not self.take(","):
                return


def _under(query: Query) -> Query:
    """``query`` itself, unless a WITH of its own stands in its way: ``with a as (...) (with b ...)``."""
    if not query.ctes:
        return query
    outer, select, inner = Query(), Select(), Input()
    inner.query = query
    select.items.append(Item("*", Expression(), Star(())))
    select.inputs.append(inner)
    outer.select = select
    return outer
