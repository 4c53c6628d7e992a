from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from tests.adapters.duckdb.workshop import Workshop

HEAD = ("id", "amount", "day", "at_time", "flag", "word", "empty")
ROWS = [
    ("1", "1.5", "2024-02-29", "2024-02-29 12:00:00", "true", "it's", ""),
    ("2", "2", "2024-03-01", "2024-03-01 00:00:00", "false", "a,b", ""),
]
VALUES = [
    (1, 1.5, date(2024, 2, 29), datetime(2024, 2, 29, 12), True, "it's", None),
    (2, 2.0, date(2024, 3, 1), datetime(2024, 3, 1), False, "a,b", None),
]
TYPES = ["INTEGER", "DOUBLE", "DATE", "TIMESTAMP", "BOOLEAN", "VARCHAR", "INTEGER"]


def test_seeds_are_read_by_duckdb_or_sent_as_values(tmp_path: Path) -> None:
    shop = Workshop(tmp_path, "seeds: {shop: {slow: {fast: false}}}\n")
    for name in ("quick", "slow"):
        shop.seed(name, HEAD, *ROWS)

    for full_refresh in (False, False, True):
        assert shop.build(command="seed", full_refresh=full_refresh).failures == {}
        for name in ("quick", "slow"):
            assert shop.rows(f"from {name}") == VALUES
            described = shop.rows(f"select column_type from (describe {name})")
            assert [kind for (kind,) in described] == TYPES


def test_types_and_delimiters_may_be_given(tmp_path: Path) -> None:
    config = "{typed: {+column_types: {id: bigint, word: varchar(9)}}, semi: {+delimiter: ';'}}"
    shop = Workshop(tmp_path, f"seeds: {{shop: {config}}}\n")
    shop.seed("typed", ("id", "word"), ("9999999999", "x"))
    shop.write({"seeds/semi.csv": 'a;b\n1;"x;y"\n'})

    assert shop.build(command="seed").failures == {}
    assert shop.rows("from typed") == [(9999999999, "x")]
    assert shop.rows('from "semi"') == [(1, "x;y")]


def test_paths_with_quotes_are_fine(tmp_path: Path) -> None:
    root = tmp_path / "it's a project"
    root.mkdir()
    shop = Workshop(root)
    shop.seed("s", ("id",), ("1",))

    assert shop.build(command="seed").failures == {}


def test_a_file_that_does_not_fit_fails_and_leaves_the_old_rows(tmp_path: Path) -> None:
    shop = Workshop(tmp_path, "seeds: {shop: {s: {+column_types: {id: integer}}}}\n")
    shop.seed("s", ("id",), ("1",))
    shop.build(command="seed")
    shop.seed("s", ("id",), ("many",))

    assert "many" in shop.build(command="seed").failures["s"]
    assert shop.rows("from s") == [(1,)]
