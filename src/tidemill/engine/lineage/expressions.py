"""Reads an expression: which names and which queries stand in it. What operators mean is not asked.

One pass over the tokens, without a tree: an operand followed by a word that is no operator is at its end (an alias),
and what is neither keyword, function nor part of a date is the name of a column.
"""

from __future__ import annotations

from tidemill.engine.lineage.cursor import Cursor
from tidemill.engine.lineage.keywords import HANDLERS
from tidemill.engine.lineage.tokens import Tokens, is_name, unquoted
from tidemill.engine.lineage.tree import EXPRESSION, WINDOW, Expression, Query, Star
from tidemill.engine.lineage.words import (
    DATE_FUNCTIONS,
    DATE_PARTS,
    ENDS,
    JOIN_WORDS,
    NESTED_ENDS,
    QUERY_STARTS,
    SOFT_JOIN_WORDS,
)

_PATHS = frozenset({"snowflake", "databricks"})
"""Dialects in which ``column:path`` looks into a document."""
_COLLECTIONS = frozenset({"array", "map", "list", "struct"})
_WINDOW_WORDS = frozenset({"partition", "order", "rows", "range", "groups"})


class ExpressionReader(Cursor):
    """How expressions are read."""

    def __init__(self, tokens: Tokens, dialect: str) -> None:
        super().__init__(tokens, dialect)
        self.parameters: list[str] = []
        """Names of lambda parameters, which hide columns."""
        self._has_for = "for" in tokens.lowered

    def query(self) -> Query:
        """Read a query. Raises Unreadable."""
        raise NotImplementedError

    # -- expressions -------------------------------------------------------------------------

    def expression(self, role: int = EXPRESSION) -> Expression:
        """Read to the end of the expression that begins here."""
        found = Expression()
        start = self.at
        self.read(found, role)
        found.alone = self._is_alone(found, start)
        return found

    def _is_alone(self, found: Expression, start: int) -> bool:
        """Whether nothing but one name was read, parentheses aside."""
        if len(found.names) != 1 or found.queries or found.stars or found.windows:
            return False
        end = self.at
        while self.lowered[start] == "(" and self.lowered[end - 1] == ")":
            start, end = start + 1, end - 1
        return end - start == len(found.names[0][0]) * 2 - 1

    def read(self, into: Expression, role: int, *, nested: bool = False, call: str = "") -> None:
        lowered = self.lowered
        ends = NESTED_ENDS if nested else ENDS
        hidden = len(self.parameters)
        complete = False
        while True:
            token = lowered[self.at]
            if token in ends and not self.is_value(token):
                break
            handler = HANDLERS.get(token)
            if handler is not None:
                answer = handler(self, into, role, complete)
                if answer is not None:
                    complete = answer
                    continue
            first = token[0]
            if first.isalpha() or first in '_"`':
                if complete and not nested:
                    break
                complete = self.operand(into, role, call)
            elif first in "([{":
                self.bracket(into, role)
                complete = True
            elif first == "'" or first.isdigit() or (first == "." and len(token) > 1):
                self.at += 1
                complete = True
            else:
                if token == ",":
                    del self.parameters[hidden:]
                complete = self._operator(token, complete)
        del self.parameters[hidden:]

    def is_value(self, token: str) -> bool:
        """Whether a word of joins is something else here: the function ``left``, a column ``semi``."""
        following = self.lowered[self.at + 1]
        if token in {"left", "right"}:
            return following == "("
        return token in SOFT_JOIN_WORDS and following not in JOIN_WORDS

    def _operator(self, token: str, complete: bool) -> bool:
        """Step over an operator; True where no operand follows."""
        self.at += 1
        is_field = token == "." or (token == ":" and self.dialect in _PATHS)
        is_plain = is_name(self.lowered[self.at]) and self.lowered[self.at + 1] != "("
        if complete and is_field and is_plain:
            self.at += 1  # of a value: (address).city, lines[1].price, document[0]:price
            return True
        if token == "::":
            self.skip_type()
            return True
        if token == "$" and is_name(self.lowered[self.at]):
            self.at += 1  # a parameter
            return True
        return False

    def bracket(self, into: Expression, role: int, call: str = "") -> None:
        """Read ``( ... )``, ``[ ... ]`` or ``{ ... }``, which may hold a query."""
        opening = self.lowered[self.at]
        if opening == "(" and self._is_parameters():
            return
        self.at += 1
        token = self.lowered[self.at]
        hidden = len(self.parameters)
        if opening == "[" and self._has_for:
            self._hide_comprehension()
        if opening == "(" and token in QUERY_STARTS and not call:
            if token != "table" or is_name(self.written[self.at + 1]):
                into.queries.append(self.query())
        elif token in {"select", "with"}:
            into.queries.append(self.query())
        self.read(into, role, nested=True, call=call)
        del self.parameters[hidden:]
        self.expect({"(": ")", "[": "]", "{": "}"}[opening])

    def _hide_comprehension(self) -> None:
        """``[x + 1 for x, i in numbers]``: hide what stands behind FOR from here on."""
        at, depth = self.at, 0
        while depth >= 0 and self.lowered[at]:
            token = self.lowered[at]
            depth += (token in {"(", "[", "{"}) - (token in {")", "]", "}"})
            if token == "for" and not depth:
                at += 1
                while is_name(self.lowered[at]) and self.lowered[at] != "in":
                    self.parameters.append(self.lowered[at])
                    at += 2 if self.lowered[at + 1] == "," else 1
                return
            at += 1

    def _is_parameters(self) -> bool:
        """``(x, y) ->``: step over it, and hide the names from now on."""
        at = self.at + 1
        found: list[str] = []
        while is_name(self.lowered[at]):
            found.append(self.lowered[at])
            at += 1
            if self.lowered[at] != ",":
                break
            at += 1
        if not found or self.lowered[at] != ")" or self.lowered[at + 1] != "->":
            return False
        self.parameters.extend(found)
        self.at = at + 2
        return True

    # -- names and functions -----------------------------------------------------------------

    def operand(self, into: Expression, role: int, call: str) -> bool:
        """Read what begins with a word: a name, a function, a typed text. False when its value is still to come."""
        lowered, at = self.lowered, self.at
        token, following = lowered[at], lowered[at + 1]
        if following == "(":
            self.at = at + 1
            self._call(token, into, role)
        elif following == ".":
            self._chain(into, role)
        elif self._is_introduced(token, following, call):
            return False
        elif following[:1] == "'" and token[0] not in '"`':
            self.at = at + 2
        elif token == "u" and following == "&" and lowered[at + 2][:1] == "'":
            self.at = at + 3
        else:
            if not self._is_date_part(token, call):
                self._add((unquoted(token),), into, role)
            self.at = at + 1
            self._path()
        return True

    def _is_introduced(self, token: str, following: str, call: str) -> bool:
        """Step over what only introduces a value: ``name :=``, ``x ->``, ``{key:``, ``array [``."""
        if following in {":=", "=>"}:
            self.at += 2
        elif following == "->" and self._is_lambda(call):
            self._parameters_of(token)
        elif following == ":" and self._is_key():
            self.at += 2
        elif following in {"[", "{"} and token in _COLLECTIONS:
            self.at += 1
        else:
            return False
        return True

    def _parameters_of(self, token: str) -> None:
        self.parameters.append(unquoted(token))
        self.at += 2

    def _is_lambda(self, call: str) -> bool:
        """``x -> x + 1``, and not ``document -> 'key'``."""
        behind = self.lowered[self.at + 2][:1]
        return bool(call) and behind not in {"'", "$"} and not behind.isdigit()

    def _is_key(self) -> bool:
        """The key in ``{key: value}``."""
        return self.lowered[self.at - 1] in {"{", ","} and self.dialect not in _PATHS

    def _is_date_part(self, token: str, call: str) -> bool:
        if call not in DATE_FUNCTIONS or token not in DATE_PARTS:
            return False
        before, behind = self.lowered[self.at - 1], self.lowered[self.at + 1]
        return before in {"(", ","} and behind in {",", ")", "from"}

    def _chain(self, into: Expression, role: int) -> None:
        parts: list[str] = []
        while True:
            parts.append(unquoted(self.lowered[self.at]))
            self.at += 1
            if self.lowered[self.at] != ".":
                break
            behind = self.lowered[self.at + 1]
            if behind == "*":
                self.at += 2
                parts.append("*")
                break
            if not is_name(behind):
                break
            self.at += 1
        if self.lowered[self.at] == "(":
            self._call(parts[-1], into, role)
            return
        self._add(tuple(parts), into, role)
        self._path()

    def _add(self, chain: tuple[str, ...], into: Expression, role: int) -> None:
        if chain[0] not in self.parameters:
            into.names.append((chain, role))

    def _path(self) -> None:
        """Step over ``:path.to[0].field`` behind a column, where the dialect has it."""
        if self.lowered[self.at] != ":" or self.dialect not in _PATHS:
            return
        self.at += 1
        while is_name(self.lowered[self.at]) or self.lowered[self.at] in {".", ":"}:
            before = self.lowered[self.at]
            self.at += 1
            if before not in {".", ":"} and self.lowered[self.at] not in {".", ":"}:
                return

    def _call(self, name: str, into: Expression, role: int) -> None:
        """Read the arguments of a function."""
        into.calls.append(name)
        if name == "columns":
            self._columns(into)
            return
        self.bracket(into, role, call=name)

    def _columns(self, into: Expression) -> None:
        """``COLUMNS(*)``: what it is part of stands for many columns."""
        star = Star(())
        if self.lowered[self.at + 1] != "*" or self.lowered[self.at + 2] != ")":
            star.unknown = "COLUMNS(...)"
        into.stars.append(star)
        self.skip_parentheses()

    def window(self, into: Expression) -> None:
        """``(partition by a order by b rows between ...)``."""
        self.expect("(")
        first, second = self.lowered[self.at], self.lowered[self.at + 1]
        is_base = is_name(first) and first not in _WINDOW_WORDS
        if is_base and (second in _WINDOW_WORDS or second == ")"):
            into.windows.append(self.name().lower())
        self.read(into, WINDOW, nested=True)
        self.expect(")")
