"""Periods of time on the command line: what ``--event-time-start``, ``--event-time-end`` and ``--sample`` mean."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tidemill.engine.jinja.periods import Period, moment, sample_window
from tidemill.errors import UsageError


def asked_periods(start: str | None, end: str | None, sample: str | None) -> dict[str, Any]:
    """Arguments for a run: ``event_time`` and ``sample`` as mappings, and dbt's names as they are written.

    Raises UsageError for times that cannot be read, or of which one is missing.
    """
    found: dict[str, Any] = {}
    period = _event_time(start, end)
    if period is not None:
        found["event_time"] = period.as_text()
        found["event_time_start"] = period.start.replace(tzinfo=None).isoformat()
        found["event_time_end"] = period.end.replace(tzinfo=None).isoformat()
    if sample is not None:
        found["sample"] = sample_window(sample, dt.datetime.now(dt.UTC)).as_text()
    return found


def _event_time(start: str | None, end: str | None) -> Period | None:
    if start is None and end is None:
        return None
    for given, missing, value in (
        ("--event-time-end", "--event-time-start", start),
        ("--event-time-start", "--event-time-end", end),
    ):
        if value is None:
            raise UsageError(
                f"The flag `{given}` was specified, but `{missing}` was not. When specifying "
                f"`{given}`, `{missing}` must also be present.",
                code="event-time",
            )
    period = Period(_moment("--event-time-start", start), _moment("--event-time-end", end))
    if period.start >= period.end:
        raise UsageError(
            "Value for `--event-time-start` must be less than `--event-time-end`", code="event-time"
        )
    return period


def _moment(option: str, value: str | None) -> dt.datetime:
    try:
        return moment(value)
    except ValueError:
        raise UsageError(
            f"{option} is no time: '{value}'",
            code="event-time",
            hint="write 2024-01-31, or 2024-01-31T12:00:00",
        ) from None
