from __future__ import annotations

from tests.engine.running.building import data_test, manifest, model, source
from tidemill.engine.graph import Dag
from tidemill.engine.nodes import Manifest
from tidemill.engine.running.plan import Command, Plan, make_plan


def plan(command: Command, project: Manifest, *selected: str) -> Plan:
    return make_plan(command, selected or list(project.nodes), project, Dag.of(project))


def short(made: Plan) -> list[tuple[int, str, tuple[str, ...]]]:
    return [
        (s.index, s.node.name, tuple(p.rpartition(".")[2] for p in s.depends_on))
        for s in made.steps
    ]


def test_steps_stand_by_level_and_name_with_ephemeral_models_uncounted() -> None:
    project = manifest(
        model("z"), model("b", "e"), model("a", "b"), model("e", "z", materialized="ephemeral")
    )
    made = plan("run", project)
    assert short(made) == [(1, "z", ()), (0, "e", ("z",)), (2, "b", ("e",)), (3, "a", ("b",))]
    assert made.total == 3


def test_order_holds_across_nodes_that_are_not_selected() -> None:
    project = manifest(model("c"), model("b", "c"), model("a", "b"))
    made = plan("run", project, "model.shop.a", "model.shop.c")
    assert short(made) == [(1, "c", ()), (2, "a", ("c",))]


def test_a_build_runs_the_tests_of_a_node_before_what_reads_it() -> None:
    project = manifest(
        source("raw"),
        model("a", "source.shop.raw.raw"),
        model("b", "a"),
        data_test("source_ok", "source.shop.raw.raw"),
        data_test("a_unique", "a"),
        data_test("b_reads_a", "b", "a"),
        model("c", "b"),
    )
    assert short(plan("build", project)) == [
        (1, "source_ok", ()),
        (2, "a", ("source_ok",)),
        (3, "a_unique", ("a",)),
        (4, "b", ("a", "a_unique")),
        (5, "b_reads_a", ("b", "a")),
        (6, "c", ("b", "b_reads_a")),
    ]


def test_other_commands_take_only_their_kinds_of_nodes() -> None:
    project = manifest(model("a"), model("b", "a"), data_test("a_unique", "a"))
    assert short(plan("run", project)) == [(1, "a", ()), (2, "b", ("a",))]
    assert short(plan("test", project)) == [(1, "a_unique", ())]
    assert plan("seed", project).steps == ()
