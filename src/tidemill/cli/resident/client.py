"""The side of the command: hands its words, its surroundings and its terminal over, and waits for the exit code."""

from __future__ import annotations

import os
import resource
import signal
import socket
import sys
from contextlib import suppress

from tidemill.cli.resident.address import program
from tidemill.cli.resident.frames import receive, send

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

PATIENCE_SECONDS = 1.0
"""How long to wait for the process to be ready. After that it is quicker to do the work here."""
_IMPOSSIBLE = 2
_LIMITS = {getattr(resource, name) for name in dir(resource) if name.startswith("RLIMIT_")}
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run_there(address: str, words: Sequence[str]) -> int | None:
    """Let the process at ``address`` run the command; None, with nothing done, if it cannot."""
    if sys.stdout is None or sys.stderr is None:
        return None  # closed by whoever started this; the process would take others for them
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            return _wait(connection) if _hand_over(connection, address, words) else None
    except KeyboardInterrupt:
        # The connection is closed by now, and with it what was begun.
        print("Error: stopped by Ctrl-C before the command was done", file=sys.stderr)
        return _IMPOSSIBLE


def _hand_over(connection: socket.socket, address: str, words: Sequence[str]) -> bool:
    """Whether the process is ready and has been told to begin."""
    connection.settimeout(PATIENCE_SECONDS)
    try:
        connection.connect(address)
        socket.send_fds(connection, [b"\0"], [0, 1, 2])
        send(connection, _surroundings(words))
        if receive(connection) != "ready":
            return False
        connection.settimeout(None)
        send(connection, "begin")
    except (OSError, ValueError):
        return False
    return True


def _surroundings(words: Sequence[str]) -> dict[str, Any]:
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    mask = os.umask(0)
    os.umask(mask)
    return {
        "program": program(),
        "words": list(words),
        "folder": os.getcwd(),
        "environment": dict(os.environ),
        "umask": mask,
        "niceness": os.nice(0),
        "limits": [(each, *resource.getrlimit(each)) for each in _LIMITS],
        "streams": [(stream.encoding, stream.errors) for stream in (sys.stdout, sys.stderr)],
    }


def _wait(connection: socket.socket) -> int:
    worker = _next(connection)
    if worker is None:
        return _abandoned()
    for number in _SIGNALS:
        _handle(number, lambda number, _: _pass_on(worker, number))
    _handle(signal.SIGTSTP, lambda *_: _pause(worker))
    code = _next(connection)
    if code is None:
        _pass_on(worker, signal.SIGTERM)  # nobody else looks after it now
        return _abandoned()
    return code


def _handle(number: int, do: Callable[[int, Any], None]) -> None:
    """Do so at a signal, unless it is to be ignored: as `nohup` and shells in the background have it."""
    if signal.getsignal(number) is not signal.SIG_IGN:
        signal.signal(number, do)


def _next(connection: socket.socket) -> int | None:
    """The next number; None where there is nobody left to send one."""
    try:
        found = receive(connection)
    except (OSError, ValueError):
        return None
    return None if found is None else int(found)


def _pass_on(worker: int, number: int) -> None:
    """Let the process that does the work have the signal."""
    try:
        os.kill(worker, number)
    except ProcessLookupError:
        return  # it has ended; its code is on the way


def _pause(worker: int) -> None:
    """Stop, and the work with all that it started as well; go on when somebody says so."""
    with suppress(ProcessLookupError):
        os.killpg(worker, signal.SIGSTOP)
    os.kill(os.getpid(), signal.SIGSTOP)
    with suppress(ProcessLookupError):
        os.killpg(worker, signal.SIGCONT)


def _abandoned() -> int:
    print(
        "Error: the resident process of this project ended before the command did\n"
        "Run it again; with --no-daemon it does without.",
        file=sys.stderr,
    )
    return _IMPOSSIBLE
