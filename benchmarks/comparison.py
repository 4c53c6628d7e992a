"""Measures operations in pairs, one contender right after the other, and keeps every single figure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.contenders import Contender, clean_environment, statuses
from benchmarks.generator.project import write_project
from benchmarks.generator.shape import Shape
from benchmarks.measure import Cost, measure
from benchmarks.operations import Bench, Operation


class DisagreementError(Exception):
    """Two contenders ran the same project with different results: their times cannot be compared."""


@dataclass(frozen=True)
class Row:
    """One operation on one project: the costs of each contender, pair by pair."""

    size: int
    operation: str
    costs: dict[str, tuple[Cost, ...]]
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
        """Return how many times more `peer` needs of each: the medians over the pairs."""
        pairs = list(zip(self.costs[contender], self.costs[peer], strict=True))
        return Cost(
            wall=median(theirs.wall / ours.wall for ours, theirs in pairs),
            cpu=median(theirs.cpu / ours.cpu for ours, theirs in pairs),
            rss=median(theirs.rss / ours.rss for ours, theirs in pairs),
        )

    def as_json(self) -> dict[str, Any]:
        """Return the row with all its single figures."""
        return asdict(self)


def compare(
    shape: Shape,
    contenders: Sequence[Contender],
    operations: Sequence[Operation],
    repeats: int,
    work: Path,
) -> Iterator[Row]:
    """Write the project once for each contender and yield a row for each operation."""
    benches = {
        contender.name: Bench(work / f"{shape.size}-{contender.name}", shape)
        for contender in contenders
    }
    for bench in benches.values():
        write_project(bench.folder, shape)
        bench.empty_database()
    for operation in operations:
        yield _measure_operation(operation, contenders, benches, repeats)


def _measure_operation(
    operation: Operation,
    contenders: Sequence[Contender],
    benches: dict[str, Bench],
    repeats: int,
) -> Row:
    """Measure one operation `repeats` times on every side, taking turns at going first."""
    env = clean_environment()
    costs: dict[str, list[Cost]] = {contender.name: [] for contender in contenders}
    for repeat in range(repeats):
        for contender in contenders if repeat % 2 == 0 else reversed(contenders):
            bench = benches[contender.name]
            operation.prepare(bench)
            costs[contender.name].append(
                measure(contender.command(*operation.words), bench.folder, env)
            )
    shape = next(iter(benches.values())).shape
    return Row(
        size=shape.size,
        operation=operation.name,
        costs={name: tuple(found) for name, found in costs.items()},
        results=_agreed(operation, benches) if operation.executes else None,
    )


def _agreed(operation: Operation, benches: dict[str, Bench]) -> dict[str, int]:
    """Return what all contenders say came out; raise DisagreementError when they do not agree."""
    found = {name: statuses(bench.folder) for name, bench in benches.items()}
    first, *others = found.values()
    if any(other != first for other in others):
        raise DisagreementError(f"{operation.name}: {found}")
    return first
