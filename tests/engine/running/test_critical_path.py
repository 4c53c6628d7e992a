"""Which of several ready steps starts first."""

from __future__ import annotations

from tests.engine.running.building import data_test, manifest, model
from tidemill.engine.graph import Dag
from tidemill.engine.running.critical_path import longest_first
from tidemill.engine.running.plan import make_plan
from tidemill.engine.running.progress import Progress

PROJECT = manifest(
    model("alone"),
    model("long"),
    model("middle", "long"),
    model("end", "middle"),
    data_test("checked", "alone"),
)


FAST = {key: 1.0 for key in PROJECT.nodes if key.startswith("model.")}


def _order(seconds: dict[str, float]) -> list[str]:
    dag = Dag.of(PROJECT)
    steps = make_plan("build", list(PROJECT.nodes), PROJECT, dag).steps
    progress = Progress(steps, longest_first(steps, seconds))
    names: list[str] = []
    while not progress.is_finished:
        turn = progress.next()
        assert turn is not None
        names.append(turn.step.node.name)
        progress.done(turn.step.unique_id, ok=True)
    return names


def test_without_history_the_longest_chain_is_first() -> None:
    assert _order({}) == ["long", "middle", "alone", "end", "checked"]


def test_what_took_long_is_first() -> None:
    assert _order({**FAST, "model.shop.alone": 60.0}) == [
        "alone",
        "long",
        "middle",
        "end",
        "checked",
    ]


def test_a_slow_test_counts_with_its_model() -> None:
    assert _order({**FAST, "test.shop.checked": 60.0})[:2] == ["alone", "checked"]


def test_what_nobody_knows_counts_as_the_middle_of_its_kind() -> None:
    seconds = {"model.shop.alone": 5.0, "model.shop.end": 1.0, "model.shop.middle": 1.0}
    # The chain counts 1 for `long`, of which nothing is known: 3 in all.
    assert _order(seconds)[0] == "alone"
