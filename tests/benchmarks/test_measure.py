"""Costs are those of the command and its children, and a failure is never a figure."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from benchmarks.measure import CommandFailedError, measure


def test_processor_time_of_children_counts(tmp_path: Path) -> None:
    busy = "import time\nbegin = time.process_time()\nwhile time.process_time() - begin < 0.3: pass"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {busy!r}], check=True)"

    cost = measure([sys.executable, "-c", parent], tmp_path, os.environ)

    assert cost.cpu >= 0.3
    assert cost.wall > 0
    assert cost.rss > 1


def test_a_failing_command_raises_with_what_it_printed(tmp_path: Path) -> None:
    with pytest.raises(CommandFailedError, match=r"exit code 3:\nno such thing"):
        measure(
            [sys.executable, "-c", "print('no such thing'); raise SystemExit(3)"],
            tmp_path,
            os.environ,
        )
