"""``tidemill.Project``: everything a notebook needs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import tidemill
from tidemill.errors import ConfigurationError, ExecutionError, ProjectFaults, UsageError
from tidemill.events import NodeFinished, ParseFinished


@pytest.fixture
def face(shop: Path) -> Iterator[tidemill.Project]:
    with tidemill.Project(shop) as project:
        yield project


@pytest.fixture
def built(face: tidemill.Project) -> tidemill.Project:
    assert face.build("+customers").finish().success
    return face


def test_what_it_is(face: tidemill.Project, shop: Path) -> None:
    assert (face.name, face.root, repr(face)) == ("shop", shop, "Project('shop', target='dev')")
    assert "model.shop.customers" in face.manifest.nodes


def test_no_project(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="No dbt_project"):
        tidemill.Project(tmp_path)


def test_selecting(face: tidemill.Project) -> None:
    found = face.select("+stg_orders customers", resource_types=["model", "seed"])
    assert [resource.name for resource in found] == ["customers", "stg_orders", "raw_orders"]
    found = face.select(["+customers"], exclude="stg_orders+", resource_types=("model",))
    assert [resource.name for resource in found] == ["stg_customers"]
    assert len(face.select()) == 14


def test_one_node(face: tidemill.Project) -> None:
    assert face.node("customers").unique_id == "model.shop.customers"
    with pytest.raises(UsageError, match="there is no node named 'custmers'"):
        face.node("custmers")


def test_compiling_needs_no_table(face: tidemill.Project, shop: Path) -> None:
    assert 'from "shop"."main"."raw_customers"' in face.compile("stg_customers")
    assert face.render("select * from {{ ref('customers') }}") == (
        'select * from "shop"."main"."customers"'
    )
    assert not (shop / "target" / "compiled").exists()


def test_building_is_an_iterator_of_events(face: tidemill.Project) -> None:
    run = face.build(select="+stg_orders", exclude="test_type:generic")
    names = [event.name for event in run if isinstance(event, NodeFinished)]
    assert names[0] == "raw_orders"
    assert run.result.success


def test_the_verbs(face: tidemill.Project) -> None:
    assert face.seed().finish().success
    assert face.run("staging", full_refresh=True).finish().success
    assert [r.status for r in face.test("stg_orders").finish().results].count("pass") == 5


def test_a_wrong_option_is_refused(face: tidemill.Project) -> None:
    with pytest.raises(TypeError, match="full_refesh"):
        face.build(full_refesh=True)  # type: ignore[call-arg]


def test_tables(built: tidemill.Project) -> None:
    table = built.table("customers")
    assert table.column_names[:3] == ["customer_id", "customer_name", "city"]
    assert table.num_rows == 4
    assert built.table("raw_orders", limit=2).num_rows == 2


def test_frames(built: tidemill.Project) -> None:
    frame = built.frame("customers")
    assert sorted(frame["customer_name"]) == ["Ada", "Ben", "Chloe", "Dario"]
    other = built.frame("customers", "polars", limit=1)
    assert other.shape == (1, 7)


def test_what_is_not_built(face: tidemill.Project) -> None:
    with pytest.raises(ExecutionError) as caught:
        face.table("customers")
    assert caught.value.fault.code == "not-built"


def test_an_ephemeral_model_is_queried(built: tidemill.Project, shop: Path) -> None:
    (shop / "models" / "late.sql").write_text(
        "{{ config(materialized='ephemeral') }} select max(ordered_on) as day "
        "from {{ ref('stg_orders') }}"
    )
    built.reload()
    assert str(built.table("late").to_pylist()[0]["day"]) == "2026-03-01"


def test_a_test_has_no_table(built: tidemill.Project) -> None:
    with pytest.raises(UsageError, match="has no table"):
        built.table("amounts_are_positive")


def test_showing(built: tidemill.Project) -> None:
    assert built.show("select count(*) as n from {{ ref('customers') }}").to_pylist() == [{"n": 4}]
    assert built.show("stg_orders", limit=2).num_rows == 2


def test_vars_and_target(shop: Path) -> None:
    with tidemill.Project(shop, vars={"n": 3}, target="dev", threads=1) as project:
        assert project.render("{{ var('n') }} {{ target.threads }}") == "3 1"


def test_faults_keep_the_manifest_known_before(face: tidemill.Project, shop: Path) -> None:
    before = face.manifest
    (shop / "models" / "bad.sql").write_text("select * from {{ ref('nowhere') }}")
    with pytest.raises(ProjectFaults):
        face.reload()
    assert face.manifest is before


def test_events_of_parsing(shop: Path) -> None:
    events: list[object] = []
    with tidemill.Project(shop, on_event=events.append) as project:
        _ = project.manifest
    assert any(isinstance(event, ParseFinished) for event in events)


def test_operations(built: tidemill.Project, shop: Path) -> None:
    (shop / "macros").mkdir()
    (shop / "macros" / "m.sql").write_text("{% macro say(word) %}{% do log(word) %}{% endmacro %}")
    built.reload()
    assert built.run_operation("say", word="hello").finish().success


def test_letting_go_of_the_warehouse(built: tidemill.Project, shop: Path) -> None:
    built.disconnect()
    with tidemill.Project(shop) as other:
        assert other.table("customers").num_rows == 4
    assert built.table("customers").num_rows == 4
