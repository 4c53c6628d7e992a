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
    names = "".join(f" {contender.name:>23} " for contender in contenders)
    columns = "".join(f" {label:>7}" for _ in contenders for _, label, _ in _FIGURES)
    ratios = f" {'times less':>23}" if len(contenders) == 2 else ""
    ratio_columns = "".join(f" {label:>7}" for _, label, _ in _FIGURES) if ratios else ""
    return (
        f"{'models':>7} {'operation':<24}{names}{ratios}\n{'':>7} {'':<24}{columns} {ratio_columns}"
    )


def line(row: Row, contenders: Sequence[Contender]) -> str:
    """Return one row of the table; ratios say how many times more the peer needs."""
    cells = [f"{row.size:>7} {row.operation:<24}"]
    for contender in contenders:
        typical = row.typical(contender.name)
        cells += [f" {getattr(typical, figure):>7{spec}}" for figure, _, spec in _FIGURES]
    if len(contenders) == 2:
        ours, peer = contenders
        cells.append(" ")
        ratios = row.ratios(ours.name, peer.name)
        cells += [f" {getattr(ratios, figure):>6.1f}x" for figure, _, _ in _FIGURES]
    return "".join(cells)


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
