"""How long nodes took, for planning."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from tests.engine.running.projects import run, write
from tidemill.store.durations import known_seconds
from tidemill.store.opening import store_path

FILES = {"models/a.sql": "select 1 as id", "models/b.sql": "select * from {{ ref('a') }}"}


def test_times_are_those_of_what_ran(tmp_path: Path) -> None:
    root = write(tmp_path, {**FILES, "models/a.sql": "select 1 as id"})
    run(root, "run")
    assert sorted(known_seconds(root, "dev")) == ["model.shop.a", "model.shop.b"]
    assert known_seconds(root, "prod") == {}
    write(root, {"models/a.sql": "selekt"})
    outcome = run(root, "run")
    assert outcome.statuses == {"a": "error", "b": "skipped"}
    assert sorted(known_seconds(root, "dev")) == ["model.shop.a"]


def test_no_history_and_a_damaged_one_say_nothing(tmp_path: Path) -> None:
    assert known_seconds(tmp_path, "dev") == {}
    path = store_path(tmp_path)
    path.parent.mkdir()
    with closing(path.open("wb")) as file:
        file.write(b"no database" * 100)
    assert known_seconds(tmp_path, "dev") == {}
