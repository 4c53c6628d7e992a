"""Contracts and primary keys of models that are described."""

from __future__ import annotations

from typing import Any

import pytest

from tests.engine.parsing.test_linking import manifest_of, named
from tidemill.engine.nodes import Column, Model
from tidemill.engine.parsing.contract_rules import contract_faults, contract_notices

KEY = {"type": "primary_key", "warn_unsupported": True}


def described(*, enforced: bool = True, materialized: str = "table", **fields: Any) -> Model:
    config = {"materialized": materialized, "contract": {"enforced": enforced}}
    return named("a", patch_path="shop://models/s.yml", config=config, **fields)


def columns(*names: str, **constraint: Any) -> dict[str, Column]:
    constraints = ({**KEY, **constraint},)
    return {name: Column(name=name, constraints=constraints) for name in names}


@pytest.mark.parametrize(
    ("model", "phrase"),
    [
        (described(), "Constraints must be defined in a `yml` schema configuration file"),
        (
            described(columns=columns("id"), language="python"),
            "Language Error: Expected 'sql' but found 'python'",
        ),
        (
            described(enforced=False, columns=columns("id", "day")),
            "Found 2 columns (['id', 'day']) with primary key constraints defined",
        ),
        (
            described(columns=columns("id"), constraints=(KEY,)),
            "Primary key constraints defined at the model level and the columns level",
        ),
    ],
)
def test_faults(model: Model, phrase: str) -> None:
    (fault,) = contract_faults(manifest_of(model))
    assert phrase in fault.message


def test_what_is_sound_or_not_described() -> None:
    sound = described(columns=columns("id"))
    assert [*contract_faults(manifest_of(sound))] == []
    assert [
        *contract_faults(manifest_of(named("a", config={"contract": {"enforced": True}})))
    ] == []


@pytest.mark.parametrize(
    ("materialized", "warns", "number"), [("view", True, 1), ("view", False, 0), ("table", True, 0)]
)
def test_constraints_that_nobody_keeps(materialized: str, warns: bool, number: int) -> None:
    model = described(materialized=materialized, columns=columns("id", warn_unsupported=warns))
    assert len([*contract_notices(manifest_of(model))]) == number
