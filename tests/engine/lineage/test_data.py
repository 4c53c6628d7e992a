"""DuckDB as the judge: run a query, change one column of one input, see which columns of the result change.

What changes must be in the lineage, as a source of the column or of the rows. (The converse is no rule: a column may
be part of a value without changing it.)
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import duckdb
import pytest

from tests.engine.lineage.reading_cases import CASES, Case, read_case, summary_of
from tidemill.engine.lineage.summary import Summary

_ROWS = 24
_CHANGES = 3
_TEXTS = ("open", "paid", "x", "y", "12", "abc", "")


def _is_judged(case: Case) -> bool:
    is_whole = (
        bool(case.tables)
        and not case.open_tables
        and case.name not in {"broken", "pivot", "inner_pivot"}
    )
    return case.dialect == "duckdb" and is_whole


_JUDGED = [c for path in sorted(CASES.glob("*.sql")) if _is_judged(c := read_case(path))]


@pytest.mark.parametrize("case", _JUDGED, ids=lambda case: case.name)
def test_what_changes_is_in_the_lineage(case: Case) -> None:
    assert changes_outside(case, summary_of(case)) == []


def changes_outside(case: Case, summary: Summary) -> list[str]:
    """Columns of inputs that change a column of the result and are not in its lineage."""
    found = []
    with duckdb.connect() as database:
        database.execute("set lambda_syntax = 'ENABLE_SINGLE_ARROW'; set threads = 1")
        tables = {name: _rows(name, columns, 0) for name, columns in case.tables.items()}
        for name, columns in case.tables.items():
            _create(database, name, columns, tables[name])
        before = _result(database, case.sql)
        assert [column.name.lower() for column in summary.columns] == list(before) or summary.gaps
        for name, columns in case.tables.items():
            for position, column in enumerate(columns):
                for change in range(1, _CHANGES):
                    other = _rows(name, columns, change)
                    mixed = [
                        (*row[:position], new[position], *row[position + 1 :])
                        for row, new in zip(tables[name], other, strict=True)
                    ]
                    _create(database, name, columns, mixed)
                    after = _result(database, case.sql)
                    found += _missing(summary, name, column.lower(), before, after)
                _create(database, name, columns, tables[name])
    return sorted(set(found))


def _missing(
    summary: Summary, table: str, column: str, before: dict[str, Any], after: dict[str, Any]
) -> list[str]:
    if any(key == column and summary.inputs[n] == table for n, key, _ in summary.rows):
        return []
    return [
        f"{table}.{column} changes {name}"
        for name, values in after.items()
        if values != before[name] and not _has(summary, name, table, column)
    ]


def _has(summary: Summary, name: str, table: str, column: str) -> bool:
    for each in summary.columns:
        if each.name.lower() == name:
            made = {(summary.inputs[number], key) for number, key, _ in each.sources}
            return (table, column) in made or bool(each.unsure)
    return bool(summary.gaps)


def _result(database: duckdb.DuckDBPyConnection, sql: str) -> dict[str, list[str]]:
    """The values of each column, sorted: rows have no order of their own."""
    found = database.execute(sql)
    names = [str(entry[0]).lower() for entry in found.description or ()]
    rows = found.fetchall()
    return {name: sorted(repr(row[n]) for row in rows) for n, name in enumerate(names)}


def _create(
    database: duckdb.DuckDBPyConnection,
    name: str,
    columns: dict[str, str],
    rows: Sequence[Sequence[Any]],
) -> None:
    schema, _, table = name.rpartition(".")
    target = f'"{schema}"."{table}"' if schema else f'"{table}"'
    if schema:
        database.execute(f'create schema if not exists "{schema}"')
    listed = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
    database.execute(f"create or replace table {target} ({listed})")
    marks = ", ".join(f"({', '.join('?' for _ in columns)})" for _ in rows)
    database.execute(
        f"insert into {target} values {marks}", [value for row in rows for value in row]
    )


def _rows(table: str, columns: dict[str, str], change: int) -> list[tuple[Any, ...]]:
    chosen = random.Random(f"{table}/{change}")
    return [
        tuple(_value(kind, chosen, row, change) for kind in columns.values())
        for row in range(_ROWS)
    ]


def _value(kind: str, chosen: random.Random, row: int, change: int) -> Any:
    if kind.startswith("struct"):
        return {"city": chosen.choice(_TEXTS), "street": chosen.choice(_TEXTS)}
    if kind.endswith("[]"):
        return [_value(kind[:-2], chosen, row, change) for _ in range(chosen.randint(1, 3))]
    if kind == "date":
        return f"20{chosen.randint(10, 30)}-{chosen.randint(1, 12):02}-{chosen.randint(1, 28):02}"
    if kind == "boolean":
        return chosen.random() < 0.5
    if kind == "bigint":
        return chosen.randint(1, 1_000_000_000)  # no two alike
    if kind == "int":
        return chosen.randint(1, 12)
    return chosen.choice(_TEXTS)
