"""A fork of the resident process becomes the command that somebody started: its streams, folder, environment, words."""

from __future__ import annotations

import os
import resource
import signal
import sys
import threading
import time
import traceback
from contextlib import suppress
from typing import Any, NoReturn

from tidemill.cli.application import IMPOSSIBLE, run
from tidemill.engine.parsing.memory import Memory


def become(request: dict[str, Any], streams: list[int], memory: Memory) -> NoReturn:
    """Run the command and end the process with its code."""
    code = IMPOSSIBLE
    try:
        _surround(request, streams)
        memory.serve_once()
        code = run(request["words"], memory=memory)
        # As an interpreter that ends: threads first, then what is still to be written.
        threading._shutdown()  # type: ignore[attr-defined]
        _flush()
    except BaseException:  # noqa: BLE001 - nothing may go on in this process as if it were the resident one
        traceback.print_exc()
    finally:
        os._exit(code)


def _surround(request: dict[str, Any], streams: list[int]) -> None:
    os.setsid()
    for asked in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(asked, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for to, stream in enumerate(streams):
        os.dup2(stream, to)
        os.close(stream)
    os.chdir(request["folder"])
    os.umask(request["umask"])
    os.nice(max(0, request["niceness"] - os.nice(0)))
    for limit, *asked in request["limits"]:
        _limit(limit, *asked)
    os.environ.clear()
    os.environ.update(request["environment"])
    time.tzset()
    sys.argv = ["tidemill", *request["words"]]
    sys.stdin = open(0, closefd=False)  # noqa: SIM115 - descriptors, open to the end
    for number, name, (encoding, errors) in zip(
        (1, 2), ("stdout", "stderr"), request["streams"], strict=True
    ):
        opened = open(number, "w", encoding=encoding, errors=errors, closefd=False)  # noqa: SIM115
        opened.reconfigure(line_buffering=opened.isatty() or number == 2)
        setattr(sys, name, opened)


def _limit(limit: int, soft: int, hard: int) -> None:
    """Set what the command's own process had, as far as this one may."""
    try:
        resource.setrlimit(limit, (soft, hard))
    except (ValueError, OSError):
        _, ours = resource.getrlimit(limit)
        with suppress(ValueError, OSError):
            resource.setrlimit(limit, (soft, ours))


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        with suppress(BrokenPipeError):
            stream.flush()
