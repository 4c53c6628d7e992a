from __future__ import annotations

import threading

import pytest

from tests.engine.running.test_progress import steps
from tidemill.engine.running.progress import Turn
from tidemill.engine.running.scheduler import Scheduler


def test_one_thread_takes_steps_in_plan_order() -> None:
    seen: list[tuple[str, str]] = []

    def work(turn: Turn) -> bool:
        seen.append((turn.step.node.name, threading.current_thread().name))
        return True

    assert Scheduler(steps(a="", b="a", c=""), work, threads=1).run() == []
    assert seen == [(name, "Thread-1 (worker)") for name in "acb"]


def test_independent_steps_run_at_the_same_time() -> None:
    meeting = threading.Barrier(3, timeout=10)

    def work(turn: Turn) -> bool:
        meeting.wait()
        return True

    assert Scheduler(steps(a="", b="", c=""), work, threads=3).run() == []


def test_stop_leaves_what_has_not_started() -> None:
    def work(turn: Turn) -> bool:
        scheduler.stop()
        return True

    scheduler = Scheduler(steps(a="", b="a", c=""), work, threads=1)
    assert [step.node.name for step in scheduler.run()] == ["c", "b"]


def test_a_crash_in_the_work_ends_all_threads_and_is_raised() -> None:
    def work(turn: Turn) -> bool:
        raise RuntimeError(turn.step.node.name)

    with pytest.raises(RuntimeError, match="a"):
        Scheduler(steps(a="", b="a"), work, threads=4).run()


def test_nothing_to_do_is_done_at_once() -> None:
    assert Scheduler((), lambda turn: True, threads=4).run() == []
