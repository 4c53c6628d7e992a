"""``logs/dbt.log``: every entry of every command, rotated as dbt rotates it."""

from __future__ import annotations

from pathlib import Path
from typing import TextIO

from tidemill.cli.output.console import Formatter
from tidemill.cli.rendering.entry import Entry
from tidemill.cli.rendering.formats import opening_line

FILE_NAME = "dbt.log"
BACKUPS = 5


class LogFile:
    """Appends to the log file of a project. Raises OSError when the file cannot be opened."""

    def __init__(
        self, folder: Path, formatter: Formatter, *, level: str, invocation_id: str, max_bytes: int
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / FILE_NAME
        self._formatter = formatter
        self._level = level
        self._invocation_id = invocation_id
        self._max_bytes = max_bytes
        self._stream: TextIO | None = self.path.open("a", encoding="utf-8")
        self._size = self.path.stat().st_size
        self._is_new = True

    def write(self, entry: Entry) -> None:
        """Append the entry. A disk that is full silences the log, never the work."""
        if self._stream is None or not entry.is_shown_at(self._level):
            return
        try:
            self._append(self._lines(entry))
            # Debug lines are many: they reach the disk with the next line that matters.
            if entry.level != "debug":
                self._stream.flush()
        except OSError:
            self.close()

    def close(self) -> None:
        stream, self._stream = self._stream, None
        if stream is not None:
            try:
                stream.close()
            except OSError:
                return

    def _lines(self, entry: Entry) -> str:
        line = self._formatter.line(entry) + "\n"
        if self._is_new and self._formatter.form == "debug":
            line = opening_line(entry, self._invocation_id) + "\n" + line
        self._is_new = False
        return line

    def _append(self, text: str) -> None:
        size = len(text.encode("utf-8", errors="replace"))
        if self._max_bytes and self._size and self._size + size >= self._max_bytes:
            self._rotate()
        assert self._stream is not None
        self._stream.write(text)
        self._size += size

    def _rotate(self) -> None:
        """``dbt.log`` becomes ``dbt.log.1``, which becomes ``dbt.log.2``, and so on to five."""
        assert self._stream is not None
        self._stream.close()
        for number in range(BACKUPS, 0, -1):
            older = self._backup(number)
            newer = self._backup(number - 1)
            if newer.exists():
                newer.replace(older)
        self._stream = self.path.open("w", encoding="utf-8")
        self._size = 0

    def _backup(self, number: int) -> Path:
        return self.path.with_name(f"{FILE_NAME}.{number}") if number else self.path
