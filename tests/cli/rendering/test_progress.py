"""What a live display shows, event by event."""

from __future__ import annotations

from functools import reduce

from tests.cli.rendering.events import AT, finished, run_started, started
from tidemill.cli.rendering.progress import Progress, Running, after
from tidemill.events import AnyEvent, Message, ParseFinished, ParseStarted, RunFinished


def state(*events: AnyEvent) -> Progress:
    return reduce(after, events, Progress())


PARSING = ParseStarted(project="shop", root="/p", at=AT)


def test_parsing() -> None:
    assert state(PARSING) == Progress(activity="Parsing shop", since=AT)
    assert state(PARSING, ParseFinished(project="shop", seconds=1, counts={})).is_idle


def test_running() -> None:
    ids = ("model.shop.orders", "model.shop.late")
    progress = state(
        run_started(*ids),
        started(),
        started("model.shop.late", index=2),
        finished(status="error"),
    )
    assert progress == Progress(
        total=8,
        done=1,
        failed=1,
        since=AT,
        running={"model.shop.late": Running(2, "sql table model main.late", AT)},
    )


def test_nothing_to_show_before_and_after() -> None:
    end = RunFinished(run_id="r", status="success", seconds=1, counts={})
    assert Progress().is_idle
    assert state(run_started("model.shop.orders"), started(), end).is_idle


def test_other_events_change_nothing() -> None:
    before = state(run_started("model.shop.orders"))
    assert after(before, Message(text="hello")) is before
