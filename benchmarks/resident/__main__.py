"""``python -m benchmarks.resident 2500 10000``: from an edit to what people wait for, while `tidemill serve` runs.

A file is written, and the clock runs until the answer is there: on the stream and over HTTP, as the page gets it, and on
the terminal, beside the same command by itself. A path measures that project; it is copied.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from statistics import median

from benchmarks.contenders import TIDEMILL
from benchmarks.report import machine, save
from benchmarks.resident.measuring import Serving
from benchmarks.workplace import Workplace, generated, given

WORK = Path(__file__).resolve().parent.parent / "work" / "resident"


def main() -> int:
    """Measure, print and keep the figures."""
    options = _arguments()
    TIDEMILL.compile_bytecode()
    before, rows = machine(), []
    for project in options.projects:
        source = generated(int(project), 0) if project.isdigit() else given(Path(project))
        place = Workplace(WORK / str(source.size), source, TIDEMILL)
        place.make()
        with Serving(place) as serving:
            for name, costs in serving.measures(options.repeats):
                rows.append({"size": source.size, "operation": name, "milliseconds": costs})
                typical, least = median(costs), min(costs)
                print(f"{source.size:>7} {name:<52}{typical:>9.1f} ms {least:>9.1f}", flush=True)
    content = {"machine": before, "load_after": machine()["load"], "rows": rows}
    print(f"\nMedians and the least. Every single figure is in {save('resident', content)}")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.resident", description=__doc__)
    parser.add_argument(
        "projects", nargs="*", default=["500"], help="models, or a project's folder"
    )
    parser.add_argument("--repeats", type=int, default=9, help="times each (default: 9)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
