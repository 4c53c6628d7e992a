"""The declared verbs and options: complete beside dbt's, and without contradictions."""

from __future__ import annotations

from collections import Counter
from importlib import import_module

import pytest

from tests.cli.arguments.dbt_options import BY_COMMAND, COMMANDS, GLOBAL
from tidemill.cli.arguments.option import Option
from tidemill.cli.arguments.verbs import VERBS, Verb, verb_named, verb_words

READY = VERBS


def words_of(option: Option) -> list[str]:
    negatives = [f"--no-{word[2:]}" for word in option.words if word.startswith("--")]
    return [*option.words, *(negatives if option.kind == "switch" else ())]


def known_words(verb: Verb) -> set[str]:
    return {w for o in verb.all_options for w in words_of(o)} | {"--version", "-v", "-V"}


def test_every_command_of_dbt_is_known() -> None:
    assert {word.partition(" ")[0] for word in verb_words()} >= COMMANDS


@pytest.mark.parametrize("command", sorted(BY_COMMAND))
def test_every_option_of_dbt_is_known(command: str) -> None:
    verb = verb_named(command)
    assert verb is not None
    assert {*BY_COMMAND[command], *GLOBAL} - known_words(verb) == set()


@pytest.mark.parametrize("verb", READY, ids=lambda verb: verb.name)
def test_no_word_means_two_options(verb: Verb) -> None:
    counts = Counter(word for option in verb.all_options for word in words_of(option))
    assert [word for word, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("verb", READY, ids=lambda verb: verb.name)
def test_a_ready_verb_has_its_module(verb: Verb) -> None:
    assert callable(import_module(verb.module).run)


@pytest.mark.parametrize("verb", READY, ids=lambda verb: verb.name)
def test_every_option_is_explained(verb: Verb) -> None:
    for option in verb.all_options:
        assert option.help.endswith("."), option.name
        assert any(word.startswith("--") for word in option.words), option.name
