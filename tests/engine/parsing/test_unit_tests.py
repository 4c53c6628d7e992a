"""Rows of unit tests in dbt's form, and those that fit no format."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.engine.parsing import harbour
from tidemill.engine.nodes import UnitTest
from tidemill.engine.parsing.property_entries import Entry
from tidemill.engine.parsing.unit_tests import make_unit_test
from tidemill.engine.project.files import ProjectFile
from tidemill.errors import ParsingError, Place

FILE = ProjectFile(package="harbour", path="models/a/u.yml", relative_path="a/u.yml", root=Path())


def _make(expect: dict[str, Any], *, model: str = "orders", root: Path | None = None) -> UnitTest:
    def place_of(path: tuple[str | int, ...]) -> Place:
        return Place(file=FILE.path, line=len(path) + 1)

    def fixture(name: str) -> ProjectFile | None:
        path = f"{name}.csv"
        found = root is not None and (root / path).is_file()
        return (
            ProjectFile(package="harbour", path=path, relative_path=path, root=root or Path())
            if found
            else None
        )

    values = {"name": "u", "model": model, "given": [{"input": "ref('s')"}], "expect": expect}
    entry = Entry(
        section="unit_tests", name="u", values=values, written=values, file=FILE, place_of=place_of
    )
    return make_unit_test(entry, harbour.config(), fixture)


@pytest.mark.parametrize(
    ("expect", "rows"),
    [
        ({"rows": [{"a": 1}]}, [{"a": 1}]),
        ({"rows": []}, []),
        ({"rows": [{"a": None}, {"a": 2}, {"a": 3}]}, [{"a": 2}, {"a": None}, {"a": 3}]),
        ({"format": "csv", "rows": "a,b\n1,\n"}, [{"a": "1", "b": None}]),
        ({"format": "sql", "rows": "select 1 as a"}, "select 1 as a"),
    ],
)
def test_rows(expect: dict[str, Any], rows: Any) -> None:
    assert _make(expect).expect["rows"] == rows


def test_rows_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "few.csv").write_text("a\n1\n", encoding="utf-8")
    made = _make({"format": "csv", "fixture": "few"}, root=tmp_path)
    assert made.expect == {"rows": [{"a": "1"}], "format": "csv", "fixture": "few"}


def test_rows_of_a_seed_are_left_to_others() -> None:
    assert _make({"rows": []}).given == (
        {"input": "ref('s')", "rows": None, "format": "dict", "fixture": None},
    )


def test_a_version_of_the_model() -> None:
    made = _make({"rows": []}, model="orders v2")
    assert (made.model, made.version) == ("orders", "2")


@pytest.mark.parametrize(
    ("expect", "message", "line"),
    [
        ({"rows": "a\n1\n"}, "rows in the format 'dict' must be a list of mappings", 3),
        ({"format": "csv", "rows": [{"a": 1}]}, "rows in the format 'csv' must be a text", 3),
        ({"format": "sql"}, "rows in the format 'sql' must be a text", 3),
        ({"format": "csv", "fixture": "no"}, "there is no fixture file 'no'", 3),
    ],
)
def test_faults(expect: dict[str, Any], message: str, line: int) -> None:
    with pytest.raises(ParsingError) as caught:
        _make(expect)
    assert caught.value.fault.message == message
    assert caught.value.fault.place == Place(file="models/a/u.yml", line=line)
