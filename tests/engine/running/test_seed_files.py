from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tidemill.engine.running.seed_files import read_csv
from tidemill.errors import CompilationError

D = Decimal
DAY = dt.date(2020, 1, 5)
MORNING = dt.datetime.fromisoformat("2020-01-05 01:02:03")
UTC = dt.timezone.utc  # noqa: UP017 - reads better in a table


def read(tmp_path: Path, text: str, **options: Any) -> Any:
    path = tmp_path / "seed.csv"
    path.write_bytes(text.encode("utf-8"))
    return read_csv(path, shown_as="seeds/seed.csv", **options)


@pytest.mark.parametrize(
    ("texts", "python_type", "values"),
    [
        (["1", "-2", " 3"], int, [D(1), D(-2), D(3)]),
        (["1.0", "2.00"], int, [D(1), D(2)]),
        (["1.5", "null"], float, [D("1.5"), None]),
        (["1e3"], int, [D(1000)]),
        (["1e-3"], float, [D("0.001")]),
        (["$1;200.50".replace(";", ","), "-$3", "5%"], float, [D("1200.50"), D(-3), D(5)]),
        (["1_000", "--5"], int, [D(1000), D(5)]),
        (
            ["9999999999999999999999999999", "1.5"],
            int,
            [D("9999999999999999999999999999"), D("1.5")],
        ),
        (["00501", "1"], int, [D(501), D(1)]),
        (["", "NULL"], int, [None, None]),
        (["true", "FALSE", ""], bool, [True, False, None]),
        (["true", "1"], str, ["true", "1"]),
        (["2020-01-05", "2020-1-5"], dt.date, [DAY, DAY]),
        (["2020-01-05 01:02:03"], dt.datetime, [MORNING]),
        (["2020-01-05 1:2:3"], dt.datetime, [MORNING]),
        (["2020-01-05T01:02Z"], dt.datetime, [dt.datetime(2020, 1, 5, 1, 2, tzinfo=UTC)]),
        (["2020-01-05", "2020-01-05 00:00:00"], str, ["2020-01-05", "2020-01-05 00:00:00"]),
        (["x", " Null ", "T"], str, ["x", None, "T"]),
    ],
)
def test_a_column_gets_the_type_and_values_that_dbt_gives_it(
    tmp_path: Path, texts: list[str], python_type: type, values: list[Any]
) -> None:
    rows = "".join(f'"{text}",x\n' for text in texts)
    table = read(tmp_path, "a,b\n" + rows)
    assert table.column_types == (python_type, str)
    assert [row["a"] for row in table.rows] == values


def test_columns_with_a_configured_type_are_read_as_text(tmp_path: Path) -> None:
    table = read(tmp_path, "zip,n\n00501,1\n,2\n", text_columns=["zip"])
    assert table.column_types == (str, int)
    assert [tuple(row) for row in table.rows] == [("00501", D(1)), (None, D(2))]


@pytest.mark.parametrize(
    "text", ["a,b\n1,2\n\n3\n", "a,b\r\n1,2\r\n\r\n3\r\n", "\ufeffa,b\n1,2\n\n3"]
)
def test_short_and_blank_lines_become_nulls(tmp_path: Path, text: str) -> None:
    table = read(tmp_path, text)
    assert table.column_names == ("a", "b")
    assert [tuple(row) for row in table.rows] == [(D(1), D(2)), (None, None), (D(3), None)]


def test_names_of_columns_are_completed_and_made_unique(tmp_path: Path) -> None:
    assert read(tmp_path, "a,a,,a\n1,2,3,4\n").column_names == ("a", "a_2", "c", "a_3")


def test_other_delimiters_and_quoted_values(tmp_path: Path) -> None:
    table = read(tmp_path, 'a;b\n"x;1";"say ""hi""\nthere"\n', delimiter=";")
    assert [tuple(row) for row in table.rows] == [("x;1", 'say "hi"\nthere')]


def test_a_header_alone_makes_an_empty_table(tmp_path: Path) -> None:
    table = read(tmp_path, "a,b\n")
    assert (table.column_types, len(table.rows), list(table.rows)) == ((int, int), 0, [])


@pytest.mark.parametrize(
    ("content", "options", "code", "line"),
    [
        (b"", {}, "seed-empty", 1),
        (b'a,b\n1,2\n"x\ny",2\n1,2,3\n', {}, "seed-row", 5),
        (b"a\nx\n\xff\n", {}, "seed-encoding", 3),
        (b"a\n1\n", {"delimiter": "||"}, "seed-delimiter", None),
    ],
)
def test_what_is_wrong_is_said_with_its_line(
    tmp_path: Path, content: bytes, options: dict[str, Any], code: str, line: int | None
) -> None:
    path = tmp_path / "seed.csv"
    path.write_bytes(content)
    with pytest.raises(CompilationError) as caught:
        read_csv(path, shown_as="seeds/seed.csv", **options)
    fault = caught.value.fault
    assert (fault.code, fault.place and fault.place.file) == (code, "seeds/seed.csv")
    assert fault.place is not None
    assert fault.place.line == line


def test_a_missing_file_is_an_error_of_the_seed(tmp_path: Path) -> None:
    with pytest.raises(CompilationError, match="No such file"):
        read_csv(tmp_path / "gone.csv", shown_as="seeds/gone.csv")
