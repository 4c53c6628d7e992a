"""One outlet for a command: events and entries in, the console and the log file out."""

from __future__ import annotations

from tidemill.cli.output.console import Console
from tidemill.cli.output.logfile import LogFile
from tidemill.cli.rendering.entry import Entry
from tidemill.cli.rendering.node_info import Lookup
from tidemill.cli.rendering.translation import Translation
from tidemill.events import AnyEvent


class Outlet:
    """Where a verb sends everything that people and programs should read."""

    def __init__(self, console: Console, log: LogFile | None, *, width: int) -> None:
        self._console = console
        self._log = log
        self._translation = Translation(width=width)

    def know(self, lookup: Lookup) -> None:
        """From now on nodes can be looked up."""
        self._translation.lookup = lookup

    def tell(self, event: AnyEvent) -> None:
        """Show what happened."""
        entries = self._translation.entries(event)
        self._console.follow(event)
        for entry in entries:
            self.say(entry)

    def say(self, *entries: Entry) -> None:
        """Show entries that stand for no event."""
        for entry in entries:
            if self._log is not None:
                self._log.write(entry)
            self._console.write(entry)

    def close(self) -> None:
        """Leave the terminal as it was and close the log."""
        self._console.close()
        if self._log is not None:
            self._log.close()
