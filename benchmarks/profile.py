"""Where the time of a command goes: `python -m benchmarks.profile --project FOLDER -- build --threads 4`.

Looks at all threads of the process a few hundred times a second, and gives the processor time that each has used since
to the innermost part of Tidemill that its stack works for. Threads without Python are DuckDB's own. Needs Linux.
"""

from __future__ import annotations

import argparse
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from types import FrameType

from benchmarks.report import machine, save

INTERVAL = 0.004
_TASKS = Path("/proc/self/task")
_AREAS = (
    ("tidemill/adapters/duckdb", "DuckDB"),
    ("tidemill/engine/parsing", "parsing"),
    ("tidemill/engine/project", "project files"),
    ("tidemill/engine/compiling", "compiling"),
    ("tidemill/engine/jinja", "Jinja and macros"),
    ("tidemill/engine/artifacts", "artifacts"),
    ("tidemill/engine/nodes", "artifacts"),
    ("tidemill/engine/graph", "graph and selection"),
    ("tidemill/engine/selection", "graph and selection"),
    ("tidemill/engine/running", "running"),
    ("tidemill/store", "history"),
    ("tidemill/cli", "lines and log"),
    ("tidemill/commands", "commands"),
    ("<frozen importlib", "imports"),
)


class Sampler(threading.Thread):
    """Adds up nanoseconds by area until told to stop."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.counts: Counter[str] = Counter()
        self.ended = threading.Event()

    def run(self) -> None:
        """Look again and again."""
        used: dict[str, int] = {}
        while not self.ended.wait(INTERVAL):
            frames = sys._current_frames()
            known = {str(thread.native_id): thread.ident for thread in threading.enumerate()}
            for task in _TASKS.iterdir():
                before, used[task.name] = used.get(task.name, 0), _nanoseconds(task)
                spent = used[task.name] - before
                if spent and known.get(task.name) != self.ident:
                    frame = frames.get(known.get(task.name) or 0)
                    area = "DuckDB" if task.name not in known else area_of(frame)
                    self.counts[area] += spent


def _nanoseconds(task: Path) -> int:
    try:
        return int((task / "schedstat").read_text().split()[0])
    except (OSError, ValueError):
        return 0


def area_of(frame: FrameType | None) -> str:
    """Return what the stack works for."""
    while frame is not None:
        file = frame.f_code.co_filename
        for part, area in _AREAS:
            if part in file:
                return area
        frame = frame.f_back
    return "other"


def main() -> int:
    """Run the command and print the shares."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.profile", description=__doc__)
    parser.add_argument("--project", type=Path, required=True)
    parser.add_argument("words", nargs="+")
    options = parser.parse_args()
    before = machine()
    sampler = Sampler()
    sampler.start()
    began = time.process_time()
    from tidemill.cli.application import run

    code = run([*options.words, "--project-dir", str(options.project), "--quiet"])
    cpu = time.process_time() - began
    sampler.ended.set()
    sampler.join()
    total = sum(sampler.counts.values()) or 1
    shares = {area: round(100 * n / total, 1) for area, n in sampler.counts.most_common()}
    for area, share in shares.items():
        print(f"{share:>6.1f} %  {area}")
    content = {"machine": before, "command": options.words, "cpu": cpu, "shares": shares}
    print(f"\nEvery share is in {save('profile', content)}")
    return code


if __name__ == "__main__":
    sys.exit(main())
