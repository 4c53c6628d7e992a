"""What is warned of in the command itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Tidemill
from tidemill.cli.arguments.parser import parse_words
from tidemill.cli.arguments.settings import resolve
from tidemill.cli.old_words import old_words

FOREIGN = (
    "Found custom environment variable `DBT_ENGINE_MINE`: names that begin with "
    "`DBT_ENGINE_` are kept for dbt's own"
)


@pytest.mark.parametrize(
    ("words", "environment", "messages"),
    [
        (["ls", "--select", "orders"], {}, []),
        (
            ["ls", "--models", "orders"],
            {},
            ["Usage of `--models`, `--model`, and `-m` is deprecated"],
        ),
        (["ls", "-m", "orders"], {}, ["Usage of `--models`, `--model`, and `-m` is deprecated"]),
        (
            ["run"],
            {"DBT_DEFER_TO_STATE": "1"},
            [
                "The environment variable `DBT_DEFER_TO_STATE` has been renamed as `DBT_ENGINE_DEFER`"
            ],
        ),
        (
            ["run"],
            {"DBT_ENGINE_MINE": "1", "DBT_ENGINE_DEFER": "0", "DBT_MINE": "1"},
            [FOREIGN],
        ),
        (
            ["run", "--warn-error-options", "{include: all, exclude: [NothingToDo]}"],
            {},
            ["Found `include` and `exclude` in `warn_error_options`"],
        ),
        (["run", "--warn-error-options", "{error: all, warn: [NothingToDo]}"], {}, []),
    ],
)
def test_old_words(words: list[str], environment: dict[str, str], messages: list[str]) -> None:
    understood = parse_words(words)
    settings = resolve(understood, environment, {})
    assert [f.message for f in old_words(understood, settings, environment)] == messages


@pytest.mark.parametrize(
    ("variable", "value", "name", "expected"),
    [
        ("DBT_DEFER_TO_STATE", "1", "defer", True),
        ("DBT_FAVOR_STATE_MODE", "1", "favor_state", True),
        ("DBT_ARTIFACT_STATE_PATH", "old", "state", "old"),
        ("DBT_NO_PRINT", "1", "print", False),
        ("DBT_NO_PRINT", "0", "print", True),
    ],
)
def test_old_variables_still_count(variable: str, value: str, name: str, expected: object) -> None:
    settings = resolve(parse_words(["run"]), {variable: value}, {})
    assert settings[name] == expected


def test_they_are_told_and_can_be_errors(
    tidemill: Tidemill, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = tidemill("ls", "-m", "customers", "--log-format", "json")
    assert said.code == 0
    names = [json.loads(line)["info"]["name"] for line in said.out.splitlines()]
    assert "ModelParamUsageDeprecation" in names
    assert tidemill("--warn-error", "ls", "-m", "customers").code == 2
    monkeypatch.setenv("DBT_ENGINE_MINE", "1")
    events = [
        json.loads(line) for line in tidemill("parse", "--log-format", "json").out.splitlines()
    ]
    (event,) = (e for e in events if e["info"]["code"] == "D036")
    assert event["data"]["env_var"] == "DBT_ENGINE_MINE"
