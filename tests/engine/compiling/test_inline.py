from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.running.building import manifest, model, source
from tests.engine.running.hosting import make_host
from tidemill.engine.compiling.compiler import Compiler
from tidemill.engine.compiling.inline import inline_node
from tidemill.errors import CompilationError, ParsingError, Place

PROJECT = manifest(
    model("orders"),
    model("e", materialized="ephemeral", raw_code="select 1 as id"),
    source("events"),
)


def test_inline_sql_reads_the_project_like_a_model(tmp_path: Path) -> None:
    host = make_host(tmp_path)
    node = inline_node(
        "select * from {{ ref('orders') }}, {{ source('raw', 'events') }}, {{ ref('e') }}",
        host,
        PROJECT,
    )
    assert node.unique_id == "sql_operation.shop.inline_query"
    assert node.depends_on.nodes == ("source.shop.raw.events", "model.shop.orders", "model.shop.e")
    assert Compiler(host, PROJECT).compile(node).code == (
        "with __dbt__cte__e as (\nselect 1 as id\n) "
        'select * from "shop"."main"."orders", "shop"."raw"."events", __dbt__cte__e'
    )


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        (
            "select * from {{ ref('order') }}",
            "Error parsing inline query: .* 'order' which was not found",
        ),
        ("select * from {{ source('raw', 'event') }}", "'raw.event' which was not found"),
    ],
)
def test_names_that_do_not_exist_are_errors(tmp_path: Path, sql: str, message: str) -> None:
    with pytest.raises(CompilationError, match=message):
        inline_node(sql, make_host(tmp_path), PROJECT)


def test_broken_jinja_is_placed_in_the_query(tmp_path: Path) -> None:
    with pytest.raises(CompilationError) as caught:
        inline_node("select 1\n{{ 1 + }}", make_host(tmp_path), PROJECT)
    assert caught.value.fault.place == Place(file="inline query", line=2)


def test_an_empty_query_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ParsingError, match="empty"):
        inline_node(" \n", make_host(tmp_path), PROJECT)
