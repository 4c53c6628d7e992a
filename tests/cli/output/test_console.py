"""Lines to a stream."""

from __future__ import annotations

import io

from tests.cli.rendering.events import AT
from tidemill.cli.output.console import Formatter, PlainConsole
from tidemill.cli.rendering.entry import Entry, result
from tidemill.store.secrets import Scrubber


def line(text: str, level: str = "info") -> Entry:
    return Entry(name="Note", code="Z050", level=level, text=text, at=AT)  # type: ignore[arg-type]


def console(level: str = "info", mask: Scrubber | None = None) -> tuple[PlainConsole, io.StringIO]:
    stream = io.StringIO()
    formatter = Formatter("text", colours=False, invocation_id="id", mask=mask)
    return PlainConsole(stream, formatter, level), stream


def test_lines_are_written_at_once() -> None:
    plain, stream = console()
    plain.write(line("one"))
    plain.write(line("hidden", "debug"))
    plain.write(result("two"))
    assert stream.getvalue() == "08:00:00  one\ntwo\n"


def test_secrets_are_masked() -> None:
    plain, stream = console(mask=Scrubber(["hunter2"]))
    plain.write(line("password is hunter2"))
    assert stream.getvalue() == "08:00:00  password is *****\n"


def test_a_reader_that_has_gone_stops_nothing() -> None:
    class Gone(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    plain = PlainConsole(Gone(), Formatter("text", colours=False, invocation_id="id"), "info")
    plain.write(line("one"))
    plain.write(line("two"))
