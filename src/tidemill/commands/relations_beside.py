"""Two DuckDB files beside one another: which relations differ, and by which rows.

Rows are compared inside DuckDB, so size does not matter much. Three things are no difference: the order of rows, moments
that come from the clock of the run, and the last digits of floating-point numbers, which depend on how work was shared out.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    import duckdb

_LARGE = 100_000
"""Of tables with more rows only the number of rows is told."""
_EXAMPLES = 3


class Content(msgspec.Struct, frozen=True):
    """What is compared of one relation."""

    kind: str
    columns: tuple[str, ...]
    comments: tuple[str, ...] = ()
    count: int = 0
    fingerprint: str = ""
    trouble: str = ""
    """Why it could not be read."""


class RelationsBeside:
    """The relations of two files. ``since`` is when the first of the runs began that made them."""

    def __init__(self, first: Path | None, second: Path | None, since: dt.datetime) -> None:
        self._files = (first, second)
        self._since = since
        self._contents = tuple(self._content_of(path) for path in self._files)

    def __len__(self) -> int:
        return len({*self._contents[0], *self._contents[1]})

    def differences(self) -> Iterator[str]:
        """A line for each relation that differs, and lines for examples of its rows."""
        first, second = self._contents
        for name in sorted({*first, *second}):
            if name not in second:
                yield f"{name}: only dbt has it, with {_rows(first[name].count)}"
            elif name not in first:
                yield f"{name}: only Tidemill has it, with {_rows(second[name].count)}"
            elif first[name] != second[name]:
                yield from self._unequal(name, first[name], second[name])

    def _unequal(self, name: str, first: Content, second: Content) -> Iterator[str]:
        for what in ("kind", "columns", "comments", "trouble"):
            here, there = getattr(first, what), getattr(second, what)
            if here != there:
                yield f"{name}: {what}: {_plain(here)} is here {_plain(there)}"
        if first.columns != second.columns or first.fingerprint == second.fingerprint:
            return
        if first.count != second.count:
            yield f"{name}: {_rows(first.count)}, here {_rows(second.count)}"
        if max(first.count, second.count) <= _LARGE:
            yield from self._examples(name)
        elif first.count == second.count:
            yield f"{name}: not all of its {_rows(first.count)} are equal"

    def _examples(self, name: str) -> Iterator[str]:
        counters = [self._all_rows(path, name) for path in self._files if path is not None]
        for told, found in (
            ("only dbt has", counters[0] - counters[1]),
            ("only Tidemill has", counters[1] - counters[0]),
        ):
            count = found.total()
            if count:
                shown = ", ".join(sorted(found)[:_EXAMPLES])
                yield f"{name}: {told} {_rows(count)}, {'such as ' if count > 1 else ''}{shown}"

    # -- reading -----------------------------------------------------------------------------

    def _content_of(self, path: Path | None) -> Mapping[str, Content]:
        if path is None:
            return {}
        with _open(path) as connection:
            found = connection.execute(
                "select table_schema, table_name, table_type from information_schema.tables"
                " where table_catalog = current_database() order by all"
            ).fetchall()
            return {
                f"{schema}.{name}": self._content(connection, schema, name, kind)
                for schema, name, kind in found
            }

    def _content(
        self, connection: duckdb.DuckDBPyConnection, schema: str, name: str, kind: str
    ) -> Content:
        import duckdb

        try:
            columns = _columns(connection, schema, name)
            row = self._row(columns)
            found = connection.execute(
                f"select count(*), sum(hash({row})::hugeint), bit_xor(hash({row}))"
                f" from {_quoted(schema, name)}"
            ).fetchone()
        except duckdb.Error as error:
            return Content(kind=kind, columns=(), trouble=str(error).splitlines()[0])
        assert found is not None
        return Content(
            kind=kind,
            columns=tuple(f"{column} {type_name}" for column, type_name in columns),
            comments=_comments(connection, schema, name),
            count=found[0],
            fingerprint=f"{found[1]}/{found[2]}",
        )

    def _all_rows(self, path: Path, name: str) -> Counter[str]:
        schema, _, table = name.partition(".")
        with _open(path) as connection:
            row = self._row(_columns(connection, schema, table))
            found = connection.execute(f"select {row}::varchar from {_quoted(schema, table)}")
            return Counter(text for (text,) in found.fetchall())

    def _row(self, columns: list[tuple[str, str]]) -> str:
        """SQL for a row as one value, without what is no difference."""
        names = {name for name, _ in columns}
        fields = [
            f"{_identifier(name)} := {self._field(name, type_name, names)}"
            for name, type_name in columns
        ]
        return f"struct_pack({', '.join(fields)})"

    def _field(self, name: str, type_name: str, names: set[str]) -> str:
        column = _identifier(name)
        if type_name in {"FLOAT", "DOUBLE"}:
            return f"printf('%.{6 if type_name == 'FLOAT' else 9}g', {column})"
        if type_name.startswith("TIMESTAMP"):
            return f"case when {column} >= {self._moment(type_name)} then null else {column} end"
        if name == "dbt_scd_id" and "dbt_updated_at" in names:
            # A snapshot makes its key of a moment, where it has nothing else.
            since = self._moment("TIMESTAMP")
            return f"case when dbt_updated_at::timestamp >= {since} then null else {column} end"
        return column

    def _moment(self, type_name: str) -> str:
        if "TIME ZONE" in type_name:
            return f"timestamptz '{self._since.isoformat()}'"
        # Without a zone it may be local time or UTC: the earlier of both is the limit.
        utc = self._since.astimezone(dt.UTC).replace(tzinfo=None)
        local = self._since.astimezone().replace(tzinfo=None)
        return f"timestamp '{min(utc, local).isoformat(sep=' ')}'"


def _open(path: Path) -> duckdb.DuckDBPyConnection:
    import duckdb

    return duckdb.connect(str(path), read_only=True)


def _columns(
    connection: duckdb.DuckDBPyConnection, schema: str, name: str
) -> list[tuple[str, str]]:
    described = connection.execute(f"describe select * from {_quoted(schema, name)}").fetchall()
    return [(str(row[0]), str(row[1])) for row in described]


def _comments(connection: duckdb.DuckDBPyConnection, schema: str, name: str) -> tuple[str, ...]:
    found = connection.execute(
        "select column_name, comment from duckdb_columns()"
        " where schema_name = ? and table_name = ? and comment is not null order by column_index",
        [schema, name],
    ).fetchall()
    return tuple(f"{column}: {comment}" for column, comment in found)


def _quoted(schema: str, name: str) -> str:
    return f"{_identifier(schema)}.{_identifier(name)}"


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"


def _plain(value: object) -> str:
    return ", ".join(value) if isinstance(value, tuple) else str(value)
