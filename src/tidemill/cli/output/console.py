"""The console as a stream of lines: in a pipe, in a file, in CI, or wherever a live display is not wanted."""

from __future__ import annotations

from typing import Literal, Protocol, TextIO

from tidemill.cli.rendering.entry import Entry
from tidemill.cli.rendering.formats import debug_line, json_line, text_line
from tidemill.events import AnyEvent

Form = Literal["text", "debug", "json"]


class Formatter:
    """Entries as lines of one form, with secrets masked."""

    def __init__(
        self, form: Form, *, colours: bool, invocation_id: str, mask: MaskText | None = None
    ) -> None:
        self.form = form
        self._colours = colours
        self._invocation_id = invocation_id
        self._mask = mask

    def line(self, entry: Entry) -> str:
        if self.form == "json":
            line = json_line(entry, self._invocation_id)
        elif self.form == "debug":
            line = debug_line(entry, colours=self._colours)
        else:
            line = text_line(entry, colours=self._colours)
        return self._mask.text(line) if self._mask else line


class MaskText(Protocol):
    """Replaces secrets in a text."""

    def text(self, text: str) -> str: ...


class Console(Protocol):
    """Something that shows entries, and may follow the events behind them."""

    def follow(self, event: AnyEvent) -> None:
        """Take note of an event before its entries come."""
        ...

    def write(self, entry: Entry) -> None:
        """Show one entry."""
        ...

    def close(self) -> None:
        """Leave the terminal as it was."""
        ...


class PlainConsole:
    """Line after line to a stream."""

    def __init__(self, stream: TextIO, formatter: Formatter, level: str) -> None:
        self._stream = stream
        self._formatter = formatter
        self._level = level
        self._is_broken = False

    def follow(self, event: AnyEvent) -> None:
        return None

    def write(self, entry: Entry) -> None:
        if self._is_broken or not entry.is_shown_at(self._level):
            return
        try:
            self._stream.write(self._formatter.line(entry) + "\n")
            self._stream.flush()
        except BrokenPipeError:
            # Whoever read has gone (`| head`): the work goes on, and says nothing more.
            self._is_broken = True

    def close(self) -> None:
        return None
