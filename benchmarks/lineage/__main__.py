"""``python -m benchmarks.lineage 10000``: processor time, wall time and memory of column lineage.

Each figure is of a new process, as a command would be; parsing the project is measured apart, since every command
pays for it. A path measures that project instead of a generated one.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

from benchmarks.generator.project import write_project
from benchmarks.generator.shape import make_shape
from benchmarks.lineage.measuring import MEASURES
from benchmarks.report import machine, save
from benchmarks.workplace import models_below

WORK = Path(__file__).resolve().parent.parent / "work" / "lineage"


def main() -> int:
    """Measure and print; with --measure, one part inside this process."""
    options = _arguments()
    if options.measure:
        print(json.dumps(MEASURES[options.measure](Path(options.project))))
        return 0
    folder = _project(options.project)
    (folder / "target" / "column_lineage.bin").unlink(missing_ok=True)
    before, rows = machine(), []
    print(f"{'':36}{'CPU s':>10}{'wall s':>10}{'memory MB':>12}")
    for name in MEASURES:
        for part, cost in _measured(folder, name).items():
            cpu, wall, memory = cost["cpu"], cost["wall"], cost["memory"]
            print(f"{part:36}{cpu:>10.3f}{wall:>10.3f}{memory:>12.0f}", flush=True)
            rows.append({"size": len(models_below(folder)), "operation": part.strip(), **cost})
    content = {"machine": before, "load_after": machine()["load"], "rows": rows}
    print(f"\nEvery single figure is in {save('lineage', content)}")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.lineage", description=__doc__)
    parser.add_argument("project", nargs="?", default="1000", help="models, or a project's folder")
    parser.add_argument("--measure", choices=list(MEASURES), help=argparse.SUPPRESS)
    return parser.parse_args()


def _project(wanted: str) -> Path:
    if not wanted.isdigit():
        return Path(wanted).resolve()
    folder = WORK / wanted
    write_project(folder, make_shape(int(wanted), 0))
    return folder


def _measured(folder: Path, name: str) -> dict[str, dict[str, float]]:
    command = [sys.executable, "-m", "benchmarks.lineage", str(folder), "--measure", name]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, dict[str, float]] = json.loads(done.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    sys.exit(main())
