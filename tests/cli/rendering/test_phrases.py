"""Texts that scripts know from dbt."""

from __future__ import annotations

import pytest

from tidemill.cli.rendering.phrases import counted, duration, plural, progress_line, tallied


def test_progress_line() -> None:
    line = progress_line(
        "OK created sql table model main.orders", "OK", index=1, total=8, seconds=0.054
    )
    assert line == (
        "1 of 8 OK created sql table model main.orders .................................. "
        "[OK in 0.05s]"
    )
    assert len(line.partition(" [")[0]) == 80


def test_progress_line_without_place_and_time() -> None:
    assert progress_line("CANCEL query a", "CANCEL", width=20) == "CANCEL query a ..... [CANCEL]"


def test_a_long_line_keeps_its_words() -> None:
    line = progress_line("START " + "x" * 90, "RUN", index=1, total=1)
    assert line == f"1 of 1 START {'x' * 90}  [RUN]"


def test_a_long_hook_is_shortened() -> None:
    line = progress_line("OK hook: " + "x" * 90, "OK", index=1, total=1, shorten=True)
    assert line == f"1 of 1 OK hook: {'x' * 61}... [OK]"


@pytest.mark.parametrize(
    ("count", "noun", "text"),
    [
        (1, "model", "1 model"),
        (2, "model", "2 models"),
        (0, "error", "0 errors"),
        (2, "analysis", "2 analyses"),
        (1, "test", "1 test"),
        (3, "test", "3 data tests"),
        (2, "unit_test", "2 unit tests"),
        (2, "saved_query", "2 saved queries"),
    ],
)
def test_plural(count: int, noun: str, text: str) -> None:
    assert plural(count, noun) == text


def test_counted_keeps_order_and_leaves_out_nothing() -> None:
    assert counted({"model": 6, "seed": 1, "source": 0}) == "6 models, 1 seed"


def test_tallied() -> None:
    nouns = ["view model", "seed", "project hook", "view model", "test", "project hook"]
    assert tallied(nouns) == "2 project hooks, 1 seed, 1 test, 2 view models"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.894, "0 hours 0 minutes and 0.89 seconds"),
        (3725.5, "1 hours 2 minutes and 5.50 seconds"),
    ],
)
def test_duration(seconds: float, text: str) -> None:
    assert duration(seconds) == text
