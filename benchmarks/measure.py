"""Runs one command and says what it cost: wall time, processor time and memory, as the kernel counted them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

MEGABYTE = 1_000_000
_RSS_UNIT = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True)
class Cost:
    """What one command cost, with the children that it waited for."""

    wall: float
    """Seconds from start to end."""
    cpu: float
    """Seconds of processor time, user and system."""
    rss: float
    """Peak resident memory of the largest single process, in megabytes."""


class CommandFailedError(Exception):
    """A measured command failed, so that its time says nothing."""


def measure(command: Sequence[str], cwd: Path, env: Mapping[str, str]) -> Cost:
    """Run `command` and return its cost; raise CommandFailedError with its output when it fails."""
    log = cwd / "benchmark.log"
    with log.open("wb") as output:
        begin = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-30:])
        raise CommandFailedError(
            f"`{' '.join(command)}` ended with exit code {process.returncode}:\n{tail}"
        )
    return Cost(
        wall=wall,
        cpu=usage.ru_utime + usage.ru_stime,
        rss=usage.ru_maxrss * _RSS_UNIT / MEGABYTE,
    )
