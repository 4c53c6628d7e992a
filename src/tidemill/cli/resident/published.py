"""The socket of a resident process, and the file in the project that says where it is."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
from contextlib import suppress
from pathlib import Path

from tidemill.cli.resident.address import FILE, FOLDER_START, SOCKET, program

_WAITING = 16
"""Commands that may knock at the same time."""


class Published:
    """A socket that only this user can reach, in a folder of its own."""

    def __init__(self, root: Path) -> None:
        """Raises OSError where the project's folder cannot be written."""
        self._folder = Path(tempfile.mkdtemp(prefix=FOLDER_START))
        self._file = root / FILE
        self.listening = socket.socket(socket.AF_UNIX)
        address = str(self._folder / SOCKET)
        self._content = f"{address}\n{program()}"
        try:
            self.listening.bind(address)
            self.listening.listen(_WAITING)
            self._write()
        except OSError:
            self.close()
            raise

    def _write(self) -> None:
        self._file.parent.mkdir(exist_ok=True)
        new = self._file.with_name(f"resident.{os.getpid()}")
        new.write_text(self._content, encoding="utf-8")
        new.replace(self._file)

    def close(self) -> None:
        """Answer no more. Another process that has been published since is left alone."""
        self.listening.close()
        with suppress(OSError, ValueError):
            if self._file.read_text(encoding="utf-8") == self._content:
                self._file.unlink()
        shutil.rmtree(self._folder, ignore_errors=True)

    def leave(self) -> None:
        """Let go of the socket in a child, for which it is not."""
        self.listening.close()
