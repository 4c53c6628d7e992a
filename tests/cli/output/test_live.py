"""The live display, drawn to a terminal of text."""

from __future__ import annotations

import io
import re

from tests.cli.rendering.events import AT, finished, run_started, started
from tidemill.cli.output.console import Formatter
from tidemill.cli.output.live import LiveConsole
from tidemill.cli.output.outlet import Outlet
from tidemill.events import ParseStarted, RunFinished


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def live(clock: float = AT + 2) -> tuple[Outlet, LiveConsole, Terminal]:
    terminal = Terminal()
    formatter = Formatter("text", colours=False, invocation_id="id")
    console = LiveConsole(terminal, formatter, "info", clock=lambda: clock)
    return Outlet(console, width=60), console, terminal


def drawn(console: LiveConsole) -> str:
    with console._console.capture() as capture:
        console._console.print(console._draw())
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", capture.get())


def test_what_runs_is_shown_with_its_time() -> None:
    outlet, console, _ = live()
    outlet.tell(run_started("model.shop.orders", "model.shop.late"))
    outlet.tell(started(total=2))
    outlet.tell(started("model.shop.late", index=2, total=2, at=AT + 1))
    outlet.tell(finished(status="error", total=2))
    text = drawn(console)
    assert "2 sql table model main.late 1.0s" in text
    assert "main.orders" not in text
    assert "1 of 2  1 failed  2.0s" in text
    outlet.close()


def test_finished_work_scrolls_by_and_starts_do_not() -> None:
    outlet, _, terminal = live()
    outlet.tell(run_started("model.shop.orders"))
    outlet.tell(started(total=1))
    outlet.tell(finished(total=1))
    outlet.tell(RunFinished(run_id="r", status="success", seconds=1, counts={}, at=AT))
    text = terminal.getvalue()
    assert "1 of 1 OK created sql table model main.orders" in text
    assert "START" not in text
    assert "Done. PASS=1 WARN=0 ERROR=0 SKIP=0 NO-OP=0 TOTAL=1" in text


def test_a_long_parse_is_shown_and_a_short_one_is_not() -> None:
    for elapsed, shown in ((0.1, False), (2.0, True)):
        outlet, console, _ = live(clock=AT + elapsed)
        outlet.tell(ParseStarted(project="shop", root="/p", at=AT))
        assert ("Parsing shop 2.0s" in drawn(console)) is shown
        outlet.close()


def test_more_than_fits_is_counted() -> None:
    outlet, console, _ = live()
    ids = [f"model.shop.m{n}" for n in range(100)]
    outlet.tell(run_started(*ids))
    for index, unique_id in enumerate(ids, 1):
        outlet.tell(started(unique_id, index=index, total=100))
    room = max(1, console._console.size.height - 6)
    assert f"and {100 - room} more" in drawn(console)
    outlet.close()
