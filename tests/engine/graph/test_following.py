"""A graph that follows another is the graph of its own members, in the same order, after any edits."""

from __future__ import annotations

import random

import pytest

from tests.engine.graph.test_dag import METADATA, model
from tidemill.engine.graph import Dag
from tidemill.engine.graph.following import Edged, edged, followed
from tidemill.engine.nodes import Manifest
from tidemill.errors import CompilationError

Reads = dict[str, tuple[str, ...]]


def edited(reads: Reads, dice: random.Random, fresh: str) -> Reads:
    """Somebody reads others, comes or goes; names of nobody are read too."""
    names = [*reads, "nobody", fresh]
    kind = dice.choice(["reads", "reads", "comes", "goes", "turns"])
    found = dict(reads)
    if kind == "turns":
        return dict(reversed(found.items()))
    member = dice.choice(list(reads))
    if kind == "goes":
        del found[member]
        return found
    read = tuple(dice.choices(names, k=dice.randrange(4)))
    return found | {member if kind == "reads" else fresh: read}


def in_order(edges: Edged) -> object:
    return [list(way.items()) for way in (edges.reads, edges.parents, edges.children)]


@pytest.mark.parametrize("seed", range(8))
def test_edges_after_edits_are_those_of_everything(seed: int) -> None:
    dice = random.Random(seed)
    reads: Reads = {f"m{i}": (f"m{i - 1}", f"m{i // 2}") if i else () for i in range(60)}
    before, follows = edged(reads), 0
    for step in range(80):
        reads = edited(reads, dice, f"new{step}")
        found = followed(before, reads)
        before = edged(reads)
        if found is not None:
            follows += 1
            assert in_order(found[0]) == in_order(before), (seed, step)
    assert follows > 40


def manifest(*models: tuple[str, ...]) -> Manifest:
    made = [model(*names) for names in models]
    return Manifest(metadata=METADATA, nodes={one.unique_id: one for one in made})


def test_a_ring_that_an_edit_closes_is_named() -> None:
    others = tuple((f"other{i}",) for i in range(30))
    before = Dag.of(manifest(("a",), ("b", "a"), ("c", "b"), *others))
    with pytest.raises(CompilationError, match=r"a.*b.*c"):
        Dag.of(manifest(("a", "c"), ("b", "a"), ("c", "b"), *others), before)
    opened = Dag.of(manifest(("a",), ("b",), ("c", "b", "a"), *others), before)
    assert opened.children("model.shop.a") == ("model.shop.c",)
    assert before.children("model.shop.a") == ("model.shop.b",)
