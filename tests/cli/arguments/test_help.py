"""Help names everything that there is, and stays within its width."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Tidemill
from tidemill.cli.arguments.help import overview, page
from tidemill.cli.arguments.settings import longest_word
from tidemill.cli.arguments.verbs import VERBS, Verb

READY = [verb for verb in VERBS if verb.module]


def test_the_overview_names_every_verb() -> None:
    text = overview()
    assert [verb.name for verb in VERBS if verb.name not in text] == []


@pytest.mark.parametrize("verb", READY, ids=lambda verb: verb.name)
def test_a_page_names_every_option_that_works(verb: Verb) -> None:
    text = page(verb)
    for option in verb.all_options:
        about_selection = option.group == "Selection" and option not in verb.options
        if not (option.hidden or about_selection):
            assert longest_word(option).removeprefix("--") in text


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_no_line_is_too_long(verb: Verb) -> None:
    lines = [line for line in page(verb).splitlines() if not line.startswith("  tidemill ")]
    assert max(map(len, lines)) <= 92


def test_the_page_of_clean() -> None:
    head = page(next(verb for verb in VERBS if verb.name == "clean")).splitlines()[:11]
    assert head == [
        "Usage: tidemill clean [options]",
        "",
        "Delete the folders that dbt_project.yml names as clean-targets.",
        "Only folders inside the project are deleted, and never those with the project's sources.",
        "",
        "Run:",
        "      --[no-]clean-project-files-only",
        "                            Refuse folders outside the project.",
        "                            [DBT_CLEAN_PROJECT_FILES_ONLY]",
        "  -x, --[no-]fail-fast      Stop at the first failure. [DBT_FAIL_FAST]",
        "      --[no-]warn-error     Treat every warning as an error. [DBT_WARN_ERROR]",
    ]


def test_help_goes_to_standard_output(tidemill: Tidemill) -> None:
    said = tidemill("--help")
    assert (said.code, said.out.splitlines()[0], said.err) == (
        0,
        "Usage: tidemill [options] COMMAND [options]",
        "",
    )


def test_no_words_at_all_are_an_error(tidemill: Tidemill) -> None:
    said = tidemill()
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("Usage: tidemill")
