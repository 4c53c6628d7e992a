"""manifest.json as values. Equality with dbt's on real projects: tests/conformance."""

from __future__ import annotations

import json
import os
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.engine.selection.building import node
from tidemill.engine.artifacts import (
    CompiledPart,
    manifest_from,
    manifest_json,
    read_manifest,
    write_manifest,
)
from tidemill.engine.nodes import Column, Group, Manifest, ManifestMetadata, Model, Ref, Seed
from tidemill.errors import ConfigurationError

METADATA = ManifestMetadata(
    project_name="shop",
    adapter_type="duckdb",
    project_id="abc",
    generated_at=1_700_000_000.5,
    invocation_id="one",
    env={"TEAM": "tide"},
    quoting={"database": True, "schema": True, "identifier": False, "column": None},
)


def manifest(**more: Any) -> Manifest:
    nodes = [
        node(Seed, "seed", "raw"),
        node(
            Model,
            "model",
            "orders",
            "seed.shop.raw",
            refs=(Ref("raw"),),
            columns={"id": Column(name="id", config={"meta": {}, "tags": ["key"]}, extra={"x": 1})},
            group="finance",
            config={"docs": {"show": False}, "tags": ["a"], "meta": {"tier": 1}},
        ),
    ]
    group = Group(
        unique_id="group.shop.finance",
        name="finance",
        package_name="shop",
        path="g.yml",
        original_file_path="models/g.yml",
        owner={"name": "F"},
    )
    given: dict[str, Any] = {
        "metadata": METADATA,
        "nodes": {n.unique_id: n for n in nodes},
        "groups": {group.unique_id: group},
        "disabled": {"model.shop.off": (node(Model, "model", "off"),)},
    }
    return Manifest(**(given | more))


def test_sections_stand_in_dbts_order() -> None:
    data = json.loads(manifest_json(manifest()))
    assert list(data) == [
        "metadata",
        "nodes",
        "sources",
        "macros",
        "docs",
        "exposures",
        "metrics",
        "groups",
        "selectors",
        "disabled",
        "parent_map",
        "child_map",
        "group_map",
        "saved_queries",
        "semantic_models",
        "unit_tests",
        "functions",
    ]
    assert data["metadata"] == {
        "dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json",
        "dbt_version": "1.11.16",
        "generated_at": "2023-11-14T22:13:20.500000Z",
        "invocation_id": "one",
        "invocation_started_at": "2023-11-14T22:13:20.500000Z",
        "env": {"TEAM": "tide"},
        "project_name": "shop",
        "project_id": "abc",
        "user_id": None,
        "send_anonymous_usage_stats": False,
        "adapter_type": "duckdb",
        "quoting": {"database": True, "schema": True, "identifier": False, "column": None},
        "run_started_at": "2023-11-14T22:13:20.500000+00:00",
    }
    assert data["parent_map"] == {"seed.shop.raw": [], "model.shop.orders": ["seed.shop.raw"]}
    assert data["child_map"] == {"seed.shop.raw": ["model.shop.orders"], "model.shop.orders": []}
    assert data["group_map"] == {"finance": ["model.shop.orders"]}
    assert [shape["name"] for shape in data["disabled"]["model.shop.off"]] == ["off"]


def test_equal_manifests_give_equal_bytes() -> None:
    assert manifest_json(manifest()) == manifest_json(manifest())


def test_compiled_keys_only_where_compiled() -> None:
    compiled = {
        "model.shop.orders": CompiledPart(
            code="select 2",
            path="target/compiled/shop/models/orders.sql",
            build_path="target/run/shop/models/orders.sql",
            ctes=(("model.shop.x", " __dbt__cte__x as (select 1)"),),
        ),
        "seed.shop.raw": CompiledPart(build_path="target/run/shop/seeds/raw.csv"),
    }
    before = json.loads(manifest_json(manifest()))["nodes"]
    after = json.loads(manifest_json(manifest(), compiled=compiled))["nodes"]
    added = {
        "compiled": True,
        "compiled_code": "select 2",
        "extra_ctes_injected": True,
        "extra_ctes": [{"id": "model.shop.x", "sql": " __dbt__cte__x as (select 1)"}],
    }
    orders = "model.shop.orders"
    assert after[orders] == before[orders] | added | {
        "compiled_path": "target/compiled/shop/models/orders.sql",
        "build_path": "target/run/shop/models/orders.sql",
    }
    keys = list(after[orders])
    assert keys[keys.index("compiled_path") + 1 : keys.index("contract")] == list(added)
    assert after["seed.shop.raw"] == before["seed.shop.raw"] | {
        "build_path": "target/run/shop/seeds/raw.csv"
    }


def test_foreign_keys_name_relations_once_compiled() -> None:
    key = {"type": "foreign_key", "to": "ref('raw')", "to_columns": ["id"]}
    whole = manifest()
    orders = whole.nodes["model.shop.orders"]
    orders = msgspec.structs.replace(
        orders, columns={"id": Column(name="id", constraints=(key,))}, constraints=(key,)
    )
    whole = msgspec.structs.replace(whole, nodes=whole.nodes | {orders.unique_id: orders})
    part = CompiledPart(code="select 1", foreign_keys={"ref('raw')": '"db"."main"."raw"'})

    shape = json.loads(manifest_json(whole, compiled={orders.unique_id: part}))["nodes"][
        orders.unique_id
    ]

    pointed = [key | {"to": '"db"."main"."raw"'}]
    assert shape["constraints"] == pointed
    assert shape["columns"]["id"]["constraints"] == pointed


def test_values_that_json_has_no_word_for() -> None:
    meta = {
        "on": date(2024, 2, 29),
        "price": Decimal("1.50"),
        "inner": {True: 1, None: 2, 3: "x", 1.5: {"deep": (1, 2)}},
        "object": Path("a/b"),
    }
    odd = node(Model, "model", "odd", config={"meta": meta})
    data = json.loads(manifest_json(manifest(nodes={odd.unique_id: odd})))
    assert data["nodes"]["model.shop.odd"]["meta"] == {
        "on": "2024-02-29",
        "price": 1.5,
        "inner": {"true": 1, "null": 2, "3": "x", "1.5": {"deep": [1, 2]}},
        "object": "a/b",
    }


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    written = manifest()
    write_manifest(tmp_path / "target" / "manifest.json", written)
    assert msgspec.to_builtins(read_manifest(tmp_path / "target" / "manifest.json")) == (
        msgspec.to_builtins(written)
    )
    assert [path.name for path in (tmp_path / "target").iterdir()] == ["manifest.json"]


def test_an_artifact_is_replaced_as_a_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "manifest.json"
    path.write_text("old")

    def full_disk(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fdopen", full_disk)
    with pytest.raises(ConfigurationError, match="No space left on device") as raised:
        write_manifest(path, manifest())
    assert raised.value.fault.code == "cannot-write"
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [("manifest.json", "old")]


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"nodes": {"a": {}}}'])
def test_something_else_is_no_manifest(tmp_path: Path, content: str) -> None:
    (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(ConfigurationError, match="is no manifest in dbt's schema v12"):
        read_manifest(tmp_path / "manifest.json")
    with pytest.raises(ConfigurationError, match="cannot be read: No such file"):
        read_manifest(tmp_path / "nothing.json")


def test_a_decoded_manifest_becomes_values() -> None:
    data = json.loads(manifest_json(manifest()))
    assert manifest_from(data).nodes["model.shop.orders"] == manifest().nodes["model.shop.orders"]
