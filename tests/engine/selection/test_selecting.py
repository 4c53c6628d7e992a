"""``select`` on a small project. Equality with dbt on real ones: tests/conformance/test_selection.py."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.engine.selection.building import project
from tidemill.engine.graph import Dag
from tidemill.engine.selection import resource_types_for, select
from tidemill.errors import ConfigurationError, UsageError
from tidemill.events import Message


def selected(root: Path, *include: str, **options: Any) -> list[str]:
    manifest, config = project(root)
    found = select(manifest, Dag.of(manifest), include, config=config, **options)
    return [key.replace(".shop.", ".") for key in found]


def models(root: Path, *include: str, **options: Any) -> list[str]:
    found = selected(root, *include, resource_types={"model"}, **options)
    return [key.removeprefix("model.") for key in found]


def test_everything_but_hooks_without_words(tmp_path: Path) -> None:
    assert selected(tmp_path) == [
        "exposure.report",
        "metric.revenue",
        "model.empty",
        "model.orders",
        "model.stg_orders",
        "model.stg_people",
        "seed.raw",
        "source.app.orders",
        "test.no_debts",
        "test.relationships",
        "test.unique_orders_id",
        "unit_test.orders.adds_up",
    ]
    hooks = selected(tmp_path, resource_types={"operation"})
    assert hooks == ["operation.shop-on-run-start-0"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("orders", ["orders"]),
        ("stg_*", ["stg_orders", "stg_people"]),
        ("shop.staging", ["stg_orders", "stg_people"]),
        ("+orders", ["orders", "stg_orders", "stg_people"]),
        ("raw+1", ["stg_orders", "stg_people"]),
        ("source:app+", ["empty", "orders", "stg_orders"]),
        ("@stg_people", ["empty", "orders", "stg_orders", "stg_people"]),
        ("tag:nightly,config.materialized:table", ["orders"]),
        ("access:public", ["orders"]),
        ("group:fin*", ["orders"]),
        ("file:stg_people", ["stg_people"]),
        ("package:this", ["empty", "orders", "stg_orders", "stg_people"]),
        ("version:none,resource_type:model,empty", ["empty"]),
    ],
)
def test_words(tmp_path: Path, words: str, expected: list[str]) -> None:
    assert models(tmp_path, words) == expected


def test_tests_come_along_by_mode(tmp_path: Path) -> None:
    def tests(*include: str, indirect: str) -> list[str]:
        types = {"test", "unit_test"}
        return selected(tmp_path, *include, resource_types=types, indirect=indirect)

    own = ["test.unique_orders_id", "unit_test.orders.adds_up"]
    assert tests("orders", indirect="eager") == ["test.relationships", *own]
    assert tests("orders", indirect="cautious") == own
    assert tests("orders", indirect="buildable") == ["test.relationships", *own]
    assert tests("access:public", indirect="empty") == []
    assert tests("orders", "stg_people", indirect="cautious") == ["test.relationships", *own]


def test_a_test_has_the_tags_of_its_column(tmp_path: Path) -> None:
    assert selected(tmp_path, "tag:key") == ["test.unique_orders_id"]


def test_nodes_without_sql_can_be_left_out(tmp_path: Path) -> None:
    assert selected(tmp_path, "empty", "raw", indirect="empty", with_empty=False) == ["seed.raw"]


def test_paths_are_looked_up_in_the_project(tmp_path: Path) -> None:
    (tmp_path / "models" / "staging").mkdir(parents=True)
    (tmp_path / "models" / "staging" / "stg_orders.sql").touch()
    assert models(tmp_path, "path:models/staging") == ["stg_orders", "stg_people"]
    assert models(tmp_path, "models/*/stg_*.sql") == ["stg_orders"]
    assert models(tmp_path, f"path:{tmp_path}/models/staging") == ["stg_orders", "stg_people"]
    with pytest.raises(UsageError, match="names no path inside the project"):
        models(tmp_path, "path:/elsewhere")


def test_words_that_match_nothing_are_told(tmp_path: Path) -> None:
    told: list[Message] = []
    assert selected(tmp_path, "orders", "nothing,tag:x", emit=told.append) != []
    assert [(message.text, message.level, message.code) for message in told] == [
        (
            "The selection criterion 'nothing,tag:x' does not match any enabled nodes",
            "warn",
            "M030",
        )
    ]


@pytest.mark.parametrize("word", ["state:modified", "result:error", "source_status:fresher+"])
def test_methods_that_need_state_say_so(tmp_path: Path, word: str) -> None:
    with pytest.raises(UsageError) as raised:
        selected(tmp_path, word)
    assert raised.value.fault.code == "selector-state"
    assert "--state FOLDER" in (raised.value.fault.hint or "")


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("resource_type:modle", "did you mean 'model'"),
        ("test_type:odd", "choose one of generic, singular, unit, data"),
        ("version:newest", "choose one of latest, prerelease, old, none"),
        ("source:a.b.c.d", "write source:[package.]source[.table]"),
        ("exposure:a.b.c", "write exposure:[package.]name"),
    ],
)
def test_values_that_mean_nothing(tmp_path: Path, word: str, hint: str) -> None:
    with pytest.raises(UsageError) as raised:
        selected(tmp_path, word)
    assert hint in (raised.value.fault.hint or "")


SELECTORS = """
selectors:
  - name: nightly
    default: true
    definition:
      union:
        - tag:nightly
        - exclude: [resource_type:test]
  - name: more
    definition:
      union:
        - method: selector
          value: nightly
        - {method: fqn, value: raw, children: true, children_depth: 1}
  - name: narrow
    definition:
      intersection: [{tag: nightly}, {config.materialized: view}]
  - name: without
    definition: {method: fqn, value: "*", exclude: ["stg_*"]}
"""


def test_named_selectors(tmp_path: Path) -> None:
    (tmp_path / "selectors.yml").write_text(SELECTORS)
    assert selected(tmp_path, selector="nightly") == [
        "metric.revenue",
        "model.orders",
        "model.stg_orders",
        "unit_test.orders.adds_up",
    ]
    assert selected(tmp_path) == selected(tmp_path, selector="nightly")
    assert models(tmp_path, selector="more") == ["orders", "stg_orders", "stg_people"]
    assert models(tmp_path, selector="narrow") == ["stg_orders"]
    assert models(tmp_path, selector="without") == ["empty", "orders"]
    assert models(tmp_path, "selector:narrow+1") == ["orders", "stg_orders"]
    with pytest.raises(UsageError, match="Could not find selector named nightl") as raised:
        selected(tmp_path, selector="nightl")
    assert raised.value.fault.hint == "did you mean 'nightly'?"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("selectors: {}", "must have a list 'selectors'"),
        ("selectors: [{name: x}]", "needs a 'name' and a 'definition'"),
        ("selectors: [{name: x, definition: 'tags:a'}]", "'tags' is not a valid method name"),
        ("selectors: [{name: x, definition: {union: [a], intersection: [b]}}]", "only one"),
        ("selectors: [{name: x, definition: {method: selector, value: y}}]", "selector named y"),
        (
            "selectors: [{name: x, default: true, definition: a}, {name: y, default: true, definition: a}]",
            "there can be one default",
        ),
    ],
)
def test_a_wrong_selectors_file_says_where(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "selectors.yml").write_text(text)
    with pytest.raises(ConfigurationError) as raised:
        selected(tmp_path, selector="x")
    assert message in raised.value.fault.message
    assert raised.value.fault.place is not None
    assert raised.value.fault.place.file == "selectors.yml"


def test_resource_types_of_commands() -> None:
    assert resource_types_for("run") == {"model"}
    assert resource_types_for("test", ["all"], ["unit_test"]) == {"test"}
    assert resource_types_for("build", exclude=["data_test", "exposure"]) == {
        "model",
        "seed",
        "snapshot",
        "unit_test",
        "saved_query",
        "function",
    }
    assert resource_types_for("ls", ["default", "analysis"]) == resource_types_for("list", ["all"])
    with pytest.raises(UsageError, match="'modle' is no resource type"):
        resource_types_for("build", ["modle"])
