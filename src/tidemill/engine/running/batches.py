"""The batches of a microbatch model: which periods one run must build. Pure: nothing is looked up or run here."""

from __future__ import annotations

import datetime as dt

from tidemill.engine.jinja.periods import Period, batch_label, moment
from tidemill.engine.nodes import Batch, Node
from tidemill.errors import ExecutionError


def batches_of(
    node: Node, *, is_incremental: bool, asked: Period | None, now: dt.datetime
) -> list[Period]:
    """The periods to build, in order; never none.

    ``asked`` is what the command line names. Without it: from ``begin`` on the first run, later from ``lookback``
    batches before the current one, up to the end of the current batch. Raises ExecutionError without a ``begin``.
    """
    size = str(node.config["batch_size"])
    end = _ceiling(asked.end if asked is not None else now, size)
    start = truncated(asked.start, size) if asked is not None else _start(node, is_incremental, end)
    found = [Period(start, _offset(start, size, 1))]
    while found[-1].end < end:
        found.append(Period(found[-1].end, _offset(found[-1].end, size, 1)))
    return [*found[:-1], Period(found[-1].start, end)]


def _start(node: Node, is_incremental: bool, end: dt.datetime) -> dt.datetime:
    size = str(node.config["batch_size"])
    if not is_incremental:
        begin = node.config.get("begin")
        if not begin:
            raise ExecutionError(
                f"Microbatch model '{node.name}' requires a 'begin' configuration.",
                code="microbatch-begin",
            )
        return truncated(moment(begin), size)
    lookback = node.config.get("lookback")
    # The end stands on the border of a batch, so that the current batch is one before it.
    return _offset(end, size, -(1 if lookback is None else int(lookback)) - 1)


def batch_of(period: Period, size: str) -> Batch:
    """The batch as templates see it."""
    label = batch_label(period.start, size)
    return Batch(label.replace("-", ""), period.start, period.end)


def truncated(time: dt.datetime, size: str) -> dt.datetime:
    """The start of the batch that ``time`` is in."""
    return dt.datetime(
        time.year,
        time.month if size != "year" else 1,
        time.day if size in {"day", "hour"} else 1,
        time.hour if size == "hour" else 0,
        tzinfo=dt.UTC,
    )


def _ceiling(time: dt.datetime, size: str) -> dt.datetime:
    start = truncated(time, size)
    return start if start == time else _offset(start, size, 1)


def _offset(time: dt.datetime, size: str, count: int) -> dt.datetime:
    """The start of the batch ``count`` batches away."""
    start = truncated(time, size)
    if size in {"hour", "day"}:
        return start + dt.timedelta(**{f"{size}s": count})
    months = start.year * 12 + start.month - 1 + count * (12 if size == "year" else 1)
    year, month = divmod(months, 12)
    return start.replace(year=year, month=month + 1)
