"""One outlet for a command: events and entries in, the console and the log file out."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from tidemill.cli.output.console import Console
from tidemill.cli.output.logfile import LogFile
from tidemill.cli.rendering.entry import Entry
from tidemill.cli.rendering.groups import GroupLookup
from tidemill.cli.rendering.node_info import Lookup
from tidemill.cli.rendering.translation import Translation
from tidemill.events import AnyEvent, Event


class Outlet:
    """Where a verb sends everything that people and programs should read.

    The log file's folder is known only once the project is: until then its entries wait.
    """

    def __init__(self, console: Console, *, width: int) -> None:
        self._console = console
        self._translation = Translation(width=width)
        self._log: LogFile | None = None
        self._waiting: list[Entry] | None = []
        self.listeners: list[Callable[[Entry], None]] = []
        """Who else hears every entry, those too that neither console nor log show."""

    @property
    def awaits_log(self) -> bool:
        """Whether nobody has said yet where the log goes."""
        return self._waiting is not None

    def attach(self, log: LogFile | None) -> None:
        """Write what has waited to ``log``, and what follows; None keeps no log."""
        waiting, self._waiting = self._waiting, None
        self._log = log
        if log is not None:
            for entry in waiting or ():
                log.write(entry)

    def know(self, lookup: Lookup, groups: GroupLookup | None = None) -> None:
        """From now on nodes can be looked up, and the groups that own them."""
        self._translation.lookup = lookup
        self._translation.groups = groups or self._translation.groups

    def name_deprecations(self) -> None:
        """From now on deprecations are shown with dbt's names of them."""
        self._translation.names_deprecations = True

    def tell(self, event: Event) -> None:
        """Show what happened."""
        known = cast("AnyEvent", event)
        entries = self._translation.entries(known)
        self._console.follow(known)
        self.say(*entries)

    def follow(self, event: Event) -> None:
        """Let a live display move on, without a line about it."""
        self._console.follow(cast("AnyEvent", event))

    def say(self, *entries: Entry) -> None:
        """Show entries that stand for no event."""
        for entry in entries:
            if self._waiting is not None:
                self._waiting.append(entry)
            elif self._log is not None:
                self._log.write(entry)
            self._console.write(entry)
            for listener in self.listeners:
                listener(entry)

    def close(self) -> None:
        """Leave the terminal as it was and close the log."""
        self._console.close()
        if self._log is not None:
            self._log.close()
