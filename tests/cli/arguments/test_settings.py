"""Four places that set options, and which of them wins."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tidemill.cli.arguments.parser import ArgumentFault, parse_words
from tidemill.cli.arguments.settings import Settings, resolve


def settled(
    line: str, environment: dict[str, str] | None = None, flags: dict[str, Any] | None = None
) -> Settings:
    return resolve(parse_words(line.split()), environment or {}, flags or {})


def test_defaults() -> None:
    settings = settled("build")
    assert {
        name: settings[name]
        for name in ("select", "full_refresh", "fail_fast", "indirect_selection", "printer_width",
                     "print", "write_json", "use_colors", "log_level", "threads", "target")
    } == {
        "select": None, "full_refresh": False, "fail_fast": False, "indirect_selection": "eager",
        "printer_width": 80, "print": True, "write_json": True, "use_colors": None,
        "log_level": "info", "threads": None, "target": None,
    }  # fmt: skip
    assert settings.given == frozenset()


def test_the_command_line_wins() -> None:
    settings = settled("run --no-fail-fast", {"DBT_FAIL_FAST": "1"}, {"fail_fast": True})
    assert settings["fail_fast"] is False
    assert settings.given == {"fail_fast"}


def test_variables_win_over_the_project() -> None:
    settings = settled("run", {"DBT_PRINTER_WIDTH": "120"}, {"printer_width": 90})
    assert settings["printer_width"] == 120


def test_the_project_wins_over_defaults() -> None:
    settings = settled("run", {}, {"printer_width": 90, "fail_fast": True})
    assert (settings["printer_width"], settings["fail_fast"]) == (90, True)
    assert settings.given == frozenset()


def test_the_project_cannot_set_everything() -> None:
    assert settled("run", {}, {"full_refresh": True, "target": "prod"})["full_refresh"] is False


def test_newer_names_of_variables_win() -> None:
    environment = {"DBT_ENGINE_TARGET": "new", "DBT_TARGET": "old"}
    assert settled("run", environment)["target"] == "new"


def test_an_empty_variable_says_nothing() -> None:
    assert settled("run", {"DBT_TARGET": ""})["target"] is None


@pytest.mark.parametrize(
    ("variable", "name", "text", "value"),
    [
        ("DBT_FULL_REFRESH", "full_refresh", "true", True),
        ("DBT_FULL_REFRESH", "full_refresh", "0", False),
        ("DBT_TARGET_PATH", "target_path", "out", "out"),
        ("DBT_PROFILES_DIR", "profiles_dir", "/p", "/p"),
        ("DBT_PROJECT_DIR", "project_dir", "/q", "/q"),
        ("DBT_LOG_FORMAT", "log_format", "json", "json"),
        ("DBT_RESOURCE_TYPES", "resource_types", "model test", ["model", "test"]),
        ("DBT_INDIRECT_SELECTION", "indirect_selection", "cautious", "cautious"),
        ("DBT_STORE_FAILURES", "store_failures", "yes", True),
        ("DBT_QUIET", "quiet", "on", True),
    ],
)
def test_variables(variable: str, name: str, text: str, value: Any) -> None:
    assert settled("build", {variable: text})[name] == value


@pytest.mark.parametrize("variable", ["DBT_THREADS", "DBT_SELECT", "DBT_VARS"])
def test_some_options_have_no_variable(variable: str) -> None:
    assert settled("run", {variable: "9"}).given == frozenset()


@pytest.mark.parametrize(
    ("line", "follower", "value"),
    [
        ("--log-level warn run", "log_level_file", "warn"),
        ("--log-format json run", "log_format_file", "json"),
        ("--use-colors run", "use_colors_file", True),
        ("--log-level warn --log-level-file debug run", "log_level_file", "debug"),
        ("run", "log_level_file", "debug"),
    ],
)
def test_settings_of_the_file_follow_those_of_the_console(
    line: str, follower: str, value: Any
) -> None:
    assert settled(line)[follower] == value


@pytest.mark.parametrize(
    ("line", "environment", "flags", "message"),
    [
        ("run --threads four", {}, {}, "--threads: 'four' is not a whole number"),
        (
            "run --indirect-selection eagr",
            {},
            {},
            "--indirect-selection: 'eagr' is not one of 'eager', 'cautious', 'buildable', 'empty'; did",
        ),
        ("run", {"DBT_FAIL_FAST": "maybe"}, {}, "DBT_FAIL_FAST: 'maybe' is neither true nor false"),
        (
            "run",
            {},
            {"printer_width": "wide"},
            "flags: printer_width in dbt_project.yml: 'wide' is not a whole number",
        ),
        ("run --vars [", {}, {}, "--vars: '[' is not valid YAML"),
        ("run --vars a", {}, {}, "--vars: 'a' is not a mapping; write '{name: value}'"),
        ("build --resource-type modell", {}, {}, "--resource-type: 'modell' is not one of"),
        ("compile -s a --inline b", {}, {}, "--inline cannot be combined with --select"),
    ],
)
def test_faults(
    line: str, environment: dict[str, str], flags: dict[str, Any], message: str
) -> None:
    with pytest.raises(ArgumentFault) as caught:
        settled(line, environment, flags)
    assert str(caught.value).startswith(message)


def test_turning_off_what_is_not_available_is_no_fault() -> None:
    assert settled("run --no-defer")["defer"] is False


def test_yaml_values() -> None:
    words = parse_words(["run", "--vars", "{day: 2024-01-31, tags: [a, b]}"])
    values = resolve(words, {}, {})["vars"]
    assert values == {"day": date(2024, 1, 31), "tags": ["a", "b"]}
