"""Microbatch models on DuckDB; results were taken from dbt-core 1.11 on the same project."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.engine.running.projects import rows, run, run_results, write
from tidemill.errors import ProjectFaults
from tidemill.events import Message

FILES = {
    "models/events.sql": """
        {{ config(materialized='table', event_time='ts') }}
        select * from (values (1, timestamp '2024-01-01 05:00'), (2, timestamp '2024-01-02 06:00'),
            (3, timestamp '2024-01-03 07:00'), (4, timestamp '2024-01-04 08:00')) t(id, ts)
    """,
    "models/plain.sql": "select * from {{ ref('events') }}",
    "models/daily.sql": """
        {{ config(materialized='incremental', incremental_strategy='microbatch', event_time='ts',
            batch_size='day', begin='2024-01-01',
            pre_hook="create or replace table hooks as select 1 as n",
            post_hook="insert into hooks values (2)") }}
        select id, ts, '{{ model.batch.id }}' as batch,
            case when '{{ model.batch.id }}' = '{{ var("bad", "") }}' then error('boom') end as e
        from {{ ref('events') }}
    """,
    "models/after.sql": "select * from {{ ref('daily') }}",
}
DAYS = {"event_time_start": "2024-01-01", "event_time_end": "2024-01-05"}


def period(day: int) -> list[str]:
    return [f"2024-01-{day:02}T00:00:00+00:00", f"2024-01-{day + 1:02}T00:00:00+00:00"]


def test_every_batch_reads_its_own_period(tmp_path: Path) -> None:
    root = write(tmp_path, FILES)
    assert set(run(root, "run", **DAYS).statuses.values()) == {"success"}
    assert rows(root, "select id, batch from daily order by id") == [
        (1, "20240101"), (2, "20240102"), (3, "20240103"), (4, "20240104"),
    ]  # fmt: skip
    assert rows(root, "from hooks") == [(1,), (2,)]
    result = run_results(root)["model.shop.daily"]
    assert (result["status"], result["message"], result["failures"]) == ("success", "SUCCESS", 0)
    assert result["compiled"] is False
    assert result["batch_results"] == {
        "successful": [period(day) for day in range(1, 5)],
        "failed": [],
    }
    compiled = root / "target/compiled/shop/models/daily/daily_2024-01-02.sql"
    assert (
        'from (select * from "shop"."main"."events" where ts >= \'2024-01-02 00:00:00+00:00\' '
        "and ts < '2024-01-03 00:00:00+00:00')"
    ) in compiled.read_text()


def test_a_batch_that_fails_is_told_and_others_are_built(tmp_path: Path) -> None:
    root = write(tmp_path, FILES)
    outcome = run(root, "run", variables={"bad": "20240103"}, **DAYS)
    assert outcome.statuses["daily"] == "partial success"
    assert outcome.statuses["after"] == "skipped"
    result = run_results(root)["model.shop.daily"]
    assert result["message"] == "PARTIAL SUCCESS (3/4)"
    assert result["batch_results"]["failed"] == [period(3)]
    assert rows(root, "select id from daily order by id") == [(1,), (2,), (4,)]


def test_what_is_told_of_batches(tmp_path: Path) -> None:
    root = write(tmp_path, FILES)
    outcome = run(root, "run", "+daily", variables={"bad": "20240103"}, **DAYS)
    told = [event for event in outcome.events if isinstance(event, Message)]
    ended = [event.data for event in told if event.code == "Q046"]
    assert {data["description"]: (data["batch_index"], data["status"]) for data in ended} == {
        "batch 2024-01-01 of main.daily": (1, "OK"),
        "batch 2024-01-02 of main.daily": (2, "OK"),
        "batch 2024-01-03 of main.daily": (3, "error"),
        "batch 2024-01-04 of main.daily": (4, "OK"),
    }
    assert all(data["total_batches"] == 4 and data["execution_time"] > 0 for data in ended)
    (wrong,) = [event.data for event in told if event.code == "W004"]
    assert wrong["unique_id"] == "model.shop.daily"
    assert "boom" in wrong["exc"]
    how = {event.text.split(" ")[1]: event.text for event in told if event.code == "Q044"}
    assert [how[f"2024-01-0{day}"].split(" ")[-1] for day in (1, 2, 3, 4)] == [
        "sequentially", "concurrently", "concurrently", "sequentially",
    ]  # fmt: skip


def test_a_retry_builds_the_missing_batches_alone(tmp_path: Path) -> None:
    root = write(tmp_path, FILES)
    first = run(root, "run", variables={"bad": "20240103"}, full_refresh=True, **DAYS)
    batches = first.result("daily").batch_results
    assert batches is not None
    again = run(
        root, "run", "daily", full_refresh=True, batches={"model.shop.daily": batches}, **DAYS
    )
    assert again.statuses == {"daily": "success"}
    assert rows(root, "select id from daily order by id") == [(1,), (2,), (3,), (4,)]
    built = again.result("daily").batch_results
    assert built is not None
    assert [period.start.day for period in built.successful] == [3, 1, 2, 4]


def test_batches_of_a_retry_end_with_the_run_that_it_repeats(tmp_path: Path) -> None:
    root = write(tmp_path, FILES)
    began = dt.datetime(2024, 1, 2, 12, tzinfo=dt.UTC).timestamp()
    outcome = run(root, "run", "+daily", as_of=began)
    batches = outcome.result("daily").batch_results
    assert batches is not None
    assert [period.start.day for period in batches.successful] == [1, 2]


def test_nothing_follows_a_first_batch_that_fails(tmp_path: Path) -> None:
    root = write(tmp_path, FILES)
    outcome = run(root, "run", variables={"bad": "20240101"}, **DAYS)
    assert (outcome.result("daily").status, outcome.result("daily").message) == ("error", "ERROR")
    assert len(run_results(root)["model.shop.daily"]["batch_results"]["failed"]) == 4


def test_a_sample_narrows_all_inputs(tmp_path: Path) -> None:
    root = write(tmp_path, FILES)
    run(root, "run", sample="{start: 2024-01-02, end: 2024-01-04}")
    assert rows(root, "select id from plain order by id") == [(2,), (3,)]
    assert rows(root, "select id from daily order by id") == [(2,), (3,)]


def test_empty_reads_no_rows(tmp_path: Path) -> None:
    root = write(tmp_path, FILES)
    run(root, "run", empty=True, **DAYS)
    assert rows(root, "from plain") == []
    assert rows(root, "from daily") == []


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ("batch_size='day', begin='2024-01-01'", "must provide an 'event_time' (string) config"),
        ("event_time='ts', batch_size='day'", "must provide a 'begin' (datetime) config"),
        ("event_time='ts', begin='2024-01-01', batch_size='week'", "but got: week."),
        ("event_time='ts', begin='soon', batch_size='day'", "valid datetime (ISO format)"),
    ],
)
def test_what_the_configuration_must_say(tmp_path: Path, config: str, message: str) -> None:
    text = (
        "{{ config(materialized='incremental', incremental_strategy='microbatch', "
        f"{config}) }}}} select 1 as id"
    )
    root = write(tmp_path, {"models/daily.sql": text})
    with pytest.raises(ProjectFaults) as caught:
        run(root, "run")
    assert message in caught.value.faults[0].message
