"""What the texts of one CSV column mean: dbt's rules for numbers, dates, timestamps, booleans and text.

The rules are those of dbt's seed loader (agate with dbt's list of types), which decide the column's type in the
warehouse. Each kind reads one text; a column has the first kind that reads all of its texts.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec

_NULLS = frozenset({"", "null"})
_CURRENCY_SYMBOLS = "؋$ƒ៛¥₡₱£€¢﷼₪₩₭₮₦฿₤₫"
_PRECISION = 28
"""Digits that agate's numbers have; what exceeds them does not count as decimal places."""
_MINUS_ONE, _ONE = Decimal(-1), Decimal(1)
_PLAIN_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_PLAIN_DATETIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", re.ASCII)


class Kind(msgspec.Struct, frozen=True):
    """One kind of column: the Python type of its values, and how to read a text (ValueError if it is none)."""

    python_type: type
    read: Callable[[str], Any]


class Column(msgspec.Struct, frozen=True):
    """The verdict on one column: its Python type, and the value of each text that occurs in it."""

    python_type: type
    values: dict[str, Any]


def is_null(text: str) -> bool:
    """True for texts that dbt loads as null."""
    return text.strip().lower() in _NULLS


def _read_number(text: str) -> Decimal:
    try:
        return Decimal(text) * _ONE
    except InvalidOperation:
        return _read_dressed_number(text)


def _read_dressed_number(text: str) -> Decimal:
    """A number with a sign, percent, currency symbols or thousands separators: ``-$1,200.50``."""
    bare, sign = text.strip().strip("%"), _ONE
    if bare.startswith("-"):
        bare, sign = bare[1:], _MINUS_ONE
    for symbol in _CURRENCY_SYMBOLS:
        bare = bare.strip(symbol)
    try:
        return Decimal(bare.replace(",", "")) * sign
    except InvalidOperation:
        raise ValueError(text) from None


def _read_date(text: str) -> dt.date:
    bare = text.strip()
    if _PLAIN_DATE.fullmatch(bare):
        return dt.date.fromisoformat(bare)
    return dt.datetime.strptime(bare, "%Y-%m-%d").date()  # noqa: DTZ007 - seeds hold local times


def _read_datetime(text: str) -> dt.datetime:
    bare = text.strip()
    if _PLAIN_DATETIME.fullmatch(bare):
        return dt.datetime.fromisoformat(bare)
    return dt.datetime.strptime(bare, "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007 - seeds hold local times


def _read_iso_datetime(text: str) -> dt.datetime:
    bare = text.strip()
    if bare.count("T") != 1:
        raise ValueError(text)
    return dt.datetime.fromisoformat(bare)


def _read_boolean(text: str) -> bool:
    bare = text.replace(",", "").strip().lower()
    if bare not in {"true", "false"}:
        raise ValueError(text)
    return bare == "true"


_NUMBER = Kind(Decimal, _read_number)
_KINDS = (
    _NUMBER,
    Kind(dt.date, _read_date),
    Kind(dt.datetime, _read_datetime),
    Kind(dt.datetime, _read_iso_datetime),
    Kind(bool, _read_boolean),
)
"""In dbt's order of preference. Text, which reads everything, comes last."""


def judge_column(texts: Iterable[str], *, force_text: bool = False) -> Column:
    """The type and values of a column with these texts.

    Numbers without decimal places are ``int``, others ``float`` (the values are ``Decimal``, as in agate). A
    column without any text is ``int``, a column of nulls too: dbt creates those as integer.
    """
    distinct = set(texts)
    if not distinct and not force_text:
        return Column(int, {})
    for kind in () if force_text else _KINDS:
        values = _read_all(kind, distinct)
        if values is not None:
            narrow = _number_type(values) if kind is _NUMBER else kind.python_type
            return Column(narrow, values)
    return Column(str, {text: None if is_null(text) else text for text in distinct})


def _read_all(kind: Kind, texts: Iterable[str]) -> dict[str, Any] | None:
    values: dict[str, Any] = {}
    for text in texts:
        try:
            values[text] = None if is_null(text) else kind.read(text)
        except ValueError:
            return None
    return values


def _number_type(values: dict[str, Any]) -> type:
    with_places = any("." in text or "e" in text.lower() for text in values)
    return float if with_places and _decimal_places(values.values()) else int


def _decimal_places(values: Iterable[Any]) -> int:
    """agate's ``MaxPrecision``: digits behind the point, within what the number of whole digits leaves."""
    whole, places = 1, 0
    for value in values:
        if value is None or not value.is_finite():
            continue
        _, digits, exponent = value.normalize().as_tuple()
        whole = max(whole, len(digits) + exponent)
        places = max(places, -exponent)
    return min(places, _PRECISION - whole) if whole + places > _PRECISION else places
