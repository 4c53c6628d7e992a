"""The resident process as seen by whoever starts it: it lives as long as they do."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from tidemill.commands.opening import Opening

_MODULE = "tidemill.cli.resident.process"


class Companion:
    """A context manager: once ``start`` was called, commands in the project are answered until it ends."""

    def __init__(self, root: Path, opening: Opening, *, wanted: bool = True) -> None:
        self._beginning = pickle.dumps((root.resolve(), opening))
        self._wanted = wanted and hasattr(os, "fork")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the process, if it is wanted and this system can have one. Returns at once."""
        if not self._wanted:
            return
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", _MODULE], stdin=subprocess.PIPE, start_new_session=True
        )
        stdin = self._process.stdin
        assert stdin is not None
        with suppress(OSError):
            stdin.write(self._beginning)
            stdin.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        # It ends when its input does, and after the commands that it runs; nobody waits for these.
        if self._process is not None and self._process.stdin is not None:
            with suppress(OSError):
                self._process.stdin.close()
