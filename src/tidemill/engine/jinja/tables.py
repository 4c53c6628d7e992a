"""Query results as macros see them: the part of agate's interface that packages use.

dbt hands agate tables to macros. Importing agate costs more than most builds' parsing, so this is a small
table with the same words: ``rows``, ``columns``, ``column_names``, access by name and by position.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, time
from decimal import Decimal
from typing import Any

from tidemill.adapters.base import QueryResult


class AttributeDict(dict[str, Any]):
    """A dict whose keys read as attributes, as ``load_result`` returns it."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


class AdapterResponse:
    """What the warehouse answered: prints as its message, reads as a mapping."""

    def __init__(
        self,
        message: str = "OK",
        code: str | None = None,
        rows_affected: int | None = None,
        rows_written: int | None = None,
    ) -> None:
        """``rows_written`` is for our events alone: dbt's artifacts do not have it."""
        self._message = message
        self.code = code
        self.rows_affected = rows_affected
        self.rows_written = rows_written

    def __str__(self) -> str:
        return self._message

    def to_dict(self, omit_none: bool = True) -> dict[str, Any]:
        """dbt's ``adapter_response`` of run results."""
        fields = {"_message": self._message, "code": self.code, "rows_affected": self.rows_affected}
        return {key: value for key, value in fields.items() if value is not None or not omit_none}


class Row(Sequence[Any]):
    """One row: by position, by column name, and as a mapping on request."""

    __slots__ = ("_names", "_values")

    def __init__(self, values: Sequence[Any], names: Sequence[str]) -> None:
        self._values = tuple(values)
        self._names = names

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, str):
            return self._values[_position(self._names, key)]
        return self._values[key]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None

    def __len__(self) -> int:
        return len(self._values)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._values)

    def __eq__(self, other: object) -> bool:
        return tuple(self) == tuple(other) if isinstance(other, Iterable) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._values)

    def __repr__(self) -> str:
        return f"<Row: {self._values}>"

    def keys(self) -> tuple[str, ...]:
        """Column names in order."""
        return tuple(self._names)

    def values(self) -> tuple[Any, ...]:
        """Values in order."""
        return self._values

    def items(self) -> list[tuple[str, Any]]:
        """Pairs of column name and value."""
        return list(zip(self._names, self._values, strict=False))

    def get(self, key: str, default: Any = None) -> Any:
        """The value of that column, or ``default``."""
        try:
            return self[key]
        except KeyError:
            return default

    def dict(self) -> Mapping[str, Any]:
        """The row as a mapping."""
        return dict(self.items())


class TableColumn(Sequence[Any]):
    """One column: its values in row order."""

    def __init__(self, name: str, index: int, values: Sequence[Any], data_type: Any = None) -> None:
        self.name = name
        self.index = index  # type: ignore[assignment, method-assign] # agate's name, over list's
        self.data_type = data_type
        self._values = tuple(values)

    def __getitem__(self, key: Any) -> Any:
        return self._values[key]

    def __len__(self) -> int:
        return len(self._values)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._values)

    def values(self) -> tuple[Any, ...]:
        """All values in row order."""
        return self._values

    def values_distinct(self) -> tuple[Any, ...]:
        """Distinct values, in the order first met."""
        return tuple(dict.fromkeys(self._values))

    def values_without_nulls(self) -> tuple[Any, ...]:
        """Values that are not null."""
        return tuple(value for value in self._values if value is not None)


class NamedSequence(Sequence[Any]):
    """Things in order that can also be asked for by name: agate's MappedSequence."""

    def __init__(self, values: Sequence[Any], names: Sequence[str] | None = None) -> None:
        self._values = tuple(values)
        self._names = names

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, str):
            return self._values[_position(self._names or (), key)]
        return self._values[key]

    def __len__(self) -> int:
        return len(self._values)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._values)

    def keys(self) -> tuple[str, ...] | None:
        """Names, or None when the things have none."""
        return tuple(self._names) if self._names is not None else None

    def values(self) -> tuple[Any, ...]:
        """All values in order."""
        return self._values

    def items(self) -> list[tuple[str, Any]]:
        """Pairs of name and value."""
        return list(zip(self._names or (), self._values, strict=False))

    def get(self, key: str, default: Any = None) -> Any:
        """The value of that name, or ``default``."""
        try:
            return self[key]
        except KeyError:
            return default

    def dict(self) -> Mapping[str, Any]:
        """Name to value."""
        return dict(self.items())


def _position(names: Sequence[str], key: str) -> int:
    try:
        return tuple(names).index(key)
    except ValueError:
        raise KeyError(key) from None


class ResultTable:
    """Rows and named columns, immutable."""

    def __init__(
        self,
        rows: Iterable[Sequence[Any]],
        column_names: Sequence[str] = (),
        column_types: Sequence[Any] = (),
    ) -> None:
        self.column_names = tuple(column_names)
        self.column_types = tuple(column_types)
        self.rows = NamedSequence([Row(row, self.column_names) for row in rows])
        self._columns: NamedSequence | None = None

    @property
    def columns(self) -> NamedSequence:
        """Columns by position and name; made when first asked for."""
        if self._columns is None:
            cells = list(zip(*self.rows, strict=False)) if len(self.rows) else []
            self._columns = NamedSequence(
                [
                    TableColumn(name, i, cells[i] if cells else (), _at(self.column_types, i))
                    for i, name in enumerate(self.column_names)
                ],
                self.column_names,
            )
        return self._columns

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __getitem__(self, key: Any) -> Any:
        """A row by its position: ``load_result('x')['table'][0]``."""
        return self.rows[key]

    def select(self, names: Sequence[str]) -> ResultTable:
        """Only those columns, in that order."""
        positions = [_position(self.column_names, name) for name in names]
        return self._with_columns(positions, names)

    def exclude(self, names: Sequence[str]) -> ResultTable:
        """All columns but those."""
        kept = [name for name in self.column_names if name not in set(names)]
        return self.select(kept)

    def rename(self, column_names: Any = None, **_: Any) -> ResultTable:
        """Other names: a mapping of old to new, or a list for all columns."""
        if isinstance(column_names, Mapping):
            names: Sequence[str] = [column_names.get(n, n) for n in self.column_names]
        else:
            names = list(column_names or self.column_names)
        return ResultTable(list(self.rows), names, self.column_types)

    def where(self, test: Callable[[Row], bool]) -> ResultTable:
        """The rows for which ``test`` holds."""
        kept = [row for row in self.rows if test(row)]
        return ResultTable(kept, self.column_names, self.column_types)

    def limit(self, start_or_stop: int, stop: int | None = None) -> ResultTable:
        """A slice of the rows."""
        part = slice(start_or_stop) if stop is None else slice(start_or_stop, stop)
        return ResultTable(self.rows[part], self.column_names, self.column_types)

    def distinct(self, key: str) -> ResultTable:
        """The first row for each value of a column."""
        seen: dict[Any, Row] = {}
        for row in self.rows:
            seen.setdefault(row[key], row)
        return ResultTable(list(seen.values()), self.column_names, self.column_types)

    def print_table(self, **_: Any) -> None:
        """agate prints to the terminal; here that would break the event stream, so it does nothing."""

    def _with_columns(self, positions: Sequence[int], names: Sequence[str]) -> ResultTable:
        rows = [[row[i] for i in positions] for row in self.rows]
        return ResultTable(rows, names, [_at(self.column_types, i) for i in positions])

    def __repr__(self) -> str:
        return f"<ResultTable: {len(self.rows)} rows, columns {', '.join(self.column_names)}>"


class StatementResult(AttributeDict):
    """What ``load_result`` gives: ``response``, ``table`` and ``data``, the rows as lists.

    ``data`` is made when first read: a seed's table may be large, and hardly a macro looks there.
    """

    def __missing__(self, key: str) -> Any:
        if key != "data":
            raise KeyError(key)
        self["data"] = [list(row) for row in self["table"].rows]
        return self["data"]


def _at(values: Sequence[Any], index: int) -> Any:
    return values[index] if index < len(values) else None


def response_of(result: QueryResult) -> AdapterResponse:
    """What the warehouse answered to a statement, as macros see it."""
    return AdapterResponse(
        result.message, result.code or None, result.rows_affected, result.rows_written
    )


def table_of(result: QueryResult) -> ResultTable:
    """A query's rows as macros see them: floats are decimals, lists and mappings JSON text (dbt's rules)."""
    rows = result.rows
    if any(isinstance(value, _RESHAPED) for row in rows for value in row):
        rows = [tuple(_seen(value) for value in row) for row in rows]
    return ResultTable(rows, result.columns, result.types)


_RESHAPED = (float, dict, list, tuple)


def _seen(value: Any) -> Any:
    if isinstance(value, float):
        return Decimal(repr(value))
    return json.dumps(value, default=_plain) if isinstance(value, _RESHAPED) else value


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    return value.isoformat() if isinstance(value, date | time) else str(value)
