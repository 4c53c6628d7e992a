from __future__ import annotations

import random

import pytest

from tests.engine.running.building import manifest, model
from tidemill.engine.graph import Dag
from tidemill.engine.running.plan import Step, make_plan
from tidemill.engine.running.progress import Progress


def steps(**parents: str) -> tuple[Step, ...]:
    project = manifest(*(model(name, *reads.split()) for name, reads in parents.items()))
    return make_plan("run", list(project.nodes), project, Dag.of(project)).steps


def names(progress: Progress) -> list[tuple[str, str | None]]:
    found = []
    while (turn := progress.next()) is not None:
        found.append((turn.step.node.name, turn.blocked_by))
    return found


def test_a_step_is_ready_when_all_before_it_are_done() -> None:
    progress = Progress(steps(a="", b="", c="a b"))
    assert names(progress) == [("a", None), ("b", None)]
    progress.done("model.shop.a", ok=True)
    assert names(progress) == []
    progress.done("model.shop.b", ok=True)
    assert names(progress) == [("c", None)]
    assert not progress.is_finished
    progress.done("model.shop.c", ok=True)
    assert progress.is_finished


def test_what_stands_behind_a_failure_is_handed_out_with_the_reason() -> None:
    progress = Progress(steps(a="", b="a", c="b", d=""))
    assert names(progress) == [("a", None), ("d", None)]
    progress.done("model.shop.d", ok=True)
    progress.done("model.shop.a", ok=False)
    assert names(progress) == [("b", "model.shop.a")]
    progress.done("model.shop.b", ok=False)
    assert names(progress) == [("c", "model.shop.a")]


def test_the_most_urgent_of_the_ready_steps_comes_first() -> None:
    urgency = {"a": 1.0, "b": 3.0, "c": 2.0, "d": 1.0}
    progress = Progress(steps(a="", b="", c="", d=""), lambda step: urgency[step.node.name])
    assert [name for name, _ in names(progress)] == ["b", "c", "a", "d"]


def test_steps_that_never_started_are_left_in_plan_order() -> None:
    progress = Progress(steps(a="", b="a", c=""))
    progress.next()
    assert [step.node.name for step in progress.left()] == ["c", "b"]


@pytest.mark.parametrize("seed", range(20))
def test_every_step_comes_once_and_after_its_parents(seed: int) -> None:
    chance = random.Random(seed)
    made = steps(
        **{f"m{i}": " ".join(f"m{j}" for j in range(i) if chance.random() < 0.2) for i in range(30)}
    )
    progress = Progress(made)
    running: list[Step] = []
    seen: list[str] = []
    failed: set[str] = set()
    while not progress.is_finished:
        turn = progress.next()
        if turn is not None and chance.random() < 0.7:
            running.append(turn.step)
            assert (turn.blocked_by is not None) == bool(failed & set(turn.step.depends_on))
        elif turn is not None:
            running.insert(0, turn.step)
        if running and (turn is None or chance.random() < 0.5):
            step = running.pop()
            assert set(step.depends_on) <= set(seen)
            seen.append(step.unique_id)
            ok = chance.random() < 0.9 and not failed & set(step.depends_on)
            failed |= set() if ok else {step.unique_id}
            progress.done(step.unique_id, ok=ok)
    assert sorted(seen) == sorted(step.unique_id for step in made)
