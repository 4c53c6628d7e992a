from __future__ import annotations

import pytest

from tidemill.engine.compiling.ctes import Cte, inject_ctes, merge_ctes, statement_start

A = Cte("model.shop.a", "__dbt__cte__a", "select 1")
B = Cte("model.shop.b", "__dbt__cte__b", "select 2")
A_TEXT = " __dbt__cte__a as (\nselect 1\n)"
BOTH = " __dbt__cte__a as (\nselect 1\n),  __dbt__cte__b as (\nselect 2\n)"


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select 1", f"with{BOTH} select 1"),
        ("\n\n  select 1\n", f"\n\n  with{BOTH} select 1\n"),
        ("-- note\nselect 1", f"with{BOTH} -- note\nselect 1"),
        ("/* x */ with a as (select 1) select 2", f"/* x */ with {BOTH}, a as (select 1) select 2"),
        (
            "with recursive t as (select 1) select 1",
            f"with recursive {BOTH}, t as (select 1) select 1",
        ),
        (
            "with  RECURSIVE\n t as (select 1) select 2",
            f"with  RECURSIVE\n {BOTH}, t as (select 1) select 2",
        ),
        (
            "WITH/*c*/ t as (select 1) select 2",
            f"WITH{BOTH}, /*c*/ t as (select 1) select 2",
        ),
        (
            "with\n\n-- q\nt as (select 1) select 2",
            f"with\n\n{BOTH}, -- q\nt as (select 1) select 2",
        ),
        (
            "(select 1) union (with a as (select 1) select 2)",
            f"with{BOTH} (select 1) union (with a as (select 1) select 2)",
        ),
        (
            "/* with a */ -- with\n\nWith x as (select 1) select 1",
            f"/* with a */ -- with\n\nWith {BOTH}, x as (select 1) select 1",
        ),
        (
            "/* a /* b */ c */ with x as (select 1) select 1",
            f"/* a /* b */ c */ with {BOTH}, x as (select 1) select 1",
        ),
        ("withdrawals", f"with{BOTH} withdrawals"),
    ],
)
def test_ctes_stand_in_front_as_dbt_writes_them(sql: str, expected: str) -> None:
    assert inject_ctes(sql, [A, B]) == expected


def test_a_word_with_inside_the_statement_is_left_alone() -> None:
    sql = "select x::timestamp with time zone from t with ordinality"
    assert inject_ctes(sql, [A]) == f"with{A_TEXT} {sql}"


def test_without_ctes_the_text_is_the_same() -> None:
    assert inject_ctes("  select 1", []) == "  select 1"


def test_merging_keeps_each_model_once_where_first_needed() -> None:
    c = Cte("model.shop.c", "__dbt__cte__c", "select * from __dbt__cte__a")
    assert merge_ctes([[A], [A, B], [c, A]]) == (A, B, c)


@pytest.mark.parametrize(
    ("sql", "start"), [("", 0), ("  ", 2), ("/* open", 7), ("--x", 3), ("# y\nselect", 4)]
)
def test_statement_start(sql: str, start: int) -> None:
    assert statement_start(sql) == start
