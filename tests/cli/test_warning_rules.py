"""Which warnings are errors: dbt's order of names, groups and keys."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.conftest import Tidemill
from tidemill.cli.arguments.parser import ArgumentFault
from tidemill.cli.warning_rules import warning_rules

_UNUSED, _KEYS, _MOVED = (
    "UnusedResourceConfigPath",
    "DuplicateYAMLKeysDeprecation",
    "PackageRedirectDeprecation",
)


@pytest.mark.parametrize(
    ("options", "fates"),
    [
        ({}, ["warn", "warn", "warn"]),
        ({"error": "all"}, ["error", "error", "error"]),
        ({"include": "*"}, ["error", "error", "error"]),
        ({"error": [_UNUSED]}, ["error", "warn", "warn"]),
        ({"error": ["Deprecations"]}, ["warn", "error", "error"]),
        ({"error": "all", "warn": ["Deprecations"]}, ["error", "warn", "warn"]),
        ({"error": "all", "exclude": [_UNUSED]}, ["warn", "error", "error"]),
        ({"error": "all", "silence": ["Deprecations"]}, ["error", "silence", "silence"]),
        ({"silence": ["Deprecations"], "warn": [_KEYS]}, ["warn", "warn", "silence"]),
        ({"error": ["Deprecations"], "silence": [_MOVED]}, ["warn", "error", "silence"]),
    ],
)
def test_names_win_over_groups(options: dict[str, Any], fates: list[str]) -> None:
    rules = warning_rules(options)
    assert [rules.fate(name) for name in (_UNUSED, _KEYS, _MOVED)] == fates


def test_warn_error_is_about_all() -> None:
    assert warning_rules(None, all_errors=True).fate(None) == "error"
    assert warning_rules(None).fate(None) == "warn"


def test_some_are_heard_by_flag_only() -> None:
    name = "MicrobatchModelNoEventTimeInputs"
    assert warning_rules({"silence": [name]}, all_errors=False).fate(name) == "warn"
    assert warning_rules(None, all_errors=True).fate(name) == "warn"
    assert warning_rules(None, all_errors=True, all_heard=True).fate(name) == "error"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"error": ["UnusedResourceConfigPaths"]}, "did you mean 'UnusedResourceConfigPath'"),
        ({"errors": "all"}, "'errors' is no key; did you mean 'error'"),
        ({"error": "all", "include": "all"}, "Only `include` or `error` can be specified"),
        ({"error": "some"}, "error must be a list of names"),
        ({"warn": [_UNUSED]}, "`warn` can only be specified if `error` is 'all'"),
    ],
)
def test_what_dbt_does_not_know(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ArgumentFault, match="--warn-error-options") as caught:
        warning_rules(options)
    assert message in str(caught.value)


@pytest.mark.usefixtures("shop")
def test_a_command_follows_them(tidemill: Tidemill) -> None:
    stopped = tidemill(
        "ls", "-s", "nothing", "--warn-error-options", "{error: [NoNodesForSelectionCriteria]}"
    )
    assert stopped.code == 2
    assert "Compilation Error" in stopped.lines
    silent = tidemill(
        "ls", "-s", "nothing", "--warn-error-options", "{silence: [NoNodesForSelectionCriteria]}"
    )
    assert silent.code == 0
    assert not any("does not match" in line for line in silent.lines)
