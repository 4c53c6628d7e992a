from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.duckdb.workshop import Workshop
from tidemill.adapters.duckdb.keys import Keys, declared_keys

PRIMARY = [{"type": "not_null"}, {"type": "primary_key"}]


def contracted(name: str, **constraints: list[dict[str, Any]]) -> dict[str, Any]:
    """A model's YAML: integer columns with these constraints."""
    columns = [
        {"name": column, "data_type": "integer", "constraints": given}
        for column, given in constraints.items()
    ]
    return {"name": name, "config": {"contract": {"enforced": True}}, "columns": columns}


def foreign(table: str) -> list[dict[str, Any]]:
    return [{"type": "foreign_key", "to": f"ref('{table}')", "to_columns": ["id"]}]


@pytest.fixture
def family(tmp_path: Path) -> Workshop:
    """Three generations: each table's foreign key points at the one before."""
    shop = Workshop(tmp_path, threads=4)
    shop.models(
        parent="materialized=var('kind', 'table'), on_schema_change='fail'\nselect {{ var('n', 1) }} as id",
        child="materialized=var('kind', 'table'), on_schema_change='fail'\nselect id, id as parent_id from {{ ref('parent') }}",
        grandchild="materialized=var('kind', 'table'), on_schema_change='fail'\n"
        "select id, id as child_id from {{ ref('child') }}",
    )
    models = [
        contracted("parent", id=PRIMARY),
        contracted("child", id=PRIMARY, parent_id=foreign("parent")),
        contracted("grandchild", id=[], child_id=foreign("child")),
    ]
    shop.write({"models/schema.yml": json.dumps({"models": models})})
    return shop


def test_constraints_are_enforced(tmp_path: Path) -> None:
    shop = Workshop(tmp_path)
    sql = "select * from (values (1, {{ var('j', '5') }})) t(i, j)"
    shop.models(
        t=f"materialized='table'\n{sql}",
        n=f"materialized='incremental', on_schema_change='fail'\n{sql}",
    )
    models = [
        contracted(name, i=[{"type": "primary_key"}], j=[{"type": "not_null"}])
        | {"constraints": [{"type": "check", "expression": "j < 10"}]}
        for name in ("t", "n")
    ]
    shop.write({"models/schema.yml": json.dumps({"models": models})})
    assert shop.build().failures == {}

    assert "CHECK constraint" in shop.build(variables={"j": "50"}).failures["t"]
    assert "NOT NULL" in shop.build(variables={"j": "null::integer"}).failures["t"]
    assert "primary key" in shop.build("n").failures["n"]
    assert shop.rows("from t union all from n") == [(1, 5), (1, 5)]


def test_a_query_must_fit_its_contract(tmp_path: Path) -> None:
    shop = Workshop(tmp_path)
    shop.models(t="materialized='table'\nselect 1 as i, {'a': 1, 'b': {'c': 'x'}} as s")
    model = contracted("t", i=[])
    shop.write({"models/schema.yml": json.dumps({"models": [model]})})
    assert "missing in contract" in shop.build().failures["t"]

    struct = {"name": "s", "data_type": "struct(a integer, b struct(c varchar))"}
    model["columns"].append(struct)
    shop.write({"models/schema.yml": json.dumps({"models": [model]})})

    assert shop.build().failures == {}


@pytest.mark.parametrize("kind", ["table", "incremental"])
def test_tables_that_foreign_keys_join_are_rebuilt(family: Workshop, kind: str) -> None:
    variables = {"kind": kind}
    assert family.build(variables=variables).failures == {}
    for number in (2, 3):
        built = family.build(variables=variables | {"n": number}, full_refresh=True)
        assert built.failures == {}

    assert family.rows("select child_id, parent_id from grandchild join child on true") == [(3, 3)]
    assert family.rows(
        "select table_name, referenced_table from duckdb_constraints() "
        "where constraint_type = 'FOREIGN KEY' order by all"
    ) == [("child", "parent"), ("grandchild", "child")]
    assert set(family.relations()) == {"parent", "child", "grandchild"}


def test_a_table_is_kept_when_its_dependents_are_not_rebuilt(family: Workshop) -> None:
    family.build()

    fault = family.build("parent", variables={"n": 2}).failures["parent"]

    assert "cannot be replaced" in fault
    assert "child (model child is not selected)" in fault
    assert "grandchild (model grandchild is not selected)" in fault
    assert family.rows("select id from parent") == [(1,)]


def test_a_table_that_nobody_builds_is_not_dropped(family: Workshop) -> None:
    family.build()
    family.rows("create table guest (id integer references parent (id))")

    fault = family.build().failures["parent"]

    assert "guest (no model of this project builds it)" in fault


def test_an_increment_that_would_lose_rows_is_refused(family: Workshop) -> None:
    family.build()
    family.models(
        child="materialized='incremental', on_schema_change='fail'\nselect id, id as parent_id from {{ ref('parent') }}"
    )

    assert "run with --full-refresh" in family.build().failures["parent"]
    assert family.build(full_refresh=True).failures == {}


def test_keys_may_be_given_up(family: Workshop) -> None:
    family.build()
    (family.root / "models/schema.yml").unlink()

    assert family.build(variables={"n": 2}).failures == {}
    assert family.rows(
        "select count(*) from duckdb_constraints() where constraint_type = 'FOREIGN KEY'"
    ) == [(0,)]


def test_a_failure_before_the_first_statement_holds_nobody_up(tmp_path: Path) -> None:
    shop = Workshop(tmp_path, threads=2)
    names = ["a", "b", "c", "d"]
    shop.models(parent="materialized='table'\nselect 1 as id")
    for name in names:
        hook = 'pre_hook="{{ no_such_macro() }}", ' * (name in "ac")
        config = f"materialized='table', {hook}alias='{name}'"
        shop.models(**{name: f"{config}\nselect id, id as parent_id from {{{{ ref('parent') }}}}"})
    models = [contracted(name, id=[], parent_id=foreign("parent")) for name in names]
    models.append(contracted("parent", id=PRIMARY))
    shop.write({"models/schema.yml": json.dumps({"models": models})})

    built = shop.build()

    assert {name: built.statuses[name] for name in names} == {
        "a": "error",
        "b": "success",
        "c": "error",
        "d": "success",
    }


def keys_of(constraints: list[tuple[Any, ...]], databases: list[tuple[str, str]]) -> Keys:
    def query(sql: str, _: list[Any]) -> list[tuple[Any, ...]]:
        return databases if "duckdb_databases" in sql else constraints

    return Keys(query)


def test_dependents_come_in_the_order_in_which_they_can_be_dropped() -> None:
    keys = keys_of([("b", "a"), ("c", "a"), ("c", "b"), ("d", "C"), ("x", "y")], [])

    assert keys.dependents("shop", "main", "A") == [
        {"table": "d", "references": ["C"]},
        {"table": "c", "references": ["a", "b"]},
        {"table": "b", "references": ["a"]},
    ]


def test_other_kinds_of_database_have_no_keys_for_us() -> None:
    keys = keys_of([("t", "PRIMARY KEY")], [("shop", "duckdb"), ("old", "SQLite")])

    assert (keys.supported("Shop"), keys.supported("old"), keys.supported("none")) == (
        True,
        False,
        False,
    )
    assert keys.existing("SHOP", "main", "T") == ["primary_key"]
    assert keys.existing("old", "main", "t") == []


def test_declared_keys_count_only_under_an_enforced_contract() -> None:
    model: dict[str, Any] = {
        "constraints": [{"type": "unique"}, {"type": "check"}],
        "columns": {"i": {"constraints": [{"type": "primary_key"}]}, "j": {}},
    }

    assert declared_keys(model) == set()
    assert declared_keys(model | {"config": {"contract": {"enforced": True}}}) == {
        "unique",
        "primary_key",
    }


def test_models_with_foreign_keys_take_turns() -> None:
    keys = keys_of([("t", "FOREIGN KEY")], [("shop", "duckdb")])
    model = {"database": "shop", "schema": "main", "alias": "t"}
    order: list[str] = []
    claimed = threading.Event()

    def other() -> None:
        claimed.wait()
        keys.claim(model)
        order.append("other")
        keys.release(threading.get_ident())

    thread = threading.Thread(target=other)
    thread.start()
    keys.claim(model)
    keys.claim(model)
    claimed.set()
    thread.join(0.1)
    order.append("first")
    keys.release(threading.get_ident())
    thread.join()

    assert order == ["first", "other"]
