"""``source freshness`` on a real DuckDB: statuses, sources.json and exit codes, as dbt-core 1.11.16 gives them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tidemill.cli.application import run as tidemill
from tidemill.commands.freshness import FreshnessOptions, freshness
from tidemill.commands.opening import open_project
from tidemill.events import HookFinished, NodeFinished

SOURCES = """
sources:
  - name: raw
    schema: main
    freshness: {warn_after: {count: 1, period: day}, error_after: {count: 3, period: day}}
    loaded_at_field: loaded
    tables:
      - name: fresh
      - name: old
      - name: filtered
        freshness: {filter: "id > 1"}
      - name: empty
      - name: gone
      - name: asked
        loaded_at_query: "select min(loaded) from {{ this }} where '{{ var('x', 'y') }}' = 'y'"
      - name: dated
        loaded_at_field: cast(loaded as date)
      - name: unlimited
        freshness: null
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    files = {
        "dbt_project.yml": "name: shop\nprofile: shop\non-run-start: ['select 1']\n",
        "profiles.yml": "shop: {outputs: {default: {type: duckdb, path: shop.duckdb}}}\n",
        "models/sources.yml": SOURCES,
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    with duckdb.connect(tmp_path / "shop.duckdb") as connection:
        for table, age in (("fresh", "1 hour"), ("old", "2 days"), ("asked", "2 days")):
            connection.execute(
                f"create table {table} as select 1 as id, now() - interval '{age}' as loaded"
            )
        connection.execute("create table dated as from old")
        connection.execute("create table unlimited as from old")
        connection.execute("create table empty as from old where false")
        connection.execute(
            "create table filtered as select 1 as id, now() as loaded"
            " union all select 2, now() - interval 5 days"
        )
    return tmp_path


def _results(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(path.read_text())["results"]
    return found


def test_every_status(shop: Path) -> None:
    with open_project(shop) as project:
        run = freshness(project)
        events = list(run)
    ended = {e.name: e for e in events if isinstance(e, NodeFinished)}
    assert {name: event.status for name, event in ended.items()} == {
        "fresh": "pass",
        "old": "warn",
        "filtered": "error",
        "empty": "error",
        "gone": "error",
        "asked": "warn",
        "dated": "error",
    }
    assert ended["empty"].message == "the table has no rows"
    fault = ended["dated"].fault
    assert fault is not None
    assert (
        fault.message == "a time is needed, and 'cast(loaded as date)' gives a value of type date"
    )
    assert ended["gone"].fault is not None
    assert [e.status for e in events if isinstance(e, HookFinished)] == ["success"]
    assert not run.result.success


def test_sources_json(shop: Path) -> None:
    with open_project(shop) as project:
        run = freshness(project, FreshnessOptions(select=("source:raw.old", "source:raw.gone")))
        run.finish()
    written = json.loads((shop / "target/sources.json").read_text())
    assert written["metadata"]["dbt_schema_version"].endswith("/sources/v3.json")
    [result] = written["results"]  # what cannot be asked is left out, as with dbt
    assert list(result) == [
        "unique_id",
        "max_loaded_at",
        "snapshotted_at",
        "max_loaded_at_time_ago_in_s",
        "status",
        "criteria",
        "adapter_response",
        "timing",
        "thread_id",
        "execution_time",
    ]
    assert result["unique_id"] == "source.shop.raw.old"
    assert result["status"] == "warn"
    assert result["criteria"] == {
        "warn_after": {"count": 1, "period": "day"},
        "error_after": {"count": 3, "period": "day"},
        "filter": None,
    }
    assert 172800 <= result["max_loaded_at_time_ago_in_s"] < 173800
    assert result["adapter_response"] == {"_message": "OK"}
    assert not (shop / "target/run_results.json").exists()


@pytest.mark.parametrize(
    ("select", "code"), [("fresh", 0), ("old", 0), ("filtered", 1), ("gone", 1)]
)
def test_exit_codes(shop: Path, select: str, code: int) -> None:
    words = ["source", "freshness", "-q", "--project-dir", str(shop), "-s", f"source:raw.{select}"]
    assert tidemill([*words, "-o", str(shop / "elsewhere.json")]) == code
    assert len(_results(shop / "elsewhere.json")) == (select != "gone")


def test_hooks_can_be_left_out(shop: Path) -> None:
    with (shop / "dbt_project.yml").open("a") as file:
        file.write("flags: {source_freshness_run_project_hooks: false}\n")
    with open_project(shop) as project:
        events = list(freshness(project, FreshnessOptions(select=("source:raw.fresh",))))
    assert not [event for event in events if isinstance(event, HookFinished)]


def test_two_words_name_the_verb(capsys: pytest.CaptureFixture[str]) -> None:
    assert tidemill(["source"]) == 2
    assert "'source' needs a second word: freshness" in capsys.readouterr().err
    assert tidemill(["source", "freshnes"]) == 2
    assert "did you mean 'source freshness'" in capsys.readouterr().err
