"""A drawing that was corrected is the drawing of everything, whatever was edited in between."""

from __future__ import annotations

import random
from pathlib import Path

import msgspec
import pytest

from tests.engine.parsing.cache.edits import PROJECTS, copied, edit
from tidemill.commands.opening import Opening
from tidemill.engine.graph import Dag, dependencies_of
from tidemill.engine.parsing.memory import Memory
from tidemill.server.drawing import Drawing, draw
from tidemill.server.graph_changes import GraphChanges
from tidemill.server.reading import Reading, first_reading, is_same, next_reading
from tidemill.server.values import GraphChange


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return copied(PROJECTS / "pilots", tmp_path / "pilots")


def opening(root: Path) -> Opening:
    return Opening(profiles_dir=root)


def comparable(drawing: Drawing) -> object:
    """What comes later stands at the end of a corrected drawing."""
    return (
        {key: msgspec.structs.asdict(node) for key, node in drawing.nodes.items()},
        {key: sorted(tests) for key, tests in drawing.tests.items()},
        dict(drawing.tested),
        dict(drawing.counts),
    )


def in_order(dag: Dag) -> object:
    return list(dag.parent_map.items()), list(dag.child_map.items())


def applied(change: object, before: Reading) -> dict[str, object]:
    nodes: dict[str, object] = dict(before.drawing.nodes)
    for key in change.gone:  # type: ignore[attr-defined]
        nodes.pop(key, None)
    return nodes | {node.id: node for node in change.nodes}  # type: ignore[attr-defined]


@pytest.mark.parametrize("project", ["pilots", "cargo"])
def test_random_edits(project: str, tmp_path: Path) -> None:
    dice = random.Random(project)
    root, memory, changes = copied(PROJECTS / project, tmp_path / project), Memory(), GraphChanges()
    reading = first_reading(root, opening(root), 0, memory)
    history, corrected = [reading], 0
    for step in range(1, 25):
        edit(root, dice)
        after = next_reading(reading, opening(root), step, memory)
        if is_same(reading, after):
            continue
        changes.note(reading, after)
        reading = after
        history.append(reading)
        assert comparable(reading.drawing) == comparable(draw(reading.sound())), step
        whole = Dag(dependencies_of(reading.sound()))
        assert in_order(reading.project.dag) == in_order(whole), step
        last = changes.since(history[-2].version, reading)
        if last is not None:
            assert list(applied(last, history[-2])) == list(reading.drawing.nodes), step
        for before in history:
            change = changes.since(before.version, reading)
            if change is not None:
                corrected += 1
                assert applied(change, before) == reading.drawing.nodes, (before.version, step)
    assert corrected


def test_an_edit_names_who_has_it_in_their_sql(root: Path) -> None:
    memory, changes = Memory(), GraphChanges()
    models = root / "models"
    (models / "inner.sql").write_text("{{ config(materialized='ephemeral') }} select 1 as one")
    (models / "outer.sql").write_text("select * from {{ ref('inner') }}")
    before = first_reading(root, opening(root), 1, memory)
    (models / "inner.sql").write_text("{{ config(materialized='ephemeral') }} select 2 as one")
    after = next_reading(before, opening(root), 2, memory)
    changes.note(before, after)
    change = changes.since(1, after)
    assert change is not None
    assert change.touched == ("model.pilots.inner", "model.pilots.outer")
    assert changes.since(0, after) is None


def test_nothing_new_is_the_same(root: Path) -> None:
    memory = Memory()
    before = first_reading(root, opening(root), 1, memory)
    model = root / "models" / "marts" / "arrivals.sql"
    text = model.read_text()
    assert is_same(before, next_reading(before, opening(root), 2, memory))
    model.write_text(text)
    assert is_same(before, next_reading(before, opening(root), 3, memory))
    model.write_text("select from {{ ref('nowhere') }}")
    wrong = next_reading(before, opening(root), 4, memory)
    assert not is_same(before, wrong)
    assert wrong.faults
    assert is_same(wrong, next_reading(wrong, opening(root), 5, memory))
    model.write_text(text)
    right = next_reading(wrong, opening(root), 6, memory)
    assert not is_same(wrong, right)
    assert comparable(right.drawing) == comparable(before.drawing)


def test_what_was_parsed_while_there_was_a_ring_is_not_lost(root: Path) -> None:
    memory = Memory()
    models = root / "models"
    (models / "one.sql").write_text("select 1 as a")
    (models / "two.sql").write_text("select * from {{ ref('one') }}")
    before = first_reading(root, opening(root), 1, memory)
    (models / "one.sql").write_text("select * from {{ ref('two') }}")
    (models / "two.sql").write_text("{{ config(tags='x') }} select * from {{ ref('one') }}")
    ring = next_reading(before, opening(root), 2, memory)
    assert ring.faults
    (models / "one.sql").write_text("select 1 as a")
    after = next_reading(ring, opening(root), 3, memory)
    assert after.drawing.nodes["model.pilots.two"].tags == ("x",)
    assert comparable(after.drawing) == comparable(draw(after.sound()))


def test_what_comes_at_once_stands_in_one_order(root: Path) -> None:
    memory, changes = Memory(), GraphChanges()
    before = first_reading(root, opening(root), 1, memory)
    names = ["late_b", "late_a", "late_d", "late_c"]
    for name in names:
        (root / "models" / f"{name}.sql").write_text("select * from {{ ref('arrivals') }}")
    after = next_reading(before, opening(root), 2, memory)
    changes.note(before, after)
    change = changes.since(1, after)
    assert change is not None
    fresh = [f"model.pilots.{name}" for name in sorted(names)]
    assert list(after.drawing.nodes) == [*before.drawing.nodes, *fresh]
    assert [node.id for node in change.nodes] == fresh


def test_a_project_that_breaks_shows_what_it_did_and_then_what_was_mended(root: Path) -> None:
    memory, changes = Memory(), GraphChanges()
    model = root / "models" / "marts" / "arrivals.sql"
    text = model.read_text()
    sound = first_reading(root, opening(root), 1, memory)
    model.write_text("select * from {{ ref('nowhere') }}")
    broken = next_reading(sound, opening(root), 2, memory)
    assert broken.faults
    changes.note(sound, broken)
    assert changes.since(1, broken) == GraphChange(before=1, nodes=(), gone=(), touched=())
    model.write_text("{{ config(tags='x') }}" + text)
    mended = next_reading(broken, opening(root), 3, memory)
    changes.note(broken, mended)
    for version in (1, 2):
        change = changes.since(version, mended)
        assert change is not None
        assert [node.id for node in change.nodes] == ["model.pilots.arrivals"]
    assert comparable(mended.drawing) == comparable(draw(mended.sound()))
