from __future__ import annotations

import pytest

from tidemill.adapters.column import Column
from tidemill.errors import CompilationError


@pytest.mark.parametrize(
    ("column", "data_type"),
    [
        (Column("a", "integer"), "integer"),
        (Column("a", "text"), "character varying(256)"),
        (Column("a", "text", 20), "character varying(256)"),
        (Column("a", "varchar", 20), "character varying(20)"),
        (Column("a", "numeric"), "numeric"),
        (Column("a", "numeric", None, 10, 2), "numeric(10,2)"),
        (Column.create("a", "string"), "character varying(256)"),
        (Column.from_description("a", "numeric(10, 2)"), "numeric(10,2)"),
        (Column.from_description("a", "varchar(7)"), "character varying(7)"),
        (Column.from_description("a", "timestamp"), "timestamp"),
    ],
)
def test_types(column: Column, data_type: str) -> None:
    assert column.data_type == column.expanded_data_type == data_type


def test_kinds() -> None:
    kinds = {
        name: (c.is_string(), c.is_integer(), c.is_float(), c.is_numeric(), c.is_number())
        for name, c in ((n, Column("a", n)) for n in ("TEXT", "BIGINT", "REAL", "DECIMAL", "date"))
    }

    assert kinds == {
        "TEXT": (True, False, False, False, False),
        "BIGINT": (False, True, False, False, True),
        "REAL": (False, False, True, False, True),
        "DECIMAL": (False, False, False, True, True),
        "date": (False, False, False, False, False),
    }


def test_names_and_literals() -> None:
    column = Column('a"b', "integer")

    assert (column.name, column.column, column.quoted) == ('a"b', 'a"b', '"a""b"')
    assert column.literal("1") == "1::integer"


def test_text_can_grow() -> None:
    short, long = Column("a", "varchar", 5), Column("a", "varchar", 50)

    assert short.can_expand_to(long)
    assert not long.can_expand_to(short)
    assert not short.can_expand_to(Column("a", "integer"))
    assert short.string_size() == 5


def test_faults() -> None:
    with pytest.raises(CompilationError, match="which is integer"):
        Column("a", "integer").string_size()
    with pytest.raises(CompilationError, match="'x' is not made of whole numbers"):
        Column.from_description("a", "varchar(x)")
    with pytest.raises(CompilationError, match="it has no name"):
        Column.from_description("a", "")
