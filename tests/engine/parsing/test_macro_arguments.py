"""Macros' arguments: types as dbt knows them, and what is told when YAML and macro differ."""

from __future__ import annotations

import pytest

from tidemill.engine.nodes import Macro, MacroArgument
from tidemill.engine.parsing.macro_arguments import is_type, mismatches, with_signatures
from tidemill.errors import Place

NAMED = (
    "Argument rihgt in yaml for macro join does not match the jinja definition, which has right."
)
COUNTED = (
    "The number of arguments in the yaml for macro join does not match the jinja definition:"
    " 1 there, 3 here."
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("string", True),
        ("list[string]", True),
        (" dict[ str, list[int] ] ", True),
        ("optional[dict[str, any]]", True),
        ("relation", True),
        ("text", False),
        ("int[int]", False),
        ("list", False),
        ("list[]", False),
        ("dict[str]", False),
        ("dict[str, int", False),
        ("string or none", False),
        ("", False),
    ],
)
def test_types(text: str, expected: bool) -> None:
    assert is_type(text) is expected


def _macro() -> Macro:
    macro = Macro(
        unique_id="macro.shop.join",
        name="join",
        package_name="shop",
        path="macros/join.sql",
        original_file_path="macros/join.sql",
        macro_sql="{% macro join(left, right, how='inner') %}{% endmacro %}",
    )
    return with_signatures({macro.unique_id: macro})[macro.unique_id]


def test_signature() -> None:
    assert [argument.name for argument in _macro().arguments] == ["left", "right", "how"]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({}, []),
        ({"left": "relation", "right": None, "how": ""}, []),
        (
            {"left": None, "rihgt": None, "how": None},
            [
                NAMED,
            ],
        ),
        (
            {"left": "table"},
            [
                COUNTED,
                "Argument left in the yaml for macro join has an invalid type: table.",
            ],
        ),
    ],
)
def test_mismatches(told: dict[str, str | None], expected: list[str]) -> None:
    described = tuple(MacroArgument(name=name, type=kind) for name, kind in told.items())
    found = mismatches(_macro(), described, Place(file="macros/join.yml"))
    assert [fault.message for fault in found] == expected


@pytest.mark.parametrize(("folder", "count"), [("macros", 1), ("tests/generic", 0)])
def test_tests_have_a_signature_where_macros_have(folder: str, count: int) -> None:
    macro = Macro(
        unique_id="macro.shop.test_empty",
        name="test_empty",
        package_name="shop",
        path=f"{folder}/empty.sql",
        original_file_path=f"{folder}/empty.sql",
        macro_sql="{% test empty(model) %}{% endtest %}",
    )
    assert len(with_signatures({"": macro})[""].arguments) == count
