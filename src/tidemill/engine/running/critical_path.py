"""The critical path first: of several steps that are ready, the one with the most work behind it starts.

A step counts with the time that it took when it last ran; one that nobody knows counts as the middle of its kind.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tidemill.engine.running.plan import Step
from tidemill.engine.running.progress import Priority

_UNKNOWN = {"test": 0.25, "unit_test": 0.25, "exposure": 0.0}
"""Guesses in comparison to a model, where nothing of a kind has ever run."""


def longest_first(steps: Sequence[Step], seconds: Mapping[str, float]) -> Priority:
    """A step's urgency: its own time, and that of the longest chain of steps that wait for it.

    ``seconds`` are times of earlier runs by unique id. Without any, the longest chain of models goes first.
    """
    typical = _typical(steps, seconds)
    behind: dict[str, float] = {}
    urgency: dict[str, float] = {}
    # Steps stand behind those that they wait for, so that all behind a step is known when it is reached.
    for step in reversed(steps):
        own = seconds.get(step.unique_id, typical[step.node.resource_type])
        total = urgency[step.unique_id] = own + behind.get(step.unique_id, 0.0)
        for parent in step.depends_on:
            behind[parent] = max(behind.get(parent, 0.0), total)
    return lambda step: urgency[step.unique_id]


def _middle(values: Sequence[float]) -> float:
    ordered, half = sorted(values), len(values) // 2
    return ordered[half] if len(values) % 2 else (ordered[half - 1] + ordered[half]) / 2


def _typical(steps: Sequence[Step], seconds: Mapping[str, float]) -> dict[str, float]:
    known: dict[str, list[float]] = {}
    for step in steps:
        found = known.setdefault(step.node.resource_type, [])
        if step.unique_id in seconds:
            found.append(seconds[step.unique_id])
    model = _middle(known.get("model") or [1.0])
    return {
        kind: _middle(found) if found else model * _UNKNOWN.get(kind, 1.0)
        for kind, found in known.items()
    }
