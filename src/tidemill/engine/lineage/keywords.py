"""Words that are more than names, and what to do with them inside an expression.

Each is a function of the reader, of what is read into, of the role of the names read, and of whether an operand has just
ended. It answers the same for the place behind the word, or None when the word is a name after all.
"""

# Every handler takes the same four arguments, whichever it needs.
# ruff: noqa: ARG001

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tidemill.engine.lineage.tokens import is_name
from tidemill.engine.lineage.tree import WINDOW, Expression
from tidemill.engine.lineage.words import (
    CASTS,
    DATE_PARTS,
    FRAME_WORDS,
    QUERY_STARTS,
    SET_OPERATORS,
    word_set,
)

if TYPE_CHECKING:
    from tidemill.engine.lineage.expressions import ExpressionReader


def _word(reader: ExpressionReader, into: Expression, role: int, complete: bool) -> bool | None:
    """An operator that is a word: an operand follows."""
    reader.at += 1
    return False


def _constant(reader: ExpressionReader, into: Expression, role: int, complete: bool) -> bool | None:
    """``null``, ``end``: nothing is open behind it."""
    if complete and reader.lowered[reader.at] != "end":
        return None
    reader.at += 1
    return True


def _suffix(reader: ExpressionReader, into: Expression, role: int, complete: bool) -> bool | None:
    """What stands behind an operand and changes none of its names."""
    if not complete:
        return None
    token, following = reader.lowered[reader.at], reader.lowered[reader.at + 1]
    pairs = _SUFFIXES[token]
    if pairs and following not in pairs:
        return None
    reader.at += 2 if pairs else 1
    return True


def _is(reader: ExpressionReader, into: Expression, role: int, complete: bool) -> bool | None:
    """``is not null``, ``is distinct from x``."""
    if not complete:
        return None
    reader.at += 1
    reader.take("not")
    if reader.take("distinct", "from"):
        return False
    if reader.take("json"):
        while reader.lowered[reader.at] in _KINDS_OF_JSON:
            reader.at += 1
        return True
    reader.at += 1
    return True


def _at(reader: ExpressionReader, into: Expression, role: int, complete: bool) -> bool | None:
    return False if complete and reader.take("at", "time", "zone") else None


def _collate(reader: ExpressionReader, into: Expression, role: int, complete: bool) -> bool | None:
    if not complete:
        return None
    reader.at += 2
    while reader.take("."):
        reader.at += 1
    return True


def _over(reader: ExpressionReader, into: Expression, role: int, complete: bool) -> bool | None:
    """The window of a function, written out or by its name."""
    if not complete or reader.lowered[reader.at + 1][:1] in {"", ",", ")"}:
        return None
    reader.at += 1
    if reader.lowered[reader.at] == "(":
        reader.window(into)
    else:
        into.windows.append(reader.name().lower())
    return True


def _filter(reader: ExpressionReader, into: Expression, role: int, complete: bool) -> bool | None:
    """``filter (where x)`` and ``within group (order by x)`` of an aggregate."""
    if not complete or not (reader.take("filter", "(") or reader.take("within", "group", "(")):
        return None
    reader.take("where")
    reader.read(into, role, nested=True)
    reader.expect(")")
    return True


def _frame(reader: ExpressionReader, into: Expression, role: int, complete: bool) -> bool | None:
    """``rows between unbounded preceding and current row``, in a window only."""
    following = reader.lowered[reader.at + 1]
    if role != WINDOW or not (
        following in FRAME_WORDS or following == "interval" or following[:1].isdigit()
    ):
        return None
    reader.at += 1
    while reader.lowered[reader.at] in FRAME_WORDS:
        reader.at += 1
    return False


def _frame_end(
    reader: ExpressionReader, into: Expression, role: int, complete: bool
) -> bool | None:
    """``preceding``, ``current row`` and the like, in a window only."""
    before, following = reader.lowered[reader.at - 1], reader.lowered[reader.at + 1]
    alone = reader.lowered[reader.at] in {"current", "unbounded", "exclude"}
    if role != WINDOW or (alone and following not in FRAME_WORDS) or before == ",":
        return None
    reader.at += 1
    while reader.lowered[reader.at] in {"row", "ties", "no", "others", "group"}:
        reader.at += 1
    return True


def _by(reader: ExpressionReader, into: Expression, role: int, complete: bool) -> bool | None:
    """``order by`` and ``partition by`` inside parentheses."""
    if reader.lowered[reader.at + 1] != "by":
        return None
    reader.at += 2
    return False


def _interval(reader: ExpressionReader, into: Expression, role: int, complete: bool) -> bool | None:
    """``interval '1' day``, ``interval 3 days``, ``interval (n) month``."""
    lowered = reader.lowered
    following = lowered[reader.at + 1]
    first = following[:1]
    literal = first == "'" or first.isdigit()
    if not (literal or first in {"(", "-"} or lowered[reader.at + 2] in DATE_PARTS):
        return None
    if complete:
        return None
    reader.at += 1
    reader.take("-")
    if lowered[reader.at] == "(":
        reader.bracket(into, role)
    elif is_name(lowered[reader.at]):
        reader.operand(into, role, "")
    else:
        reader.at += 1
    while lowered[reader.at] in DATE_PARTS or _interval_goes_on(reader):
        reader.at += 1
    return True


def _interval_goes_on(reader: ExpressionReader) -> bool:
    """``year to month``, ``5 hours 30 minutes``."""
    token, following = reader.lowered[reader.at], reader.lowered[reader.at + 1]
    return following in DATE_PARTS and (token == "to" or token[:1] == "'" or token[:1].isdigit())


def _as(reader: ExpressionReader, into: Expression, role: int, complete: bool) -> bool | None:
    """``cast(x as type)`` and ``struct(x as name)``; elsewhere it ends the expression."""
    depth = 0
    call = _call_around(reader)
    reader.at += 1
    if call not in CASTS:
        reader.at += 1
        return True
    while reader.lowered[reader.at]:
        token = reader.lowered[reader.at]
        depth += (token in {"(", "["}) - (token in {")", "]"})
        if depth < 0:
            break
        reader.at += 1
    return True


def _call_around(reader: ExpressionReader) -> str:
    """The function in whose parentheses this place is."""
    depth, at = 0, reader.at - 1
    while at > 0:
        token = reader.lowered[at]
        depth += (token == ")") - (token == "(")
        if depth < 0:
            return reader.lowered[at - 1]
        at -= 1
    return ""


def _from(reader: ExpressionReader, into: Expression, role: int, complete: bool) -> bool | None:
    """``extract(day from x)``, ``trim(both from x)``, ``substring(x from 2 for 3)``."""
    reader.at += 1
    return False


def _part(reader: ExpressionReader, into: Expression, role: int, complete: bool) -> bool | None:
    """A word in front of FROM in ``extract`` and ``trim``."""
    behind = reader.lowered[reader.at + 1]
    if reader.lowered[reader.at - 1] == "(" and (behind == "from" or behind[:1] == "'"):
        reader.at += 1
        return True
    return None


def _both(reader: ExpressionReader, into: Expression, role: int, complete: bool) -> bool | None:
    """``trim(both 'x' from y)``."""
    if reader.lowered[reader.at - 1] != "(" or reader.lowered[reader.at - 2] != "trim":
        return None
    reader.at += 1
    return False


def _select(reader: ExpressionReader, into: Expression, role: int, complete: bool) -> bool | None:
    """A query behind a set operator inside parentheses."""
    into.queries.append(reader.query())
    return True


def _set_operator(
    reader: ExpressionReader, into: Expression, role: int, complete: bool
) -> bool | None:
    """``((select 1) union (select 2))`` as a value."""
    if not into.queries:
        return None
    reader.at += 1
    while reader.lowered[reader.at] in {"all", "distinct", "by", "name"}:
        reader.at += 1
    return False


def _lambda(reader: ExpressionReader, into: Expression, role: int, complete: bool) -> bool | None:
    """``lambda x, y: x + y``."""
    if complete or not is_name(reader.lowered[reader.at + 1]):
        return None
    reader.at += 1
    while is_name(reader.lowered[reader.at]):
        reader.parameters.append(reader.lowered[reader.at])
        reader.at += 1
        reader.take(",")
    reader.take(":")
    return False


def _distinct(reader: ExpressionReader, into: Expression, role: int, complete: bool) -> bool | None:
    """``count(distinct x)``, ``array_agg(all x)``, ``any (...)`` aside."""
    if complete or reader.lowered[reader.at + 1] in {",", ")", "("}:
        return None
    reader.at += 1
    return False


def _prefix(reader: ExpressionReader, into: Expression, role: int, complete: bool) -> bool | None:
    """``not x``: an operand follows, whatever stood before."""
    reader.at += 1
    return False


def _exists(reader: ExpressionReader, into: Expression, role: int, complete: bool) -> bool | None:
    """``exists (select ...)``: what the query selects does not matter."""
    if reader.lowered[reader.at + 1] != "(":
        return None
    reader.at += 2
    if reader.lowered[reader.at] in QUERY_STARTS:
        into.existing.append(reader.query())
    reader.read(into, role, nested=True)
    reader.expect(")")
    return True


def _grouping(reader: ExpressionReader, into: Expression, role: int, complete: bool) -> bool | None:
    """``grouping sets (...)``."""
    return False if not complete and reader.take("grouping", "sets") else None


def _typed(reader: ExpressionReader, into: Expression, role: int, complete: bool) -> bool | None:
    """``timestamp with time zone '2024-01-01'``."""
    if complete or reader.lowered[reader.at + 1] not in {"with", "without"}:
        return None
    reader.skip_type()
    return False


Handler = Callable[["ExpressionReader", Expression, int, bool], bool | None]

_KINDS_OF_JSON = word_set("value scalar object array with without unique keys")
_SUFFIXES: dict[str, frozenset[str]] = {
    "asc": frozenset(),
    "desc": frozenset(),
    "isnull": frozenset(),
    "notnull": frozenset(),
    "nulls": frozenset({"first", "last"}),
    "ignore": frozenset({"nulls"}),
    "respect": frozenset({"nulls"}),
}

HANDLERS: dict[str, Handler] = {
    **dict.fromkeys(
        word_set(
            "and or in between like ilike rlike regexp similar glob when then else div xor escape "
            "separator overlaps uescape variadic"
        ),
        _word,
    ),
    **dict.fromkeys(("not", "case"), _prefix),
    "exists": _exists,
    **dict.fromkeys(("null", "true", "false", "end"), _constant),
    **dict.fromkeys(_SUFFIXES, _suffix),
    **dict.fromkeys(("rows", "range", "groups"), _frame),
    **dict.fromkeys(("preceding", "following", "current", "unbounded", "exclude"), _frame_end),
    **dict.fromkeys(("order", "partition"), _by),
    **dict.fromkeys(SET_OPERATORS, _set_operator),
    **dict.fromkeys(DATE_PARTS, _part),
    **dict.fromkeys(("both", "leading", "trailing"), _both),
    **dict.fromkeys(("distinct", "all"), _distinct),
    **dict.fromkeys(("filter", "within"), _filter),
    **dict.fromkeys(("from", "for", "using", "placing"), _from),
    "is": _is,
    "at": _at,
    "collate": _collate,
    "over": _over,
    "interval": _interval,
    "as": _as,
    "select": _select,
    "grouping": _grouping,
    "lambda": _lambda,
    "timestamp": _typed,
}
"""Words that are more than names, by what to do with them; None from a handler: a name after all."""
