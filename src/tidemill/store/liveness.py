"""Is the process that wrote a run still there? Told by its id and the moment it started.

A process id alone is not enough: ids are reused. Where the other process cannot be seen (another
machine or container, an unusual platform) its heartbeat decides.
"""

from __future__ import annotations

import os
import platform
import subprocess
from functools import cache
from pathlib import Path

import msgspec

HEARTBEAT_SECONDS = 2.0
"""How often a running process says that it is there."""

SILENCE_SECONDS = 20.0
"""After so long without a heartbeat a process that cannot be seen counts as gone."""


class Process(msgspec.Struct, frozen=True, kw_only=True):
    """Who writes a run. ``started`` is empty where the platform does not tell it."""

    host: str
    pid: int
    started: str


def this_process() -> Process:
    """The calling process."""
    pid = os.getpid()
    return Process(host=_host(), pid=pid, started=_started(pid) or "")


def is_alive(process: Process, *, heartbeat_at: float, now: float) -> bool:
    """Whether ``process`` still runs, as far as can be known from here."""
    if process.host == _host() and process.started:
        return _started(process.pid) == process.started
    return now - heartbeat_at < SILENCE_SECONDS


@cache
def _host() -> str:
    """Names the machine since its last start, and the set of process ids that is visible here."""
    boot = _read(Path("/proc/sys/kernel/random/boot_id"))
    try:
        namespace = str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        namespace = ""
    return "/".join(part for part in (platform.node(), boot, namespace) if part)


def _started(pid: int) -> str | None:
    """When ``pid`` started, in the platform's own words; None if there is no such process."""
    system = platform.system()
    if system == "Linux":
        return _started_on_linux(pid)
    return None if system == "Windows" else _started_by_ps(pid)


def _started_on_linux(pid: int) -> str | None:
    # The second field is the program's name in brackets and may itself hold spaces and brackets.
    fields = _read(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()
    if len(fields) < 20 or fields[0] in {"Z", "X"}:
        return None
    return fields[19]


def _started_by_ps(pid: int) -> str | None:
    answer = subprocess.run(
        ["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return answer.stdout.strip() or None


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError:
        return ""
