"""Cases of lineage as files: a query under the tables that it reads, and beside it what is made of what.

A line ``-- orders(id int, status text, ...)`` stands for a table; with ``...`` it has more columns than those.
The dialect is in front of a dot in the file's name: ``postgres.names.sql``.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from tidemill.engine.lineage.reading import read_query
from tidemill.engine.lineage.resolving import Table, resolve
from tidemill.engine.lineage.summary import Known, Summary
from tidemill.engine.lineage.tree import Unreadable, Use

CASES = Path(__file__).parent / "cases"
_TABLE = re.compile(r'^-- ((?:"[^"]+"|[\w.])+)\((.*)\)$', re.MULTILINE)
_COLUMN = re.compile(r'\s*("[^"]+"|\w+)\s+((?:[^,(]|\([^)]*\))+)')


class Case(NamedTuple):
    """One query with the tables it reads: the columns with their types, by the table's name."""

    name: str
    sql: str
    tables: dict[str, dict[str, str]]
    open_tables: frozenset[str]

    @property
    def dialect(self) -> str:
        return self.name.partition(".")[0] if "." in self.name else "duckdb"


def read_case(path: Path) -> Case:
    """The case in a file."""
    sql = path.read_text(encoding="utf-8")
    tables: dict[str, dict[str, str]] = {}
    open_tables = set()
    for name, columns in _TABLE.findall(sql):
        key = name.replace('"', "").lower()
        found = _COLUMN.findall(columns.replace("...", ""))
        tables[key] = {column.strip('"'): kind.strip() for column, kind in found}
        if "..." in columns:
            open_tables.add(key)
    return Case(path.stem, sql, tables, frozenset(open_tables))


def summary_of(case: Case) -> Summary:
    """What Tidemill reads out of it."""

    def find(chain: tuple[str, ...], text: str) -> Table:
        key = ".".join(chain) if chain else text
        known = case.tables.get(key)
        if known is None:
            return Table(key, Known())
        return Table(key, Known(tuple(known), complete=key not in case.open_tables))

    try:
        return resolve(read_query(case.sql, case.dialect), find, case.dialect)
    except Unreadable as reason:
        return Summary(unknown=str(reason))


def text_of(summary: Summary) -> str:
    """A line for each column: ``total: orders.amount expression``."""
    lines = [f"unknown: {summary.unknown}"] if summary.unknown else []
    for column in summary.columns:
        made = [*_sources(summary, column.sources), *(f"? {doubt}" for doubt in column.unsure)]
        lines.append(f"{column.name}: {'; '.join(made) or '-'}")
    for each in summary.passing:
        tables = " and ".join(summary.inputs[number] for number in each.inputs)
        without = f" without {', '.join(each.excluded)}" if each.excluded else ""
        lines.append(f"* of {tables}{without}")
    lines.extend(f"gap: {reason}" for reason in summary.gaps)
    if summary.rows:
        lines.append(f"rows: {'; '.join(_sources(summary, summary.rows))}")
    return "\n".join(lines) + "\n"


def _sources(summary: Summary, sources: tuple[tuple[int, str, int], ...]) -> list[str]:
    return [
        f"{summary.inputs[number]}.{column} {_uses(use)}" for number, column, use in sorted(sources)
    ]


def _uses(use: int) -> str:
    return "+".join(str(each.name).lower() for each in Use if use & each)
