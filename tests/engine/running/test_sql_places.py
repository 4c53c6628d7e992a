from __future__ import annotations

import pytest

from tests.engine.running.building import model
from tidemill.adapters.base import SQL_PLACE
from tidemill.engine.compiling.compiler import Compiled
from tidemill.engine.running.sql_places import place_in_project
from tidemill.errors import Place

NODE = model("a", raw_code="{{ config(x=1) }}\nselect\n  {{ col }},\n  other", line=3)
CODE = "\nselect\n  name,\n  other"
COMPILED = Compiled(
    unique_id=NODE.unique_id, code=CODE, own_code=CODE, path="target/compiled/shop/models/a.sql"
)
SQL = f"\n\ncreate table a as (\n    {CODE}\n);"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (7, Place(file="models/a.sql", line=6, column=3)),
        (6, Place(file="target/compiled/shop/models/a.sql", line=3, column=3)),
        (3, Place(file="models/a.sql")),
        (8, Place(file="models/a.sql")),
    ],
)
def test_a_line_of_executed_sql_is_found_in_the_project(line: int, expected: Place) -> None:
    place = Place(file=SQL_PLACE, line=line, column=3)
    assert place_in_project(place, SQL, NODE, COMPILED) == expected


def test_a_place_in_a_file_stays() -> None:
    place = Place(file="macros/m.sql", line=2)
    assert place_in_project(place, SQL, NODE, COMPILED) == place


def test_without_a_compiled_text_only_the_file_is_known() -> None:
    place = Place(file=SQL_PLACE, line=7)
    assert place_in_project(place, SQL, NODE, None) == Place(file="models/a.sql")
    assert place_in_project(None, None, NODE, None) == Place(file="models/a.sql")
