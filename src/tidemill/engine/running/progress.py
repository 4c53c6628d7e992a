"""Which step may start now: the state of a running plan, without threads and without doing anything.

A step that stands behind one that failed is handed out all the same, when its turn comes, together with the
reason to skip it; so every step is handed out exactly once.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable

import msgspec

from tidemill.engine.running.plan import Step

Priority = Callable[[Step], float]
"""How urgent a step is: of several ready steps the one with the greatest value starts first."""


class Turn(msgspec.Struct, frozen=True):
    """A step whose turn has come."""

    step: Step
    blocked_by: str | None = None
    """The unique id of the step whose failure forbids this one, or None when it may start."""


class Progress:
    """The steps that wait, are ready, run and are done. Not safe to share between threads."""

    def __init__(self, steps: Iterable[Step], priority: Priority | None = None) -> None:
        self._steps = {step.unique_id: step for step in steps}
        self._position = {unique_id: i for i, unique_id in enumerate(self._steps)}
        self._urgency = priority or (lambda _: 0.0)
        self._waits_for = {uid: set(step.depends_on) for uid, step in self._steps.items()}
        self._children: dict[str, list[str]] = {uid: [] for uid in self._steps}
        for step in self._steps.values():
            for parent in step.depends_on:
                self._children[parent].append(step.unique_id)
        self._blocked_by: dict[str, str] = {}
        self._ready: list[tuple[float, int, str]] = []
        self._running: set[str] = set()
        self._done: set[str] = set()
        for unique_id, parents in self._waits_for.items():
            if not parents:
                self._push(unique_id)

    def next(self) -> Turn | None:
        """The most urgent step that is ready; None when none is (now, or any more)."""
        if not self._ready:
            return None
        unique_id = heapq.heappop(self._ready)[2]
        self._running.add(unique_id)
        return Turn(self._steps[unique_id], self._blocked_by.get(unique_id))

    def done(self, unique_id: str, *, ok: bool) -> None:
        """A step has ended. Unless ``ok``, everything behind it will be skipped."""
        self._running.discard(unique_id)
        self._done.add(unique_id)
        for child in self._children[unique_id]:
            if not ok:
                self._blocked_by.setdefault(child, self._blocked_by.get(unique_id, unique_id))
            self._waits_for[child].discard(unique_id)
            if not self._waits_for[child]:
                self._push(child)

    @property
    def is_finished(self) -> bool:
        return len(self._done) == len(self._steps)

    def left(self) -> list[Step]:
        """Steps that were never handed out, in plan order."""
        gone = self._done | self._running
        return [step for uid, step in self._steps.items() if uid not in gone]

    def _push(self, unique_id: str) -> None:
        step = self._steps[unique_id]
        entry = (-self._urgency(step), self._position[unique_id], unique_id)
        heapq.heappush(self._ready, entry)
