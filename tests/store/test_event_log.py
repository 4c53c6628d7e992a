from __future__ import annotations

from pathlib import Path

import pytest

from tests.store.happenings import whole_run
from tidemill.store.database import Store
from tidemill.store.event_log import NewsWatch, can_replay, events_after, last_seq
from tidemill.store.opening import open_store
from tidemill.store.recorder import recorded


def test_what_came_after_a_place_is_read_in_order(store: Store) -> None:
    start = last_seq(store)
    list(recorded(whole_run("r1", ["a", "b"]), store))

    everything = events_after(store, start)
    assert [e.seq for e in everything] == list(range(start + 1, start + 7))
    assert {e.run_id for e in everything} == {"r1"}
    assert events_after(store, everything[2].seq) == everything[3:]
    assert events_after(store, start, limit=2) == everything[:2]
    assert events_after(store, last_seq(store)) == ()


def test_the_log_goes_on_over_a_restart(store: Store, tmp_path: Path) -> None:
    list(recorded(whole_run("r1", ["a"]), store))
    place = last_seq(store)
    store.close()

    again = open_store(tmp_path)
    assert can_replay(again, place)
    list(recorded(whole_run("r2", ["a"]), again))
    assert [e.run_id for e in events_after(again, place)] == ["r2"] * 4
    again.close()


def test_a_place_of_another_store_cannot_be_replayed(store: Store) -> None:
    start = last_seq(store)
    assert can_replay(store, start)
    list(recorded(whole_run("r1", ["a"]), store))

    assert can_replay(store, start)
    assert can_replay(store, last_seq(store))
    assert not can_replay(store, start - 1)
    assert not can_replay(store, last_seq(store) + 1)


def test_the_events_of_old_runs_are_let_go(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tidemill.store.writing.KEPT_LOGS", 2)
    start = last_seq(store)
    for number in range(4):
        list(recorded(whole_run(f"r{number}", ["a"]), store))

    assert not can_replay(store, start)
    kept = events_after(store, start)
    assert [e.run_id for e in kept] == ["r2"] * 4 + ["r3"] * 4
    assert can_replay(store, kept[0].seq - 1)


def test_a_watch_sees_what_another_connection_wrote(store: Store) -> None:
    watch = NewsWatch(store)
    assert watch.changed()
    assert not watch.changed()
    list(recorded(whole_run("r1", ["a"]), store))
    assert watch.changed()
    assert not watch.changed()
    watch.close()
