"""The end of a process: nothing is taken apart object by object, and nobody looks for garbage."""

from __future__ import annotations

import subprocess
import sys

_SCRIPT = """
import gc
from tidemill.cli.garbage import kept_to_the_end

class Told:
    def __del__(self):
        print("taken apart")

def work():
    large = Told()
    kept_to_the_end(large)

work()
gc.callbacks.append(lambda phase, info: print(phase) if info["generation"] == 2 else None)
"""


def test_what_is_kept_goes_with_the_process() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT], capture_output=True, text=True, check=True
    )
    assert "taken apart" not in done.stdout
    assert done.stderr == ""
