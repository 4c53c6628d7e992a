"""A build beside DuckDB alone: `python -m benchmarks.floor --sizes 500 2500`.

The very statements of a Tidemill build, kept while it runs, are sent again by a plain script with as many threads.
What is over that is our own.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.contenders import DBT, ROOT, TIDEMILL, Contender, clean_environment, statuses
from benchmarks.generator.project import DATABASE
from benchmarks.measure import CommandFailedError, Cost, measure
from benchmarks.report import machine, save
from benchmarks.workplace import Workplace, generated

WORK = ROOT / "benchmarks" / "work"
ALONE = "DuckDB alone"
THREADS = "4"


def main() -> int:
    """Print one line for each tool and one for DuckDB alone; 1 when a build failed."""
    options = _arguments()
    contenders = [each for each in (TIDEMILL, DBT) if each.name in options.only and each.is_there]
    before = machine()
    found: list[dict[str, Any]] = []
    try:
        for size in options.sizes:
            found.append(_measure(size, contenders, options.repeats))
            _print(found[-1])
    except CommandFailedError as error:
        print(error, file=sys.stderr)
        return 1
    content = {"machine": before, "load_after": machine()["load"], "rows": found}
    versions = {each.name: each.versions() for each in contenders}
    print(f"\nEvery single figure is in {save('floor', {**content, 'versions': versions})}")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.floor", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[500], metavar="N")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--only", nargs="+", default=["tidemill", "dbt-core"])
    return parser.parse_args()


def _measure(size: int, contenders: list[Contender], repeats: int) -> dict[str, Any]:
    """Build anew with each and then without any, in turn."""
    places = [Workplace(WORK / f"floor-{size}-{c.name}", generated(size, 0), c) for c in contenders]
    for place in places:
        place.contender.compile_bytecode()
        place.make()
    kept = _captured(places[0])
    costs: dict[str, list[Cost]] = {name: [] for name in (*(c.name for c in contenders), ALONE)}
    nodes = 0
    for _ in range(repeats):
        for place in places:
            place.empty_database()
            command = place.contender.command("build", "--threads", THREADS)
            costs[place.contender.name].append(measure(command, place.folder, clean_environment()))
            nodes = sum(statuses(place.folder).values()) or nodes
        costs[ALONE].append(_alone(places[0], kept))
    return {
        "size": size,
        "nodes": nodes,
        "costs": {name: [asdict(cost) for cost in each] for name, each in costs.items()},
    }


def _captured(place: Workplace) -> Path:
    """Build once, unmeasured, and keep the statements."""
    file = place.folder.with_suffix(".statements.json")
    capture = "benchmarks.floor.capture"
    command = [str(place.contender.python), "-m", capture, str(place.folder), str(file)]
    subprocess.run(command, cwd=ROOT, check=True, env=clean_environment())
    print(f"{len(json.loads(file.read_text()))} steps", flush=True)
    return file


def _alone(place: Workplace, kept: Path) -> Cost:
    place.empty_database()
    script = str(Path(__file__).with_name("replay.py"))
    command = [place.contender.python, script, str(kept), str(place.folder / DATABASE), THREADS]
    return measure(command, place.folder, clean_environment())


def _print(row: dict[str, Any]) -> None:
    alone = median(cost["cpu"] for cost in row["costs"][ALONE])
    print(f"\n{row['size']} models, {row['nodes']} nodes")
    print(
        f"{'':<16} {'wall s':>8} {'CPU s':>8} {'MB':>6} {'times alone':>12} {'own ms a node':>14}"
    )
    for name, costs in row["costs"].items():
        wall, cpu, rss = (median(cost[key] for cost in costs) for key in ("wall", "cpu", "rss"))
        own = 1000 * (cpu - alone) / row["nodes"]
        print(f"{name:<16} {wall:>8.2f} {cpu:>8.2f} {rss:>6.0f} {cpu / alone:>12.2f} {own:>14.2f}")


if __name__ == "__main__":
    sys.exit(main())
