from __future__ import annotations

from tests.store.happenings import ends, finished, started, whole_run
from tidemill.store.database import Store
from tidemill.store.reading import last_run_of, list_runs, node_states_of, read_run
from tidemill.store.recorder import recorded


def test_runs_are_read_in_pages_newest_first(store: Store) -> None:
    for number in range(5):
        list(recorded(whole_run(f"r{number}", ["a"]), store))

    assert [r.id for r in list_runs(store, limit=2)] == ["r4", "r3"]
    assert [r.id for r in list_runs(store, limit=2, before="r3")] == ["r2", "r1"]
    assert [r.id for r in list_runs(store, before="r0")] == []
    assert list_runs(store, before="nonsense") == ()


def test_an_unknown_run_is_none(store: Store) -> None:
    assert read_run(store, "nonsense") is None


def test_the_last_run_of_a_node_is_the_newest_on_its_target(store: Store) -> None:
    list(recorded(whole_run("r1", ["a", "b"]), store))
    failing = [started("r2", ["a"]), ends("a", 1, 1, "error"), finished("r2", "failed")]
    list(recorded(failing, store))
    list(recorded(whole_run("r3", ["a"], target="prod"), store))

    found = last_run_of(store, "model.shop.a", "dev")
    assert found is not None
    assert (found[0].id, found[1].status) == ("r2", "error")
    found = last_run_of(store, "model.shop.b", "dev")
    assert found is not None
    assert found[0].id == "r1"
    assert last_run_of(store, "model.shop.c", "dev") is None


def test_states_of_a_few_nodes(store: Store) -> None:
    list(recorded(whole_run("r1", ["a", "b", "c"]), store))

    some = node_states_of(store, "dev", ["model.shop.b", "model.shop.x"])
    assert list(some) == ["model.shop.b"]
    many = node_states_of(store, "dev", ["model.shop.b", *(f"x{i}" for i in range(600))])
    assert many == some
    assert node_states_of(store, "dev", []) == {}
