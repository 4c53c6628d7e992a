from __future__ import annotations

from pathlib import Path

import pytest

from tests.adapters.duckdb.workshop import Workshop

ROWS = """
select * from (values (1, 'one', 1), (2, 'two', 1), (2, 'TWO', 2), (3, 'three', 2)) t(id, word, batch)
where batch = {{ var('batch', 1) }}
"""


@pytest.fixture
def shop(tmp_path: Path) -> Workshop:
    return Workshop(tmp_path)


def after_two_batches(shop: Workshop, config: str, sql: str = ROWS) -> list[tuple[object, ...]]:
    shop.models(t=f"materialized='incremental'{', ' if config else ''}{config}\n{sql}")
    assert shop.build().failures == {}
    assert shop.build(variables={"batch": 2}).failures == {}
    return shop.rows("from t order by all")


BOTH_TWOS = [(1, "one", 1), (2, "TWO", 2), (2, "two", 1), (3, "three", 2)]
NEW_TWO = [(1, "one", 1), (2, "TWO", 2), (3, "three", 2)]
OLD_TWO = [(1, "one", 1), (2, "two", 1), (3, "three", 2)]
HALF_TWO = [(1, "one", 1), (2, "two", 2), (3, "three", 2)]
MERGE = "unique_key='id', incremental_strategy='merge'"

STRATEGIES = {
    # Without a key every strategy adds.
    "plain": ("", BOTH_TWOS),
    "append": ("incremental_strategy='append'", BOTH_TWOS),
    "merge_all": ("incremental_strategy='merge'", BOTH_TWOS),
    "empty_key": ("unique_key=''", BOTH_TWOS),
    "merge_empty_key": ("unique_key='', incremental_strategy='merge'", BOTH_TWOS),
    # With one, rows of the same key are replaced, by default too.
    "by_default": ("unique_key='id'", NEW_TWO),
    "replace": ("unique_key='id', incremental_strategy='delete+insert'", NEW_TWO),
    "merge": (MERGE, NEW_TWO),
    "merge_list": ("unique_key=['id'], incremental_strategy='merge'", NEW_TWO),
    "two_keys": ("unique_key=['id', 'word']", BOTH_TWOS),
    # Predicates narrow what may be replaced.
    "narrow": ("unique_key='id', incremental_predicates=['batch > 1']", BOTH_TWOS),
    "narrow_list": (
        "unique_key=['id'], incremental_predicates=['DBT_INCREMENTAL_TARGET.batch > 1']",
        BOTH_TWOS,
    ),
    "narrow_merge": (f"{MERGE}, incremental_predicates=['DBT_INTERNAL_DEST.batch > 1']", BOTH_TWOS),
}
"""Model name to its config and the rows after two batches."""

MERGES = {
    "update_columns": ("merge_update_columns=['batch']", HALF_TWO),
    "exclude_columns": ("merge_exclude_columns=['WORD']", HALF_TWO),
    "update_condition": ("merge_update_condition='DBT_INTERNAL_SOURCE.batch > 5'", OLD_TWO),
    "insert_condition": ("merge_insert_condition='DBT_INTERNAL_SOURCE.batch > 5'", NEW_TWO[:2]),
    "expressions": (
        "merge_update_set_expressions={'word': \"upper(DBT_INTERNAL_DEST.word) || '!'\"}",
        [(1, "one", 1), (2, "TWO!", 2), (3, "three", 2)],
    ),
    "using": ("merge_on_using_columns=['id']", NEW_TWO),
    "delete": (
        "merge_clauses={'when_matched': [{'action': 'delete'}]}",
        [(1, "one", 1), (3, "three", 2)],
    ),
    "nothing": ("merge_clauses={'when_matched': [{'action': 'do_nothing'}]}", OLD_TWO),
    "star": ("merge_clauses={'when_matched': [{'action': 'update', 'mode': 'star'}]}", NEW_TWO),
    "by_position": (
        (
            "merge_clauses={'when_matched': [{'action': 'update', 'mode': 'by_position'}],"
            " 'when_not_matched': [{'action': 'insert', 'mode': 'by_position'}]}"
        ),
        NEW_TWO,
    ),
    "explicit": (
        (
            "merge_clauses={'when_matched': [{'action': 'update', 'mode': 'explicit',"
            " 'condition': ['true', 'DBT_INTERNAL_DEST.id = 2'],"
            " 'update': {'include': ['word'], 'set_expressions': {'batch': '-1'}}}],"
            " 'when_not_matched': [{'action': 'insert', 'mode': 'explicit',"
            " 'insert': {'columns': ['id', 'word'], 'values': ['DBT_INTERNAL_SOURCE.id', \"'new'\"]}},"
            " {'by': 'source', 'action': 'update', 'set_expressions': {'word': \"'gone'\"}}]}"
        ),
        [(1, "gone", 1), (2, "TWO", -1), (3, "new", None)],
    ),
    "by_source": (
        (
            "merge_clauses={'when_not_matched': [{'by': 'source', 'action': 'delete'},"
            " {'action': 'insert', 'mode': 'star'}]}"
        ),
        [(2, "TWO", 2), (3, "three", 2)],
    ),
}
"""The same for configs of MERGE."""


def test_strategies_apply_a_second_batch(shop: Workshop) -> None:
    cases = STRATEGIES | {
        name: (f"{MERGE}, {config}", rows) for name, (config, rows) in MERGES.items()
    }
    for name, (config, _) in cases.items():
        shop.models(**{name: f"materialized='incremental'{', ' * bool(config)}{config}\n{ROWS}"})

    assert shop.build().failures == {}
    assert shop.build(variables={"batch": 2}).failures == {}

    found = {name: shop.rows(f'from "{name}" order by all') for name in cases}
    assert found == {name: rows for name, (_, rows) in cases.items()}


FAULTS = {
    "condition": ("merge_update_condition=['a']", ["merge_update_condition must be a text"]),
    "columns": ("merge_update_columns='a'", ["merge_update_columns must be a list of texts"]),
    "expressions": (
        "merge_update_set_expressions=['a']",
        ["merge_update_set_expressions must be a mapping"],
    ),
    "clauses": ("merge_clauses=['a']", ["merge_clauses must be a mapping"]),
    "no_clauses": ("merge_clauses={}", ["must have 'when_matched' or 'when_not_matched'"]),
    "empty": ("merge_clauses={'when_matched': []}", ["must be a list of at least one clause"]),
    "texts": ("merge_clauses={'when_matched': ['a']}", ["must contain mappings"]),
    "action": (
        "merge_clauses={'when_matched': [{'action': 'insert'}]}",
        ["must be one of update, delete"],
    ),
    "both": (
        (
            "merge_clauses={'when_matched': [{'action': 'delete'}]},"
            " merge_update_columns=['word'], merge_insert_condition=1"
        ),
        ["merge_update_columns has no effect", "merge_insert_condition must be a text"],
    ),
    "refused": (
        "merge_clauses={'when_matched': [{'action': 'error', 'error_message': \"it's known\"}]}",
        ["it's known"],
    ),
}
"""Model name to its config and the words of its fault."""


def test_faults_of_a_merge_are_told_together(shop: Workshop) -> None:
    for name, (config, _) in FAULTS.items():
        shop.models(**{name: f"materialized='incremental', {MERGE}, {config}\n{ROWS}"})
    assert shop.build().failures == {}

    failures = shop.build(variables={"batch": 2}).failures

    missing = {
        name: [word for word in words if word not in failures.get(name, "")]
        for name, (_, words) in FAULTS.items()
    }
    assert missing == {name: [] for name in FAULTS}
    assert {name: shop.rows(f'select count(*) from "{name}"') for name in FAULTS} == {
        name: [(2,)] for name in FAULTS
    }


WIDER = """
{% if var('batch', 1) == 1 %} select 1 as id, 'a' as gone
{% else %} select 2 as id, 1.5 as fresh {% endif %}
"""


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("append_new_columns", [("id", "gone", "fresh"), (1, "a", None), (2, None, "1.5")]),
        ("sync_all_columns", [("id", "fresh"), (1, None), (2, "1.5")]),
    ],
)
def test_new_columns(shop: Workshop, mode: str, expected: list[tuple[object, ...]]) -> None:
    rows = after_two_batches(shop, f"unique_key='id', on_schema_change='{mode}'", WIDER)

    names = shop.rows("select column_name from (describe t)")
    told = [tuple(name for (name,) in names)]
    told += [tuple(str(v) if type(v).__name__ == "Decimal" else v for v in row) for row in rows]  # type: ignore[misc]
    assert told == expected


def test_new_columns_may_fail_or_be_left_out(shop: Workshop) -> None:
    shop.models(
        strict=f"materialized='incremental', on_schema_change='fail'\n{WIDER}",
        calm="materialized='incremental', on_schema_change='ignore', unique_key='id'\n"
        "select 1 as id, {{ var('batch', 1) }} as n {% if var('batch', 1) == 2 %}, 3 as extra {% endif %}",
    )
    shop.build()

    second = shop.build(variables={"batch": 2})

    assert second.statuses == {"strict": "error", "calm": "success"}
    assert "out of sync" in second.failures["strict"]
    assert shop.rows("from calm") == [(1, 2)]
    assert shop.rows("from strict") == [(1, "a")]


def test_a_type_may_change(shop: Workshop) -> None:
    sql = "select 1 as id, {{ \"'x'\" if var('batch', 1) == 2 else 7 }} as v"
    config = "unique_key='id', on_schema_change='sync_all_columns'"

    assert after_two_batches(shop, config, sql) == [(1, "x")]


def test_is_incremental_and_this(shop: Workshop) -> None:
    sql = (
        "select {{ var('batch', 1) }} as n "
        "{% if is_incremental() %} where {{ var('batch', 1) }} > (select max(n) from {{ this }}) {% endif %}"
    )
    assert after_two_batches(shop, "", sql) == [(1,), (2,)]
    shop.build(variables={"batch": 2})
    assert shop.rows("from t order by n") == [(1,), (2,)]


def test_full_refresh_builds_anew(shop: Workshop) -> None:
    after_two_batches(shop, "indexes=[{'columns': ['id']}]")

    assert shop.build(full_refresh=True).failures == {}
    assert shop.rows("from t order by id") == [(1, "one", 1), (2, "two", 1)]
    assert shop.rows("select expressions from duckdb_indexes()") == [("[id]",)]
    assert shop.relations() == {"t": "table"}


def test_a_failing_increment_changes_nothing(shop: Workshop) -> None:
    after_two_batches(shop, "unique_key='id', post_hook=var('hook', [])")
    before = shop.rows("from t order by all")

    failed = shop.build(variables={"hook": ["select error('no')"]})

    assert failed.statuses == {"t": "error"}
    assert shop.rows("from t order by all") == before


def test_a_batch_replaces_its_period(shop: Workshop) -> None:
    with shop.session() as session:
        connection = session.connection
        connection.execute(
            "create table t (d date, n int); create table rows as "
            "select date '2024-01-02' as d, 9 as n union all select date '2024-02-02', 9; "
            "insert into t values ('2024-01-01', 1), ('2024-01-31', 1), ('2024-02-01', 1)"
        )
        relation = session.host.adapter.relation_class.create
        session.context["config"] = {"event_time": "d", "unique_key": None}
        session.context["model"] = {
            "batch": {"event_time_start": "2024-01-01", "event_time_end": "2024-02-01"}
        }
        target = relation("shop", "main", "t", type="table")
        sql = session.call(
            "get_incremental_microbatch_sql",
            {
                "target_relation": target,
                "temp_relation": relation("shop", "main", "rows"),
                "dest_columns": session.host.adapter.columns(connection, target),
                "incremental_predicates": None,
            },
        )
        connection.execute(sql)
        rows = connection.execute("select d::text, n from t order by all", fetch=True).rows

    assert list(rows) == [("2024-01-02", 9), ("2024-02-01", 1)]
