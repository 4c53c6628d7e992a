from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.adapters.duckdb.workshop import Workshop
from tidemill.errors import CompilationError


@pytest.fixture
def shop(tmp_path: Path) -> Workshop:
    return Workshop(tmp_path)


def test_tables_and_views_are_built_and_rebuilt(shop: Workshop) -> None:
    shop.models(
        numbers="materialized='table'\nselect {{ var('n', 1) }} as i",
        seen="materialized='view'\nselect i + 1 as j from {{ ref('numbers') }}",
    )

    first = shop.build()
    second = shop.build(variables={"n": 5})

    assert first.statuses == second.statuses == {"numbers": "success", "seen": "success"}
    assert shop.relations() == {"numbers": "table", "seen": "view"}
    assert shop.rows("select i, j from numbers, seen") == [(5, 6)]


def test_a_model_may_change_its_materialisation(shop: Workshop) -> None:
    config = "{{ config(materialized=var('m')) }}"
    shop.models(a=f"{config} select 1 as i", b=f"{config} select i from {{{{ ref('a') }}}}")

    for kind, relation in [
        ("table", "table"),
        ("view", "view"),
        ("incremental", "table"),
        ("view", "view"),
        ("table", "table"),
    ]:
        assert shop.build(variables={"m": kind}).failures == {}
        assert shop.relations() == {"a": relation, "b": relation}


def test_a_failing_rebuild_leaves_the_old_table(shop: Workshop) -> None:
    shop.models(t="materialized='table'\nselect {{ var('what', '1') }} as i")
    shop.build()

    failed = shop.build(variables={"what": "error('no')"})

    assert failed.statuses == {"t": "error"}
    assert shop.relations() == {"t": "table"}
    assert shop.rows("from t") == [(1,)]


def test_a_failing_post_hook_undoes_the_build(shop: Workshop) -> None:
    shop.models(t="materialized='table', post_hook=var('hook', [])\nselect {{ var('n', 1) }} as i")
    shop.build()

    failed = shop.build(variables={"n": 2, "hook": ["select * from nowhere"]})

    assert failed.statuses == {"t": "error"}
    assert shop.relations() == {"t": "table"}
    assert shop.rows("from t") == [(1,)]


def test_what_a_killed_run_left_is_cleared_away(shop: Workshop) -> None:
    shop.models(t="materialized='table'\nselect 1 as i")
    shop.rows("create table t__dbt_tmp as select 7 as i")

    assert shop.build().failures == {}
    assert shop.relations() == {"t": "table"}


def test_indexes_are_made_at_every_build(shop: Workshop) -> None:
    indexes = "indexes=[{'columns': ['i'], 'unique': true}, {'columns': ['i', 'j']}]"
    shop.models(t=f"materialized='table', {indexes}\nselect 1 as i, 2 as j")
    query = "select is_unique, expressions from duckdb_indexes() order by is_unique"

    for _ in range(3):
        assert shop.build().failures == {}
        assert shop.rows(query) == [(False, "[i, j]"), (True, "[i]")]


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("{'column': ['i']}", "'columns' must be a list of names"),
        ("'i'", "must be a mapping"),
        ("{'columns': ['i'], 'type': 'hash'}", "have no 'type'"),
    ],
)
def test_an_index_of_another_shape_is_refused(shop: Workshop, entry: str, words: str) -> None:
    shop.models(t=f"materialized='table', indexes=[{entry}]\nselect 1 as i")

    assert words in shop.build().failures["t"]


def test_hooks_run_inside_and_outside_the_transaction(shop: Workshop) -> None:
    shop.rows("create table log (step varchar, tables bigint)")
    count = "(select count(*) from duckdb_tables() where table_name = 't')"
    insert = f"insert into log select '%s', {count}"
    hooks = (
        f'pre_hook=[{{"sql": "{insert % "first"}", "transaction": false}}, "{insert % "second"}"], '
        f'post_hook=["{insert % "third"}", {{"sql": "{insert % "fourth"}", "transaction": false}}]'
    )
    shop.models(t=f"materialized='table', {hooks}\nselect 1 as i")

    assert shop.build().failures == {}
    assert shop.rows("from log") == [("first", 0), ("second", 0), ("third", 1), ("fourth", 1)]


def test_hooks_may_handle_transactions_themselves(shop: Workshop) -> None:
    hooks = "pre_hook=['commit', 'begin'], post_hook=['commit;', 'begin transaction;']"
    shop.models(t=f"materialized='table', {hooks}\nselect 1 as i")

    assert shop.build().failures == {}
    assert shop.rows("from t") == [(1,)]


def test_transactions_can_be_disabled(tmp_path: Path) -> None:
    shop = Workshop(tmp_path, disable_transactions=True)
    shop.models(
        t="materialized='table'\nselect 1 as i",
        v="materialized='view'\nselect 1 as i",
        n="materialized='incremental', unique_key='i'\nselect 1 as i",
    )

    assert shop.build().failures == {}
    assert shop.build(full_refresh=True).failures == {}
    assert shop.relations() == {"t": "table", "v": "view", "n": "table"}


def test_a_header_stands_before_the_statement(shop: Workshop) -> None:
    shop.models(
        t="{% call set_sql_header(config) %}create or replace temp macro twice(x) as 2 * x;{% endcall %}\n"
        "{{ config(materialized='table') }} select twice(21) as answer"
    )

    assert shop.build().failures == {}
    assert shop.rows("from t") == [(42,)]


def test_other_schemas_are_made(shop: Workshop) -> None:
    shop.models(t="materialized='table', schema='Extra'\nselect 1 as i")

    assert shop.build().failures == {}
    assert shop.relations("main_Extra") == {"t": "table"}


def test_models_may_live_in_an_attached_database(tmp_path: Path) -> None:
    shop = Workshop(tmp_path, attach=[{"path": "side.duckdb", "alias": "side"}])
    shop.models(
        here="materialized='table'\nselect 1 as i",
        there="materialized='table', database='side', schema='x'\nselect i + 1 as i from {{ ref('here') }}",
        back="materialized='view'\nselect i from {{ ref('there') }}",
    )

    assert shop.build().failures == {}
    assert shop.build().failures == {}
    with shop.session() as session:
        rows = session.connection.execute("from side.main_x.there", fetch=True).rows
    assert list(rows) == [(2,)]


def test_comments_are_persisted_when_asked(tmp_path: Path) -> None:
    shop = Workshop(tmp_path, "models: {+persist_docs: {relation: true, columns: true}}\n")
    shop.models(
        t="materialized='table'\nselect 1 as id, 2 as \"Order\"",
        v="materialized='view'\nselect 1 as id",
        n="materialized='incremental'\nselect 1 as id",
    )
    text = 'It\'s "quoted"\n$$dollars$$ and {braces}'
    column = {"name": "id", "description": "the key's\ncolumn"}
    order = {"name": "Order", "description": "a word"}
    entries = [{"name": name, "description": text, "columns": [column, order]} for name in "tvn"]
    shop.write({"models/schema.yml": json.dumps({"models": entries})})

    assert shop.build().failures == {}
    query = "select comment from duckdb_{}() where comment is not null"
    assert shop.rows(query.format("tables")) == [(text,), (text,)]
    assert shop.rows(query.format("views")) == [(text,)]
    assert shop.rows(
        "select table_name, column_name, comment from duckdb_columns() "
        "where comment is not null order by all"
    ) == [
        ("n", "id", "the key's\ncolumn"),
        ("t", "Order", "a word"),
        ("t", "id", "the key's\ncolumn"),
        ("v", "id", "the key's\ncolumn"),
    ]


def test_grants_are_named_once_and_have_no_effect(shop: Workshop) -> None:
    shop.models(
        a="materialized='table', grants={'select': ['bob']}\nselect 1 as i",
        b="materialized='view', grants={'select': ['bob']}\nselect 1 as i",
    )

    built = shop.build()

    assert built.failures == {}
    assert len([text for text in built.texts if "DuckDB has no users" in text]) == 1


def test_python_models_see_their_own_variables(shop: Workshop) -> None:
    code = """
def model(dbt, session):
    numbers = session.sql("select unnest([1, 2]) as i").to_arrow_table()
    return session.sql("select sum(i) as total from numbers")
"""
    shop.write({"models/p.py": code})
    shop.models(after="materialized='table'\nselect * from numbers", p2="select 1 as i")

    built = shop.build()

    assert (built.statuses["p"], built.statuses["after"]) == ("success", "error"), built.failures
    assert shop.rows("from p") == [(3,)]


def test_a_table_function_takes_parameters(shop: Workshop) -> None:
    shop.models(
        numbers="materialized='table_function', parameters=['lo', 'hi']\n"
        "select range as i from range(lo, hi)",
        used="materialized='table'\nselect sum(i) as total from {{ ref('numbers') }}(2, 5)",
    )

    assert shop.build().failures == {}
    assert shop.build().failures == {}
    assert shop.rows("from used") == [(9,)]


def test_ducklake_tables_are_laid_out_before_rows_come_in(tmp_path: Path) -> None:
    shop = Workshop(tmp_path, is_ducklake=True)
    with shop.session() as session:
        relation = session.host.adapter.relation_class.create("shop", "main", "t", type="table")
        session.context["config"] = {"partitioned_by": "day", "sort_by": ["a b", "c"]}
        layout = session.call("duckdb__table_layout", relation)
        session.context["config"] = {"partition_by": 7}
        with pytest.raises(CompilationError, match="'partition_by' must be a text or a list"):
            session.call("duckdb__table_layout", relation)

    assert layout == [
        'alter table "shop"."main"."t" set partitioned by (day);',
        'alter table "shop"."main"."t" set sorted by ("a b", "c");',
    ]


def test_layouts_of_other_tables_are_named_and_left_out(shop: Workshop) -> None:
    shop.models(t="materialized='table', partitioned_by='i'\nselect 1 as i")

    built = shop.build()

    assert built.failures == {}
    assert [text for text in built.texts if "are for DuckLake tables" in text]
