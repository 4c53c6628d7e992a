"""Measures the example season: `python -m benchmarks.season`."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import median

from benchmarks.contenders import CONTENDERS, ROOT, Contender, clean_environment, statuses
from benchmarks.measure import CommandFailedError, Cost, measure
from benchmarks.report import machine, save

SEASON = ROOT / "examples" / "season"
WORK = ROOT / "benchmarks" / "work" / "season"
GAMES = 1230
ALONE = "DuckDB alone"
DBT_LIKE = [each for each in CONTENDERS if each.takes_dbts_words]
DATABASE = "season.duckdb"


def main() -> int:
    """Print one line for each tool and one for DuckDB alone; 1 when a build failed."""
    options = _arguments()
    contenders = [each for each in DBT_LIKE if options.only in {None, each.name}]
    try:
        costs = _measure(contenders, options.scenarios, options.repeats)
    except CommandFailedError as error:
        print(error, file=sys.stderr)
        return 1
    _print(costs, GAMES * options.scenarios)
    path = save(
        "season",
        {
            "machine": machine(),
            "versions": {each.name: each.versions() for each in contenders},
            "scenarios": options.scenarios,
            "costs": {name: [asdict(cost) for cost in found] for name, found in costs.items()},
        },
    )
    print(f"\nEvery single figure is in {path}")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.season", description=__doc__)
    parser.add_argument("--scenarios", type=int, default=10_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--only", choices=[each.name for each in DBT_LIKE])
    return parser.parse_args()


def _measure(
    contenders: Sequence[Contender], scenarios: int, repeats: int
) -> dict[str, list[Cost]]:
    """Build the season anew with each tool and then without any, `repeats` times in turn."""
    names = [*(contender.name for contender in contenders), ALONE]
    costs: dict[str, list[Cost]] = {name: [] for name in names}
    for contender in contenders:
        contender.compile_bytecode()
        _copy(contender)
    for _ in range(repeats):
        for contender in contenders:
            costs[contender.name].append(_build(contender, scenarios))
        costs[ALONE].append(_build_alone(contenders[0]))
    return costs


def _folder(contender: Contender) -> Path:
    return WORK / contender.name


def _copy(contender: Contender) -> None:
    """Give the contender a season of its own, without anything built before."""
    shutil.rmtree(_folder(contender), ignore_errors=True)
    ignored = shutil.ignore_patterns("target", "logs", ".tidemill", f"{DATABASE}*")
    shutil.copytree(SEASON, _folder(contender), ignore=ignored)


def _build(contender: Contender, scenarios: int) -> Cost:
    """Build everything into an empty database."""
    folder = _folder(contender)
    for path in folder.glob(f"{DATABASE}*"):
        path.unlink()
    command = contender.command("build", "--vars", f"scenarios: {scenarios}")
    cost = measure(command, folder, clean_environment())
    print(f"{contender.name}: {statuses(folder)}", flush=True)
    return cost


def _build_alone(contender: Contender) -> Cost:
    """Run the SQL that `contender` compiled, without it."""
    folder = _folder(contender)
    database = folder / f"{DATABASE}-alone"
    database.unlink(missing_ok=True)
    python = str(contender.home / "bin" / "python")
    script = str(Path(__file__).with_name("alone.py"))
    command = [python, script, str(folder / "target" / "manifest.json"), str(database)]
    return measure(command, folder, clean_environment())


def _print(costs: dict[str, list[Cost]], games: int) -> None:
    print(f"\n{'':<16} {'wall s':>8} {'CPU s':>8} {'MB':>6} {'games per s':>14}")
    for name, found in costs.items():
        wall = median(cost.wall for cost in found)
        cpu = median(cost.cpu for cost in found)
        rss = median(cost.rss for cost in found)
        print(f"{name:<16} {wall:>8.2f} {cpu:>8.2f} {rss:>6.0f} {games / wall:>14,.0f}")


if __name__ == "__main__":
    sys.exit(main())
