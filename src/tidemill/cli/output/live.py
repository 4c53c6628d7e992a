"""The live display of a terminal: finished work scrolls by above, what runs now stays below.

rich is imported here and nowhere else, so that pipes, CI and short commands never load it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TextIO

from rich.console import Console as RichConsole
from rich.console import Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from tidemill.cli.output.console import Formatter
from tidemill.cli.rendering.entry import Entry
from tidemill.cli.rendering.progress import Progress, Running, after
from tidemill.events import AnyEvent

PATIENCE_SECONDS = 0.3
"""An activity shorter than this is not worth a flicker."""
BAR_WIDTH = 30
LINES_AROUND = 6
"""Lines of the terminal that running nodes leave free."""


class LiveConsole:
    """Lines to a terminal, with the state of the work kept at its foot."""

    def __init__(
        self,
        stream: TextIO,
        formatter: Formatter,
        level: str,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._console = RichConsole(file=stream, highlight=False, markup=False, emoji=False)
        self._formatter = formatter
        self._level = level
        self._clock = clock
        self._progress = Progress()
        self._spinner = Spinner("dots", style="cyan")
        self._live: Live | None = None

    def follow(self, event: AnyEvent) -> None:
        self._progress = after(self._progress, event)
        if self._progress.is_idle:
            self._stop()
        elif self._live is None:
            self._start()

    def write(self, entry: Entry) -> None:
        if entry.only_plain or not entry.is_shown_at(self._level):
            return
        text = Text.from_ansi(self._formatter.line(entry))
        self._console.print(text, soft_wrap=True)

    def close(self) -> None:
        self._stop()

    def _start(self) -> None:
        self._live = Live(
            get_renderable=self._draw,
            console=self._console,
            refresh_per_second=8,
            transient=True,
        )
        self._live.start()

    def _stop(self) -> None:
        live, self._live = self._live, None
        if live is not None:
            live.stop()

    def _draw(self) -> RenderableType:
        progress = self._progress
        if progress.activity:
            return self._draw_activity(progress)
        room = max(1, self._console.size.height - LINES_AROUND)
        oldest_first = sorted(progress.running.values(), key=lambda node: node.since)
        rows: list[RenderableType] = [self._draw_nodes(oldest_first[:room])]
        if len(oldest_first) > room:
            rows.append(Text(f"   and {len(oldest_first) - room} more", style="dim"))
        return Group(*rows, self._draw_bar(progress))

    def _draw_activity(self, progress: Progress) -> RenderableType:
        elapsed = self._clock() - progress.since
        if elapsed < PATIENCE_SECONDS:
            return Text("")
        self._spinner.update(text=f"{progress.activity} {elapsed:.1f}s")
        return self._spinner

    def _draw_nodes(self, running: list[Running]) -> Table:
        table = Table.grid(padding=(0, 1))
        table.add_column(width=1)
        table.add_column(justify="right", style="dim")
        table.add_column(no_wrap=True, overflow="ellipsis")
        table.add_column(justify="right", style="cyan")
        for node in running:
            elapsed = self._clock() - node.since
            table.add_row(self._spinner, str(node.index), node.description, f"{elapsed:.1f}s")
        return table

    def _draw_bar(self, progress: Progress) -> Table:
        table = Table.grid(padding=(0, 1))
        bar = ProgressBar(total=max(1, progress.total), completed=progress.done, width=BAR_WIDTH)
        words = Text(f"{progress.done} of {progress.total}")
        if progress.failed:
            words.append(f"  {progress.failed} failed", style="red")
        words.append(f"  {self._clock() - progress.since:.1f}s", style="dim")
        table.add_row(bar, words)
        return table
