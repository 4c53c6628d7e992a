"""Periods of event time: ``--sample`` windows, the batches of microbatch models, and the filters they put on inputs."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping
from typing import Any

import msgspec

from tidemill.adapters.relation import EventTimeFilter
from tidemill.errors import UsageError

GRAINS = ("hour", "day", "month", "year")
_FORMATS = {"hour": "%Y-%m-%dT%H", "day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}


class Period(msgspec.Struct, frozen=True, order=True):
    """From ``start`` (inclusive) to ``end`` (exclusive), both with a zone."""

    start: dt.datetime
    end: dt.datetime

    def within(self, other: Period) -> Period:
        """What both have in common."""
        return Period(max(self.start, other.start), min(self.end, other.end))

    def as_text(self) -> dict[str, str]:
        """As a command's arguments keep it."""
        return {"start": self.start.isoformat(), "end": self.end.isoformat()}

    @classmethod
    def of(cls, written: Mapping[str, Any]) -> Period:
        """A period from ``start`` and ``end``, which may be text. Raises ValueError or KeyError."""
        return cls(moment(written["start"]), moment(written["end"]))


def moment(value: Any) -> dt.datetime:
    """A time in UTC; one without a zone is taken as UTC (dbt's rule). Raises ValueError."""
    if isinstance(value, str):
        value = dt.datetime.fromisoformat(value)
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        value = dt.datetime(value.year, value.month, value.day, tzinfo=dt.UTC)
    if not isinstance(value, dt.datetime):
        raise ValueError(f"{value!r} is no time")
    return value.replace(tzinfo=dt.UTC)


def batch_label(start: dt.datetime, size: str) -> str:
    """``2024-01-02`` for a day: as much of the start as the size of the batch needs."""
    return start.strftime(_FORMATS[size])


def sample_window(written: str, now: dt.datetime) -> Period:
    """The period of ``--sample``: ``3 days`` back from now, or ``{start: ..., end: ...}``. Raises UsageError."""
    if written.lstrip().startswith("{"):
        return _given_window(written)
    words = written.split(" ")
    if len(words) != 2:
        raise _bad_sample(
            f"Cannot load SAMPLE_WINDOW from '{written}'. Must be of form 'DAYS_INT GRAIN_SIZE'."
        )
    try:
        count = int(words[0])
    except ValueError:
        raise _bad_sample(f"Unable to convert '{words[0]}' to an integer.") from None
    grain = words[1].lower().rstrip("s")
    if grain not in GRAINS:
        raise _bad_sample(
            f"Invalid grain size '{words[1]}'. Must be one of "
            f"{[*GRAINS, *(f'{name}s' for name in GRAINS)]}."
        )
    return Period(_back(now, grain, count), now)


def _given_window(written: str) -> Period:
    import yaml

    try:
        return Period.of(yaml.safe_load(written))
    except (yaml.YAMLError, ValueError, KeyError, TypeError):
        raise _bad_sample(f"Cannot load SAMPLE_WINDOW from {written}.") from None


def _back(now: dt.datetime, grain: str, count: int) -> dt.datetime:
    """Months and years keep the day, or the last day of the month where there is no such day."""
    if grain in {"hour", "day"}:
        return now - dt.timedelta(**{f"{grain}s": count})
    months = now.year * 12 + now.month - 1 - count * (12 if grain == "year" else 1)
    year, month = divmod(months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return now.replace(year=year, month=month + 1, day=min(now.day, last))


def _bad_sample(message: str) -> UsageError:
    return UsageError(
        message,
        code="sample",
        hint="write --sample '3 days', or --sample '{start: 2024-01-01, end: 2024-02-01}'",
    )


def event_time_filter(resource: Any, period: Period | None) -> EventTimeFilter | None:
    """The filter of ``resource`` (a node or source) to ``period``; None where it has no ``event_time``."""
    field = resource.config.get("event_time")
    if not field or period is None:
        return None
    return EventTimeFilter(
        field_name=_field_name(resource, field), start=period.start, end=period.end
    )


def _field_name(resource: Any, field: str) -> str:
    """The column, quoted where its entry or the source's ``quoting`` says so."""
    column = resource.columns.get(field)
    quoted = column.quote if column is not None else None
    if quoted is None:
        quoted = (getattr(resource, "quoting", None) or {}).get("column")
    return f'"{field}"' if quoted else field
