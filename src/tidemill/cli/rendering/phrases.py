"""Small texts that scripts and eyes know from dbt: progress lines, counts, durations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

_PLURALS = {"analysis": "analyses", "test": "data tests", "saved_query": "saved queries"}


def progress_line(
    text: str,
    status: str,
    *,
    index: int | None = None,
    total: int | None = None,
    seconds: float | None = None,
    width: int = 80,
    shorten: bool = False,
) -> str:
    """``1 of 8 OK created sql table model main.orders .... [OK in 0.05s]``."""
    place = "" if index is None or total is None else f"{index} of {total} "
    left = f"{place}{text} ".ljust(width, ".")
    if shorten and len(left) > width - 3:
        left = left[: width - 3] + "..."
    took = "" if seconds is None else f" in {seconds:0.2f}s"
    return f"{left} [{status}{took}]"


def plural(count: int, noun: str) -> str:
    """``1 model``, ``2 models``, ``3 data tests``."""
    word = noun if count == 1 else _PLURALS.get(noun, f"{noun}s")
    return f"{count} {word}".replace("_", " ")


def counted(counts: Mapping[str, int]) -> str:
    """``6 models, 1 analysis``: what there is of each kind, in the order given."""
    return ", ".join(plural(count, noun) for noun, count in counts.items() if count)


def tallied(nouns: Iterable[str]) -> str:
    """``2 project hooks, 1 seed, 3 view models``: how many of each, in alphabetical order."""
    counts: dict[str, int] = {}
    for noun in nouns:
        counts[noun] = counts.get(noun, 0) + 1
    return counted(dict(sorted(counts.items())))


def duration(seconds: float) -> str:
    """``0 hours 1 minutes and 2.50 seconds``, as dbt writes it."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{int(hours)} hours {int(minutes)} minutes and {rest:0.2f} seconds"
