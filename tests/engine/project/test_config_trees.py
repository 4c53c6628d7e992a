"""Configuration by dbt's precedence and merging. Whole projects are compared with dbt under ``parsing``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tidemill.engine.project.config import ProjectConfig, RuntimeConfig, Target
from tidemill.engine.project.config_kinds import DEFAULTS
from tidemill.engine.project.config_trees import (
    Layer,
    check_config,
    configs_for,
    merge_configs,
    unrendered_config,
    unused_config_paths,
)
from tidemill.errors import ParsingError, Place


def _runtime(root: dict[str, Any], package: dict[str, Any] | None = None) -> RuntimeConfig:
    shop = ProjectConfig(name="shop", root=Path(), configs=root, unrendered_configs=root)
    lib = ProjectConfig(name="lib", root=Path(), configs=package or {})
    return RuntimeConfig(
        project=shop,
        packages={"shop": shop, "lib": lib},
        internal_packages=(),
        target=Target(profile_name="p", name="dev", type="duckdb"),
    )


TREE = {
    "models": {
        "+tags": ["all"],
        "enabled": True,
        "meta": {"not": "a folder"},
        "shop": {
            "+meta": {"a": 1},
            "staging": {"+ materialized": "table", "orders": {"+alias": "o"}},
        },
        "lib": {"+enabled": False},
    }
}


def test_levels_from_general_to_specific() -> None:
    layers = configs_for(_runtime(TREE), "models", ("shop", "staging", "orders"), "shop")
    assert layers.own == (
        {"tags": ["all"], "enabled": True},
        {"meta": {"a": 1}},
        {"materialized": "table"},
        {"alias": "o"},
    )
    assert layers.root == ()


def test_the_root_project_has_the_last_word_on_packages() -> None:
    runtime = _runtime(TREE, {"models": {"lib": {"+materialized": "view"}}})
    layers = configs_for(runtime, "models", ("lib", "calendar"), "lib")
    assert layers.own == ({"materialized": "view"},)
    assert layers.root == ({"tags": ["all"], "enabled": True}, {"enabled": False})


def test_analyses_follow_models() -> None:
    layers = configs_for(_runtime(TREE), "analyses", ("shop", "analysis", "a"), "shop")
    assert layers.own[0]["tags"] == ["all"]


def test_defaults_are_never_shared() -> None:
    merge_configs([], "model")["tags"].append("x")
    merge_configs([], "model")["docs"]["show"] = False
    assert merge_configs([], "model") == DEFAULTS["model"]
    assert DEFAULTS["model"]["tags"] == []


@pytest.mark.parametrize(
    ("layers", "key", "merged"),
    [
        ([{"tags": "a"}, {"tags": ["b", "a"]}], "tags", ["a", "b", "a"]),
        ([{"meta": {"a": 1, "b": 1}}, {"meta": {"b": 2}}], "meta", {"a": 1, "b": 2}),
        ([{"persist_docs": {"relation": True}}, {"persist_docs": {}}], "persist_docs", {}),
        ([{"docs": {"show": False, "x": 1}}], "docs", {"show": False, "node_color": None}),
        (
            [
                {"grants": {"select": "a", "insert": "b"}},
                {"grants": {"+select": ["c"], "insert": "d"}},
            ],
            "grants",
            {"select": ["a", "c"], "insert": ["d"]},
        ),
        (
            [{"pre_hook": "one"}, {"pre-hook": [{"sql": "two", "transaction": False}]}],
            "pre-hook",
            [
                {"sql": "one", "transaction": True, "index": None},
                {"sql": "two", "transaction": False, "index": None},
            ],
        ),
        (
            [{"post_hook": '{"sql": "x", "transaction": false}'}],
            "post-hook",
            [{"sql": "x", "transaction": False, "index": None}],
        ),
        ([{"custom": {"a": 1}}, {"custom": {"b": 2}}], "custom", {"b": 2}),
        ([{"static_analysis": False}], "static_analysis", "off"),
        (
            [{"freshness": {"build_after": {"count": 1, "period": "day"}}}],
            "freshness",
            {"build_after": {"count": 1, "period": "day", "updates_on": "any"}},
        ),
        ([{"freshness": {"warn_after": {"count": 1, "period": "day"}}}], "freshness", None),
    ],
)
def test_merging(layers: list[dict[str, Any]], key: str, merged: Any) -> None:
    assert merge_configs(layers, "model")[key] == merged


@pytest.mark.parametrize(
    ("layer", "stored"),
    [
        ({}, (None, None)),
        ({"store_failures": True}, (True, "table")),
        ({"store_failures": False}, (False, "ephemeral")),
        ({"store_failures_as": "view"}, (True, "view")),
        ({"store_failures": True, "store_failures_as": "ephemeral"}, (False, "ephemeral")),
    ],
)
def test_how_failures_are_stored(layer: dict[str, Any], stored: tuple[Any, Any]) -> None:
    merged = merge_configs([layer], "test")
    assert (merged["store_failures"], merged["store_failures_as"]) == stored


@pytest.mark.parametrize(
    ("kind", "layer", "message"),
    [
        (
            "model",
            {"enabled": "yes"},
            "'enabled' must be true or false: 'yes' is not of type 'boolean'",
        ),
        ("model", {"enabled": None}, "'enabled' must not be empty"),
        ("model", {"materialized": 3}, "'materialized' must be a text, and is a number (3)"),
        ("model", {"meta": ["a"]}, "'meta' must be a mapping, and is a list"),
        ("model", {"grants": "a"}, "'grants' must be a mapping, and is a text"),
        ("model", {"tags": [1]}, "'tags' must be a text or a list of texts, and is a list"),
        (
            "model",
            {"access": "publc"},
            "'access' must be one of private, protected, public, and is",
        ),
        ("model", {"pre_hook": 3}, "a pre-hook must be SQL, or a mapping with the key 'sql'"),
        ("model", {"docs": {"node_color": "#12"}}, "'docs.node_color' must be an HTML colour"),
        ("model", {"contract": {"enforced": "x"}}, "'contract.enforced' must be true or false"),
        (
            "model",
            {"freshness": {"build_after": {"count": 1}}},
            "`freshness.build_after` must have a value for `period` if a `count` is provided",
        ),
        ("seed", {"materialized": "table"}, "a seed is always materialized as 'seed', not as"),
        ("test", {"severity": "fatal"}, "'severity' must be 'warn' or 'error', and is a text"),
        ("source", {"freshness": 3}, "'freshness' must be a mapping, or null to switch it off"),
    ],
)
def test_faults(kind: str, layer: dict[str, Any], message: str) -> None:
    with pytest.raises(ParsingError) as caught:
        merge_configs([layer], kind)
    assert caught.value.fault.message.startswith(message)


def test_a_fault_has_the_place_of_the_layer_that_counts() -> None:
    place = Place(file="models/s.yml", line=4)
    layers = [Layer({"enabled": True}), Layer({"enabled": "no"}, lambda _: place), {"tags": "a"}]
    with pytest.raises(ParsingError) as caught:
        merge_configs(layers, "model")
    assert caught.value.fault.place == place


@pytest.mark.parametrize(
    ("kind", "config", "message"),
    [
        (
            "snapshot",
            {},
            "Snapshots must be configured with a 'strategy' and 'unique_key': 'strategy' is missing",
        ),
        (
            "snapshot",
            {"strategy": "check"},
            "Snapshots must be configured with a 'strategy' and 'unique_key': 'unique_key'",
        ),
        (
            "snapshot",
            {"strategy": "check", "unique_key": "id"},
            "a snapshot with the strategy 'check' needs 'check_cols'",
        ),
        (
            "snapshot",
            {"strategy": "check", "unique_key": "id", "check_cols": "some"},
            "'check_cols' must be 'all' or a list of columns, not 'some'",
        ),
        (
            "snapshot",
            {"strategy": "timestamp", "unique_key": "id"},
            "a snapshot with the strategy 'timestamp' needs 'updated_at'",
        ),
        (
            "snapshot",
            {"strategy": "timestamp", "unique_key": "id", "updated_at": "t", "check_cols": "all"},
            "a snapshot with the strategy 'timestamp' has no use for 'check_cols'",
        ),
        (
            "model",
            {"materialized": "incremental", "contract": {"enforced": True}},
            "Invalid value for on_schema_change: ignore. Models materialized as incremental with",
        ),
    ],
)
def test_rules_between_keys(kind: str, config: dict[str, Any], message: str) -> None:
    merged = merge_configs([config], kind)
    with pytest.raises(ParsingError) as caught:
        check_config(merged, kind)
    assert caught.value.fault.message.startswith(message)


def test_rules_between_keys_that_are_kept() -> None:
    check_config(merge_configs([{"strategy": "mine", "unique_key": ["a"]}], "snapshot"), "snapshot")
    check_config(merge_configs([{"contract": {"enforced": True}}], "model"), "model")


def test_what_was_written() -> None:
    layers = [{"tags": ["a"], "x": 1}, {"tags": ["b"]}]
    assert unrendered_config(layers) == {"tags": ["b"], "x": 1}


def test_paths_that_configure_nothing() -> None:
    fqns = {"models": [("shop", "staging", "orders")]}
    assert unused_config_paths(_runtime(TREE), fqns) == ["models.meta", "models.lib"]


def test_what_is_disabled_counts_in_every_section() -> None:
    config = _runtime({"data_tests": {"enabled": True}})
    assert unused_config_paths(config, {}) == ["data_tests"]
    assert unused_config_paths(config, {}, [("shop", "orders")]) == []
