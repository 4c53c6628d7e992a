from __future__ import annotations

from typing import Any

from tests.engine.selection.building import node
from tidemill.engine.nodes import Column, GenericTest, Model, TestMetadata
from tidemill.engine.parsing.primary_keys import primary_key


def model(**more: Any) -> Model:
    return node(Model, "model", "orders", **more)


def data_test(name: str, enabled: bool = True, **arguments: Any) -> GenericTest:
    metadata = TestMetadata(name=name, kwargs=arguments)
    config = {"enabled": enabled}
    return node(GenericTest, "test", name, test_metadata=metadata, config=config)


def test_constraints_come_first() -> None:
    key = {"type": "primary_key", "columns": ["a", "b"]}
    id_column = Column(name="id", constraints=({"type": "primary_key"},))
    unique = data_test("unique", column_name="x")
    assert primary_key(model(constraints=(key,)), [unique]) == ["a", "b"]
    assert primary_key(model(columns={"id": id_column}), [unique]) == ("id",)


def test_unique_and_not_null_before_unique_alone() -> None:
    tests = [
        data_test("unique", column_name="a"),
        data_test("unique", column_name="b", enabled=False),
        data_test("not_null", column_name="b"),
        data_test("unique_combination_of_columns", combination_of_columns=["c", "d", 1]),
    ]
    assert primary_key(model(), tests) == {"b"}
    assert primary_key(model(), [tests[0], tests[3], tests[1]]) == {"a", "c", "d"}
    assert primary_key(model(), [tests[1]]) == {"b"}
    assert primary_key(model(), [tests[2]]) == set()
