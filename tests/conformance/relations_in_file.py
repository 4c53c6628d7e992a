"""Everything that is in a DuckDB file, as one value: kind, columns and rows of every relation."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb


def relations_in_file(path: Path) -> dict[str, dict[str, Any]]:
    """Relations by ``schema.name``; rows are sorted, since tables have no order of their own."""
    import duckdb

    with duckdb.connect(str(path), read_only=True) as connection:
        found = connection.execute(
            "select table_schema, table_name, table_type from information_schema.tables"
            " where table_catalog = current_database() order by all"
        ).fetchall()
        return {
            f"{schema}.{name}": {"type": kind, **_content(connection, schema, name)}
            for schema, name, kind in found
        }


def _content(connection: duckdb.DuckDBPyConnection, schema: str, name: str) -> dict[str, Any]:
    result = connection.execute(f'select * from "{schema}"."{name}"')
    columns = [(column[0], str(column[1])) for column in result.description or ()]
    rows = sorted(map(repr, result.fetchall()))
    comments = connection.execute(
        "select column_name, comment from duckdb_columns()"
        " where schema_name = ? and table_name = ? and comment is not null order by column_index",
        [schema, name],
    ).fetchall()
    return {"columns": columns, "rows": rows, "comments": comments}
