from __future__ import annotations

from pathlib import Path

import pytest

from tidemill.adapters.duckdb.adapter import DuckDBAdapter
from tidemill.errors import DatabaseError

LONG = "select " + ", ".join(f"{i} as column_number_{i}" for i in range(60))


@pytest.mark.parametrize("head", ["", "\n  \n    ", "-- a note\n\n  ", "/* a\n note */\n"])
@pytest.mark.parametrize(
    ("body", "line", "words"),
    [
        ("create table t as (\n  select\n  nonsense\n  from (select 1)\n)", 3, "nonsense"),
        ("select\n 1,,\n 2", 2, ",\n"),
        ("select 1\nfrom missing_table where 1 = 1 and 2 = 2", 2, "missing_table"),
        (f"\n{LONG}, nonsense from (select 1)", 2, "nonsense"),
    ],
)
def test_the_place_of_an_error_counts_in_the_whole_statement(
    tmp_path: Path, head: str, body: str, line: int, words: str
) -> None:
    credentials = DuckDBAdapter.normalise({"type": "duckdb", "path": ":memory:"}, tmp_path, "shop")
    adapter = DuckDBAdapter(credentials, tmp_path)
    adapter.open()
    sql = head + body
    try:
        with pytest.raises(DatabaseError) as caught:
            adapter.connection("test").execute(sql)
    finally:
        adapter.close()
    place = caught.value.fault.place
    assert place is not None
    assert place.line == line + head.count("\n")
    assert place.column is not None
    rest = "\n".join(sql.split("\n")[place.line - 1 :])[place.column - 1 :]
    assert rest.startswith(words)
