"""The resident process of a project: keeps its parse up to date, and forks a child for each command.

    python -m tidemill.cli.resident.process < its beginning

One thread, no connection to a warehouse: so a fork is safe, and a child is what a new process would have become, with
everything read already. It ends with whoever started it.
"""

from __future__ import annotations

import gc
import os
import pickle
import selectors
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from tidemill.cli.resident import frames
from tidemill.cli.resident.address import program
from tidemill.cli.resident.child import become
from tidemill.cli.resident.published import Published
from tidemill.cli.resident.warmth import Warmth
from tidemill.commands.opening import Opening

HANDSHAKE_SECONDS = 0.5
IDLE_SECONDS = 0.5
"""After which what was parsed is written down."""
LOOK_SECONDS = 5.0
"""Between two looks whether the project is still there."""
PARSES_TO_COLLECT, MOST_PARSES = 20, 200
"""After as many, garbage is looked for when there is time, and after so many at once."""


class Resident:
    """Answers at one socket until its own input ends."""

    def __init__(self, root: Path, opening: Opening) -> None:
        self._root = root
        self._warmth = Warmth(root, opening)
        self._warmth.refresh()
        self._published = Published(root)  # now that it can answer at once
        self._commands: dict[int, socket.socket] = {}
        """Children by process id, with whom they work for."""
        self._selector = selectors.DefaultSelector()
        self._is_ending = False
        self._parses = 0
        """Since garbage was looked for."""

    def run(self) -> None:
        """Answer until the input ends, and commands that are under way have ended."""
        wake = _wake_on_children()
        self._on(sys.stdin, self._end)
        self._on(wake, lambda: self._reap(wake))
        self._on(self._published.listening, self._take)
        self._refresh()
        try:
            while not self._is_ending or self._commands:
                self._turn()
        finally:
            self._published.close()

    def _turn(self) -> None:
        ready = self._selector.select(
            IDLE_SECONDS if self._warmth.memory.is_ahead else LOOK_SECONDS
        )
        if not ready:
            self._warmth.memory.flush()
            self._collect(PARSES_TO_COLLECT)
            self._end_with_project()
        for key, _ in ready:
            key.data()

    def _collect(self, parses: int) -> None:
        if self._parses >= parses:
            self._parses = 0
            gc.collect()

    def _on(self, file: Any, do: Callable[[], None]) -> None:
        self._selector.register(file, selectors.EVENT_READ, do)

    def _end(self) -> None:
        # Nobody writes there: when it can be read, it is at its end.
        if self._is_ending:
            return
        self._is_ending = True
        self._selector.unregister(sys.stdin)
        self._selector.unregister(self._published.listening)
        self._published.close()

    def _end_with_project(self) -> None:
        if not self._root.is_dir():
            self._end()

    def _refresh(self) -> None:
        """Parse what has changed, and listen to the folders as they are now."""
        self._warmth.refresh()
        self._parses += 1
        self._collect(MOST_PARSES)
        self._end_with_project()
        if self._is_ending:
            return
        watches = self._warmth.watches()
        listened = [k.fileobj for k in self._selector.get_map().values() if k.data == self._refresh]
        for old in listened:
            if old not in watches:
                self._selector.unregister(old)
        for watch in watches:
            if watch not in listened:
                self._on(watch, self._refresh)

    # -- commands ----------------------------------------------------------------------------

    def _take(self) -> None:
        """Answer one command."""
        if self._is_ending:
            return
        connection, _ = self._published.listening.accept()
        connection.settimeout(HANDSHAKE_SECONDS)
        with suppress(OSError, ValueError):
            _, streams, _, _ = socket.recv_fds(connection, 1, 3)
            try:
                if self._agree(connection, request := frames.receive(connection)):
                    self._fork(connection, request, streams)
                    return
            finally:
                for stream in streams:
                    os.close(stream)
        connection.close()

    def _agree(self, connection: socket.socket, request: Any) -> bool:
        """Whether both sides are willing."""
        same = isinstance(request, dict) and request.get("program") == program()
        if not same or self._warmth.is_outdated():
            frames.send(connection, "no")
            return False
        self._refresh()
        frames.send(connection, "ready")
        return bool(frames.receive(connection) == "begin")

    def _fork(self, connection: socket.socket, request: dict[str, Any], streams: list[int]) -> None:
        child = os.fork()
        if not child:
            self._leave_to_child(connection)
            become(request, streams, self._warmth.memory)
        connection.settimeout(None)
        self._commands[child] = connection
        with suppress(OSError):
            frames.send(connection, child)
        self._on(connection, lambda: self._hang_up(child))

    def _leave_to_child(self, connection: socket.socket) -> None:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self._selector.close()
        self._published.leave()
        for other in (connection, *self._commands.values()):
            other.close()

    def _hang_up(self, child: int) -> None:
        """Whoever asked for the command is gone."""
        connection = self._commands.get(child)
        if connection is not None:
            self._selector.unregister(connection)
            _signal(child, signal.SIGTERM)
            with suppress(ProcessLookupError):  # it may have been stopped, with all that it started
                os.killpg(child, signal.SIGCONT)

    def _reap(self, wake: socket.socket) -> None:
        with suppress(BlockingIOError):
            wake.recv(4096)
        for child in list(self._commands):
            found, status = os.waitpid(child, os.WNOHANG)
            if found:
                self._tell_code(child, os.waitstatus_to_exitcode(status))
        self._refresh()

    def _tell_code(self, child: int, code: int) -> None:
        connection = self._commands.pop(child)
        with suppress(KeyError):
            self._selector.unregister(connection)
        with suppress(OSError):
            frames.send(connection, code if code >= 0 else 128 - code)
        connection.close()


def _wake_on_children() -> socket.socket:
    """Readable when a child has ended."""
    ours, theirs = socket.socketpair()
    for end in (ours, theirs):
        end.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(theirs.detach(), warn_on_full_buffer=False)
    return ours


def _signal(process: int, number: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(process, number)


def main() -> None:
    """Read the beginning from the input, and serve until its end."""
    # Of the terminal; whoever started this says when to end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.set_threshold(0)
    root, opening = pickle.load(sys.stdin.buffer)
    with suppress(OSError):
        Resident(root, opening).run()


if __name__ == "__main__":
    main()
    # A driver that was loaded for the children would complain that its objects are still there.
    os._exit(0)
