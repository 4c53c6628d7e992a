from __future__ import annotations

import itertools
import random

import pytest

from tidemill.engine.graph import Dag, dependencies_of, with_test_edges
from tidemill.engine.nodes import (
    DependsOn,
    Exposure,
    Function,
    GenericTest,
    Manifest,
    ManifestMetadata,
    Metric,
    Model,
    Source,
    TestMetadata,
)
from tidemill.errors import CompilationError, Place

METADATA = ManifestMetadata(
    project_name="shop", adapter_type="duckdb", project_id="", generated_at=0.0, invocation_id=""
)
FUNCTION = Function(
    unique_id="function.shop.f", resource_type="function", name="f", package_name="shop",
    path="f.sql", original_file_path="functions/f.sql", fqn=("shop", "f"), alias="f",
    schema="main", database=None,
)  # fmt: skip


def model(name: str, *parents: str) -> Model:
    return Model(
        unique_id=f"model.shop.{name}",
        resource_type="model",
        name=name,
        package_name="shop",
        path=f"{name}.sql",
        original_file_path=f"models/{name}.sql",
        fqn=("shop", name),
        alias=name,
        schema="main",
        database=None,
        depends_on=DependsOn(nodes=tuple(f"model.shop.{parent}" for parent in parents)),
    )


def data_test(name: str, *parents: str) -> GenericTest:
    return GenericTest(
        unique_id=f"test.shop.{name}",
        resource_type="test",
        name=name,
        package_name="shop",
        path=f"{name}.sql",
        original_file_path="models/schema.yml",
        fqn=("shop", name),
        alias=name,
        schema="main",
        database=None,
        test_metadata=TestMetadata(name="unique"),
        depends_on=DependsOn(nodes=tuple(f"model.shop.{parent}" for parent in parents)),
    )


def manifest(*nodes: Model | GenericTest, **groups: dict) -> Manifest:
    return Manifest(metadata=METADATA, nodes={node.unique_id: node for node in nodes}, **groups)


def test_relatives_by_depth() -> None:
    dag = Dag({"a": (), "b": ("a",), "c": ("b",), "d": ("c", "a"), "e": ()})
    assert dag.ancestors(["d"]) == {"a", "b", "c"}
    assert dag.ancestors(["d"], 1) == {"a", "c"}
    assert dag.ancestors(["d"], 2) == {"a", "b", "c"}
    assert dag.ancestors(["d"], 0) == set()
    assert dag.descendants(["a"], 1) == {"b", "d"}
    assert dag.descendants(["a"]) == {"b", "c", "d"}
    assert dag.descendants(["a", "c"]) == {"b", "c", "d"}
    assert dag.descendants(["stranger"]) == set()
    assert (dag.parents("d"), dag.children("a")) == (("c", "a"), ("b", "d"))
    assert ("e" in dag, "f" in dag, len(dag), list(dag)) == (True, False, 5, list("abcde"))


def test_order_is_by_level_then_name() -> None:
    dag = Dag({"z": (), "c": ("z",), "a": ("c",), "b": ("z",), "y": ()})
    assert dag.levels() == {"z": 0, "y": 0, "c": 1, "b": 1, "a": 2}
    assert dag.order() == ["y", "z", "b", "c", "a"]


def test_strangers_and_repetitions_are_dropped() -> None:
    assert Dag({"a": ("x", "b", "b"), "b": ()}).parents("a") == ("b",)


def test_subset_keeps_order_through_what_is_left_out() -> None:
    dag = Dag({"a": (), "b": ("a",), "c": ("b",), "d": ("c", "a"), "e": ("d",)})
    subset = dag.subset({"a", "d", "e"})
    assert subset.parent_map == {"a": (), "d": ("a",), "e": ("d",)}
    assert dag.subset({"c", "b"}).parent_map == {"b": (), "c": ("b",)}
    assert dag.subset(()).parent_map == {}


def test_subset_orders_as_the_whole_does_on_random_graphs() -> None:
    seed = 20261120
    randomness = random.Random(seed)
    for _ in range(50):
        names = [f"n{i:02}" for i in range(18)]
        dag = Dag({n: randomness.sample(names[:i], min(i, 2)) for i, n in enumerate(names)})
        chosen = set(randomness.sample(names, 7))
        subset = dag.subset(chosen)
        for first, second in itertools.permutations(chosen, 2):
            above = first in dag.ancestors([second])
            assert (first in subset.ancestors([second])) is above, (seed, dag.parent_map, chosen)


def test_a_cycle_is_named_with_its_first_file() -> None:
    looped = manifest(model("root"), model("a", "root", "c"), model("b", "a"), model("c", "b"))
    with pytest.raises(CompilationError) as raised:
        Dag.of(looped)
    fault = raised.value.fault
    assert fault.message == (
        "Found a cycle: model.shop.a --> model.shop.b --> model.shop.c --> model.shop.a"
    )
    assert (fault.code, fault.place) == ("cycle", Place(file="models/a.sql"))
    assert Dag(dependencies_of(looped)).find_cycle() is not None


def test_a_model_that_reads_itself_is_a_cycle() -> None:
    with pytest.raises(CompilationError, match=r"model\.shop\.a --> model\.shop\.a"):
        Dag.of(manifest(model("a", "a")))


def test_long_chains_need_no_recursion() -> None:
    names = [f"n{i}" for i in range(5000)]
    dag = Dag(dict(zip(names, [(), *((n,) for n in names[:-1])], strict=True)))
    assert dag.find_cycle() is None
    assert dag.subset({names[0], names[-1]}).parents(names[-1]) == (names[0],)


def test_everything_that_reads_is_in_the_graph() -> None:
    source = Source(
        unique_id="source.shop.raw.t",
        name="t",
        source_name="raw",
        package_name="shop",
        path="s.yml",
        original_file_path="s.yml",
        fqn=("shop", "raw", "t"),
        database=None,
        schema="main",
        identifier="t",
    )
    exposure = Exposure(
        unique_id="exposure.shop.report",
        name="report",
        package_name="shop",
        path="e.yml",
        original_file_path="e.yml",
        fqn=("shop", "report"),
        type="dashboard",
        owner={},
        depends_on=DependsOn(nodes=("source.shop.raw.t", "model.shop.gone")),
    )
    whole = manifest(
        model("a"),
        sources={source.unique_id: source},
        exposures={exposure.unique_id: exposure},
        metrics={
            "metric.shop.m": Metric(
                unique_id="metric.shop.m",
                name="m",
                label="M",
                type="simple",
                package_name="shop",
                path="m.yml",
                original_file_path="m.yml",
                fqn=("shop", "m"),
                depends_on=DependsOn(nodes=("model.shop.a",)),
            )
        },
        functions={"function.shop.f": FUNCTION},
    )
    assert Dag.of(whole).parent_map == {
        "model.shop.a": (),
        "source.shop.raw.t": (),
        "exposure.shop.report": ("source.shop.raw.t",),
        "function.shop.f": (),
        "metric.shop.m": ("model.shop.a",),
    }


def test_what_stands_behind_a_test_waits_for_it() -> None:
    project = manifest(
        model("a"),
        model("b", "a"),
        model("c", "b"),
        model("side"),
        model("both", "b", "side"),
        data_test("of_a", "a"),
        data_test("of_a_and_side", "a", "side"),
    )
    dag = with_test_edges(Dag.of(project), project)
    assert dag.parents("model.shop.b") == ("model.shop.a", "test.shop.of_a")
    assert dag.parents("model.shop.c") == ("model.shop.b",)
    assert dag.parents("model.shop.both") == (
        "model.shop.b",
        "model.shop.side",
        "test.shop.of_a_and_side",
    )
    assert dag.find_cycle() is None


def test_test_edges_hold_dbts_rule_on_random_graphs() -> None:
    seed = 7
    randomness = random.Random(seed)
    for _ in range(30):
        names = [f"n{i:02}" for i in range(14)]
        models = [model(n, *randomness.sample(names[:i], min(i, 2))) for i, n in enumerate(names)]
        tests = [
            data_test(f"t{i}", *randomness.sample(names, randomness.choice([1, 2, 3])))
            for i in range(6)
        ]
        project = manifest(*models, *tests)
        plain = Dag.of(project)
        dag = with_test_edges(plain, project)
        assert dag.find_cycle() is None
        for node, test in itertools.product(models, tests):
            waits = set(test.depends_on.nodes) <= plain.ancestors([node.unique_id])
            found = test.unique_id in dag.ancestors([node.unique_id])
            assert found is waits, (seed, node.unique_id, test, plain.parent_map)
