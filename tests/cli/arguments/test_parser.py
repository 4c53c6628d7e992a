"""Words to values, with dbt's habits."""

from __future__ import annotations

from typing import Any

import pytest

from tidemill.cli.arguments.parser import ArgumentFault, HelpWanted, VersionWanted, parse_words


def parsed(line: str) -> tuple[str, dict[str, Any]]:
    words = parse_words(line.split())
    return words.verb.name, words.values


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("--quiet run", {"quiet": True}),
        ("run --quiet", {"quiet": True}),
        ("--no-quiet run", {"quiet": False}),
        ("run --no-print --no-write-json", {"print": False, "write_json": False}),
        ("--target prod run", {"target": "prod"}),
        ("run -t prod", {"target": "prod"}),
        ("run -xf", {"fail_fast": True, "full_refresh": True}),
        ("run -s a b c", {"select": ["a", "b", "c"]}),
        ("run --select a --select b", {"select": ["a", "b"]}),
        ("run -m a --models b --model c -s d", {"select": ["a", "b", "c", "d"]}),
        ("run -s +a 2+b+3 @c tag:x,config.materialized:view", {
            "select": ["+a", "2+b+3", "@c", "tag:x,config.materialized:view"],
        }),
        ("run --select=a -x", {"select": ["a"], "fail_fast": True}),
        ("run -s a --exclude b c --threads 4", {
            "select": ["a"], "exclude": ["b", "c"], "threads": "4",
        }),
        ("run --vars {a:1}", {"vars": "{a:1}"}),
        ("run --threads=8 --printer-width 100", {"threads": "8", "printer_width": "100"}),
    ],
)  # fmt: skip
def test_options(line: str, values: dict[str, Any]) -> None:
    assert parsed(line) == ("run", values)


def test_one_word_may_hold_several_selectors() -> None:
    assert parse_words(["run", "-s", "a b", "c"]).values == {"select": ["a", "b", "c"]}


def test_a_word_by_position() -> None:
    assert parsed("run-operation grant --args {}") == (
        "run-operation",
        {"macro": "grant", "args": "{}"},
    )


def test_an_alias_is_the_verb() -> None:
    words = parse_words(["list", "--output", "name"])
    assert (words.verb.name, words.verb_word) == ("ls", "list")


def test_models_of_ls_are_something_else() -> None:
    assert parsed("ls -m a b") == ("ls", {"models": ["a", "b"]})


@pytest.mark.parametrize(
    ("line", "message", "verb"),
    [
        ("biuld", "there is no command 'biuld'; did you mean 'build'?", None),
        ("zzz", "there is no command 'zzz'", None),
        (
            "run --full-refersh",
            "there is no option '--full-refersh'; did you mean '--full-refresh'?",
            "run",
        ),
        ("run --full", "there is no option '--full'; did you mean '--full-refresh'?", "run"),
        ("--quite run", "there is no option '--quite'; did you mean '--quiet' or", None),
        ("run orders", "'orders' is one word too many", "run"),
        ("run --select", "argument -s/--select/-m/--models/--model: expected at least", "run"),
        ("run-operation", "the following arguments are required: MACRO", "run-operation"),
        ("run --output json", "there is no option '--output'", "run"),
    ],
)
def test_faults(line: str, message: str, verb: str | None) -> None:
    with pytest.raises(ArgumentFault) as caught:
        parsed(line)
    assert str(caught.value).startswith(message)
    assert caught.value.verb == verb


@pytest.mark.parametrize("line", ["", "--debug", "-h", "--help", "--quiet --help"])
def test_help_on_everything(line: str) -> None:
    with pytest.raises(HelpWanted) as caught:
        parsed(line)
    assert caught.value.verb is None


@pytest.mark.parametrize("line", ["run --help", "run -h", "--quiet run -s a --help", "retry -h"])
def test_help_on_a_verb(line: str) -> None:
    with pytest.raises(HelpWanted) as caught:
        parsed(line)
    assert caught.value.verb is not None


def test_version_after_a_verb() -> None:
    with pytest.raises(VersionWanted):
        parsed("run --version")
