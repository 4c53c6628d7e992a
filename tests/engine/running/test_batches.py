"""Which periods a microbatch model builds: dbt's arithmetic, case by case."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.engine.running.building import model
from tidemill.engine.jinja.periods import Period, moment, sample_window
from tidemill.engine.running.batches import batch_of, batches_of
from tidemill.errors import UsageError

NOW = moment("2024-03-31T16:06:00")


def starts(is_incremental: bool = True, asked: Period | None = None, **config: Any) -> list[str]:
    """The batches as ``start/end``."""
    node = model("events", config={"materialized": "incremental", **config})
    found = batches_of(node, is_incremental=is_incremental, asked=asked, now=NOW)
    return [f"{p.start:%Y-%m-%dT%H:%M}/{p.end:%Y-%m-%dT%H:%M}" for p in found]


def test_first_run_from_begin_to_the_end_of_the_current_batch() -> None:
    assert starts(False, batch_size="month", begin="2024-01-20") == [
        "2024-01-01T00:00/2024-02-01T00:00",
        "2024-02-01T00:00/2024-03-01T00:00",
        "2024-03-01T00:00/2024-04-01T00:00",
    ]


@pytest.mark.parametrize(
    ("config", "first"),
    [
        ({"batch_size": "day"}, "2024-03-30T00:00/2024-03-31T00:00"),
        ({"batch_size": "day", "lookback": 0}, "2024-03-31T00:00/2024-04-01T00:00"),
        ({"batch_size": "hour", "lookback": 2}, "2024-03-31T14:00/2024-03-31T15:00"),
        ({"batch_size": "year", "lookback": 1}, "2023-01-01T00:00/2024-01-01T00:00"),
        ({"batch_size": "month", "lookback": 3}, "2023-12-01T00:00/2024-01-01T00:00"),
    ],
)
def test_later_runs_look_back(config: dict[str, Any], first: str) -> None:
    assert starts(begin="2020-01-01", **config)[0] == first


def test_what_is_asked_for_wins() -> None:
    asked = Period(moment("2024-01-01T05:00"), moment("2024-01-02T01:00"))
    assert starts(batch_size="day", begin="2020-01-01", asked=asked) == [
        "2024-01-01T00:00/2024-01-02T00:00",
        "2024-01-02T00:00/2024-01-03T00:00",
    ]


def test_ids_are_as_long_as_the_batch_needs() -> None:
    period = Period(moment("2024-01-02T03:00"), NOW)
    ids = {size: batch_of(period, size).id for size in ("hour", "day", "month", "year")}
    assert ids == {"hour": "20240102T03", "day": "20240102", "month": "202401", "year": "2024"}


@pytest.mark.parametrize(
    ("written", "start", "end"),
    [
        ("3 days", "2024-03-28T16:06:00", "2024-03-31T16:06:00"),
        ("1 month", "2024-02-29T16:06:00", "2024-03-31T16:06:00"),
        ("1 YEAR", "2023-03-31T16:06:00", "2024-03-31T16:06:00"),
        ("{start: 2024-01-01, end: '2024-02-01T03:00'}", "2024-01-01", "2024-02-01T03:00:00"),
    ],
)
def test_sample_windows(written: str, start: str, end: str) -> None:
    assert sample_window(written, NOW) == Period(moment(start), moment(end))


@pytest.mark.parametrize("written", ["3", "x days", "3 weeks", "{start: 2024-01-01}", "{"])
def test_bad_sample_windows(written: str) -> None:
    with pytest.raises(UsageError):
        sample_window(written, dt.datetime.now(dt.UTC))
