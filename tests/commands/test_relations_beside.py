"""Two DuckDB files beside one another: what is a difference and what is none."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import duckdb
import pytest

from tidemill.commands.relations_beside import RelationsBeside

_SINCE = dt.datetime(2024, 6, 1, tzinfo=dt.UTC)


def _beside(folder: Path, first: str, second: str) -> tuple[int, list[str]]:
    paths = []
    for tool, sql in (("dbt", first), ("tidemill", second)):
        (folder / tool).mkdir()
        paths.append(folder / tool / "shop.duckdb")
        with duckdb.connect(str(paths[-1])) as connection:
            connection.execute(sql)
    beside = RelationsBeside(paths[0], paths[1], _SINCE)
    return len(beside), list(beside.differences())


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("create table t as from range(5)", "create table t as from range(5) order by 1 desc"),
        ("create table t as select 0.1::double + 0.2 as n", "create table t as select 0.3::double as n"),
        (
            "create table t as select timestamptz '2024-06-02 10:00:00+00' as at, timestamp '2020-01-01' as then",
            "create table t as select timestamptz '2024-06-03 11:00:00+00' as at, timestamp '2020-01-01' as then",
        ),
        (
            "create table t as select 'a' as dbt_scd_id, timestamp '2024-06-04' as dbt_updated_at",
            "create table t as select 'b' as dbt_scd_id, timestamp '2024-06-05' as dbt_updated_at",
        ),
        ("create table t as select [1] as l, {'a': 1} as s", "create table t as select [1] as l, {'a': 1} as s"),
        ("create schema x; create view x.v as from range(3)", "create schema x; create view x.v as from range(3)"),
    ],
)  # fmt: skip
def test_what_is_no_difference(tmp_path: Path, first: str, second: str) -> None:
    assert _beside(tmp_path, first, second) == (1, [])


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (
            "create table t as select 1 as n",
            "create view u as select 1 as n union all select 2",
            [
                "main.t: only dbt has it, with 1 row",
                "main.u: only Tidemill has it, with 2 rows",
            ],
        ),
        (
            "create table t as select 1 as n",
            "create view t as select '1' as n",
            [
                "main.t: kind: BASE TABLE is here VIEW",
                "main.t: columns: n INTEGER is here n VARCHAR",
            ],
        ),
        (
            "create table t as select range as n from range(5)",
            "create table t as select range as n from range(4) union all select 9 union all select 3",
            [
                "main.t: 5 rows, here 6 rows",
                "main.t: only dbt has 1 row, {'n': 4}",
                "main.t: only Tidemill has 2 rows, such as {'n': 3}, {'n': 9}",
            ],
        ),
        (
            "create table t as select 1 as n; comment on column t.n is 'one'",
            "create table t as select 1 as n",
            ["main.t: comments: n: one is here "],
        ),
        (
            "create table t as select timestamp '2020-01-01' as at",
            "create table t as select timestamp '2020-01-02' as at",
            [
                "main.t: only dbt has 1 row, {'at': '2020-01-01 00:00:00'}",
                "main.t: only Tidemill has 1 row, {'at': '2020-01-02 00:00:00'}",
            ],
        ),
        (
            "create table t as select range as n from range(200000)",
            "create table t as select range + 1 as n from range(200000)",
            ["main.t: not all of its 200,000 rows are equal"],
        ),
    ],
)
def test_what_differs(tmp_path: Path, first: str, second: str, expected: list[str]) -> None:
    assert _beside(tmp_path, first, second)[1] == expected


def test_a_view_on_what_is_gone_says_so(tmp_path: Path) -> None:
    broken = "create table t as select 1 as n; create view v as from t; drop table t"
    _, lines = _beside(tmp_path, broken, "create view v as select 1 as n")
    assert any(line.startswith("main.v: trouble: Catalog Error") for line in lines)
