"""Measures operations in turns, one contender right after the other, and keeps every single figure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.contenders import Contender, clean_environment, statuses
from benchmarks.measure import Cost, measure
from benchmarks.operations import Operation
from benchmarks.workplace import Source, Workplace


class DisagreementError(Exception):
    """Two contenders ran the same project with different results: their times cannot be compared."""


@dataclass(frozen=True)
class Row:
    """One operation on one project: the costs of each contender, turn by turn."""

    size: int
    operation: str
    costs: dict[str, tuple[Cost, ...]]
    """Without contenders that cannot do it."""
    results: dict[str, int] | None
    """Status to number of nodes, where the operation executes any."""

    def typical(self, contender: str) -> Cost:
        """Return the median of each figure."""
        costs = self.costs[contender]
        return Cost(
            wall=median(cost.wall for cost in costs),
            cpu=median(cost.cpu for cost in costs),
            rss=median(cost.rss for cost in costs),
        )

    def ratios(self, contender: str, peer: str) -> Cost:
        """Return how many times more `peer` needs of each: the medians over the turns."""
        pairs = list(zip(self.costs[contender], self.costs[peer], strict=True))
        return Cost(
            wall=median(theirs.wall / ours.wall for ours, theirs in pairs),
            cpu=median(theirs.cpu / ours.cpu for ours, theirs in pairs),
            rss=median(theirs.rss / ours.rss for ours, theirs in pairs),
        )

    def as_json(self) -> dict[str, Any]:
        """Return the row with all its single figures."""
        return asdict(self)


def workplaces(source: Source, contenders: Sequence[Contender], work: Path) -> list[Workplace]:
    """Make a copy of the project for each contender."""
    found = [Workplace(work / f"{source.name}-{each.name}", source, each) for each in contenders]
    for place in found:
        place.make()
    return found


def compare(
    places: Sequence[Workplace], operations: Sequence[Operation], repeats: int
) -> Iterator[Row]:
    """Yield a row for each operation."""
    for operation in operations:
        yield _measure_operation(operation, places, repeats)


def _measure_operation(operation: Operation, places: Sequence[Workplace], repeats: int) -> Row:
    """Measure one operation `repeats` times on every side, taking turns at going first."""
    able = [place for place in places if _words(operation, place) is not None]
    costs: dict[str, list[Cost]] = {place.contender.name: [] for place in able}
    for repeat in range(repeats):
        for place in able if repeat % 2 == 0 else reversed(able):
            operation.prepare(place)
            words = _words(operation, place) or ()
            command = place.contender.command(*words)
            cost = measure(command, place.folder, clean_environment())
            costs[place.contender.name].append(cost)
    return Row(
        size=places[0].source.size,
        operation=operation.name,
        costs={name: tuple(found) for name, found in costs.items()},
        results=_agreed(operation, able) if operation.executes else None,
    )


def _words(operation: Operation, place: Workplace) -> tuple[str, ...] | None:
    contender = place.contender
    return operation.words_of(contender.name, contender.takes_dbts_words)


def _agreed(operation: Operation, places: Sequence[Workplace]) -> dict[str, int] | None:
    """Return what all who write dbt's results say came out; raise DisagreementError when they do not agree."""
    found = {
        place.contender.name: statuses(place.folder)
        for place in places
        if place.contender.takes_dbts_words
    }
    if not found:
        return None
    first, *others = found.values()
    if any(other != first for other in others):
        raise DisagreementError(f"{operation.name}: {found}")
    return first
