"""Reads FROM: tables, queries, functions, how they are joined and on what."""

from __future__ import annotations

from tidemill.engine.lineage.expressions import ExpressionReader
from tidemill.engine.lineage.tokens import is_name, unquoted
from tidemill.engine.lineage.tree import (
    EXPRESSION,
    Expression,
    Input,
    Join,
    Query,
    Select,
    Unreadable,
)
from tidemill.engine.lineage.words import JOIN_WORDS, NO_ALIAS, NO_TABLE, word_set

_BESIDE = word_set("pivot unpivot match_recognize tablesample sample at before changes for with")
_OPAQUE = frozenset({"pivot", "unpivot", "describe", "show", "summarize"})
_STAGE = frozenset({"@", "/", ".", "%", "~", "-"})
_STARTS = frozenset({"select", "with", "values", "from"})


class InputReader(ExpressionReader):
    """Reads what stands behind FROM."""

    def inputs(self, select: Select) -> None:
        """Read a whole FROM, or what stands in parentheses inside one."""
        first = len(select.inputs)
        self._input(select)
        while True:
            token = self.lowered[self.at]
            if token == ",":
                self.at += 1
                if not self._is_input():
                    return
                self._input(select)
            elif token in JOIN_WORDS and not self.is_value(token):
                self._join(select)
            elif token == "on":
                self.at += 1
                select.joins.append(self._condition(first, len(select.inputs)))
            elif token == "using" and self.lowered[self.at + 1] == "(":
                self.at += 1
                select.joins.append(self._using(first, len(select.inputs)))
            elif token == "lateral" and self.take("lateral", "view"):
                self.take("outer")
                self._lateral_view(select)
            else:
                return

    def _is_input(self) -> bool:
        """Whether a table follows a comma: DuckDB lets a comma stand in front of WHERE."""
        token = self.lowered[self.at]
        return (
            token in {"lateral", "("}
            or token[:1] == "'"
            or (is_name(token) and token not in NO_TABLE)
        )

    # -- joins -------------------------------------------------------------------------------

    def _join(self, select: Select) -> None:
        kinds: list[str] = []
        while self.lowered[self.at] in JOIN_WORDS - {"join"}:
            kinds.append(self.lowered[self.at])
            self.at += 1
        if kinds[-1:] in (["cross"], ["outer"]) and self.take("apply"):
            self._input(select)
            return
        self.expect("join")
        left = len(select.inputs)
        self._input(select)
        for entry in select.inputs[left:]:
            entry.kind = entry.kind or " ".join(kinds)
        right = len(select.inputs)
        if self.take("on"):
            select.joins.append(self._condition(left, right))
        elif self.lowered[self.at] == "using" and self.lowered[self.at + 1] == "(":
            self.at += 1
            select.joins.append(self._using(left, right))
        elif "natural" in kinds:
            join = Join(left, right)
            join.natural = True
            select.joins.append(join)

    def _condition(self, left: int, right: int) -> Join:
        join = Join(left, right)
        join.condition = self.expression()
        return join

    def _using(self, left: int, right: int) -> Join:
        join = Join(left, right)
        join.using = self.names()
        return join

    # -- one input ---------------------------------------------------------------------------

    def _input(self, select: Select) -> None:
        lateral = self.take("lateral")
        self.take("only")
        token, following = self.lowered[self.at], self.lowered[self.at + 1]
        if token == "(":
            if self._parentheses(select):
                return
        elif token == "values" and following == "(":
            entry = Input()
            entry.query = self.query()
            self._keep_input(select, entry)
        elif token[:1] == "'" or token == "@":
            entry = Input()
            entry.text = self._file()
            self._keep_input(select, entry)
        elif is_name(token) and (lateral or token not in NO_TABLE or following == "("):
            self._named(select)
        else:
            raise self.unexpected("a table was expected")

    def _parentheses(self, select: Select) -> bool:
        """A query or a join in parentheses; True when it is a join, whose tables were added."""
        start = self.at
        self.at += 1
        token = self.lowered[self.at]
        opaque = self.opaque()
        if opaque is not None:
            entry = Input()
            entry.query = opaque
            self.expect(")")
            self._keep_input(select, entry)
            return False
        if token in _STARTS or token == "(":
            try:
                entry = Input()
                entry.query = self.query()
                self.expect(")")
            except Unreadable:
                if token != "(":
                    raise
                self.at = start + 1
            else:
                self._keep_input(select, entry)
                return False
        first = len(select.inputs)
        self.inputs(select)
        self.expect(")")
        grouped = Input()
        self._input_alias(grouped)
        if grouped.alias:
            for entry in select.inputs[first:]:
                entry.unknown = "an alias of several joined tables"
        return True

    def _file(self) -> str:
        """A file's name as a text, or a stage of Snowflake: ``@stage/path (file_format => ...)``."""
        start = self.at
        self.at += 1
        if self.lowered[start] == "@":
            while self.lowered[self.at - 1] in _STAGE or self.lowered[self.at] in _STAGE:
                self.at += 1
        text = "".join(self.written[start : self.at])
        if self.lowered[self.at] == "(":
            self.skip_parentheses()
        return text

    def opaque(self) -> Query | None:
        """Something in parentheses that gives rows and cannot be read: step to its end."""
        word = self.lowered[self.at]
        if word not in _OPAQUE or self.lowered[self.at + 1] in {")", "."}:
            return None
        self.at -= 1
        self.skip_parentheses()
        self.at -= 1
        query = Query()
        query.unknown = word.upper()
        return query

    def _named(self, select: Select) -> None:
        """A table, or a function over what stands before it."""
        prefix = ""
        if self.lowered[self.at + 1] == ":" and self.dialect == "duckdb":
            prefix = self.name().lower()
            self.at += 1
        start = self.at
        chain = [unquoted(self.lowered[self.at])]
        self.at += 1
        while self.lowered[self.at] == ".":
            if self.lowered[self.at + 1] == ".":
                self.at += 1  # Snowflake's database..table
            if not is_name(self.lowered[self.at + 1]):
                raise self.unexpected("the name of a table was expected")
            chain.append(unquoted(self.lowered[self.at + 1]))
            self.at += 2
        entry = Input()
        if self.lowered[self.at] == "(":
            entry.function = self._function()
            entry.alias = chain[-1]
        else:
            entry.table = tuple(chain)
            entry.alias = chain[-1]
        entry.text = "".join(self.written[start : self.at])
        self._keep_input(select, entry)
        entry.alias = prefix or entry.alias

    def _function(self) -> Expression:
        """The arguments of a function, from its parenthesis on."""
        found = Expression()
        self._call("", found, EXPRESSION)
        return found

    def _keep_input(self, select: Select, entry: Input) -> None:
        """Read what may follow a table, and keep it."""
        self._around(entry)
        self._input_alias(entry)
        self._around(entry)
        select.inputs.append(entry)

    def _around(self, entry: Input) -> None:
        """Versions, samples, pivots and numbers beside a table."""
        while (token := self.lowered[self.at]) in _BESIDE:
            following = self.lowered[self.at + 1]
            if token in {"pivot", "unpivot", "match_recognize"} and following in {
                "(",
                "include",
                "exclude",
            }:
                entry.unknown = token.upper()
                while self.lowered[self.at] != "(":
                    self.at += 1
                self.skip_parentheses()
                self._input_alias(entry)
            elif token in {"tablesample", "sample"} and following:
                self.at += 1
                self.name() if is_name(self.lowered[self.at]) else None
                if self.lowered[self.at] == "(":
                    self.skip_parentheses()
                while self.take("repeatable") or self.take("seed"):
                    self.skip_parentheses()
            elif token in {"at", "before", "changes"} and following == "(":
                self.at += 1
                self.skip_parentheses()
            elif token == "for" and following in {"system_time", "version", "timestamp"}:
                self.at += 2
                self.take("as", "of")
                self.expression()
            elif self.take("with", "ordinality"):
                pass
            elif self.take("with", "offset"):
                if self.take("as") or (
                    is_name(self.lowered[self.at]) and self.lowered[self.at] not in NO_ALIAS
                ):
                    self.name()
            else:
                return

    def _input_alias(self, entry: Input) -> None:
        named = self.take("as")
        token = self.lowered[self.at]
        if named or (is_name(token) and token not in NO_ALIAS):
            if token == "(":  # Postgres: as (a int, b text)
                entry.columns = self.names()
                return
            entry.alias = self.name().lower()
            if self.lowered[self.at] == "(":
                entry.columns = self.names()

    def _lateral_view(self, select: Select) -> None:
        """Spark's ``lateral view explode(x) t as a, b``."""
        self._named_function(select)

    def _named_function(self, select: Select) -> None:
        entry = Input()
        name = self.name().lower()
        entry.function = self._function()
        entry.alias = name
        if is_name(self.lowered[self.at]) and self.lowered[self.at] not in NO_ALIAS:
            entry.alias = self.name().lower()
        if self.take("as"):
            columns = [self.name().lower()]
            while self.lowered[self.at] == "," and is_name(self.lowered[self.at + 1]):
                self.at += 1
                columns.append(self.name().lower())
            entry.columns = tuple(columns)
        select.inputs.append(entry)
