"""Turns rows of figures into a table for people and a file for machines."""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.comparison import Row
from benchmarks.contenders import Contender

RESULTS = Path(__file__).resolve().parent / "results"
_FIGURES = (("wall", "wall s", ".2f"), ("cpu", "CPU s", ".2f"), ("rss", "MB", ".0f"))


def heading(contenders: Sequence[Contender]) -> str:
    """Return the two lines above the rows."""
    names = [contender.name for contender in contenders]
    if len(names) == 2:
        names.append("times less")
    labels = "".join(f" {label:>7}" for _, label, _ in _FIGURES)
    above = f"{'models':>7} {'operation':<26}" + " ".join(f" {name:>23}" for name in names)
    return f"{above}\n{'':>7} {'':<26}" + " ".join(labels for _ in names)


def line(row: Row, contenders: Sequence[Contender]) -> str:
    """Return one row of the table; ratios say how many times more the peer needs."""
    parts = [f"{row.size:>7} {row.operation:<26}"]
    for contender in contenders:
        if contender.name not in row.costs:
            parts.append("".join(f" {'-':>7}" for _ in _FIGURES))
            continue
        typical = row.typical(contender.name)
        parts.append("".join(f" {getattr(typical, name):>7{spec}}" for name, _, spec in _FIGURES))
    if len(contenders) == 2 and len(row.costs) == 2:
        ratios = row.ratios(*(contender.name for contender in contenders))
        parts.append("".join(f" {getattr(ratios, name):>6.1f}x" for name, _, _ in _FIGURES))
    return parts[0] + " ".join(parts[1:])


def machine() -> dict[str, Any]:
    """Return what the figures depend on."""
    return {
        "system": platform.system(),
        "processors": os.cpu_count(),
        "load": [round(load, 2) for load in os.getloadavg()],
        "reference_loop_cpu": round(_reference_loop(), 3),
    }


def _reference_loop() -> float:
    """Return the processor seconds of ten million additions: how fast this machine is today."""
    begin = time.process_time()
    total = 0
    for number in range(10_000_000):
        total += number
    return time.process_time() - begin


def save(name: str, content: Mapping[str, Any]) -> Path:
    """Write one result file and return its path."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    now = datetime.now().astimezone()
    path = RESULTS / f"{name}-{now:%Y%m%d-%H%M%S}.json"
    path.write_text(json.dumps({"at": now.isoformat(), **content}, indent=2) + "\n")
    return path
