"""The command behind `make bench`: generates projects, measures both tools, prints and keeps the figures."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks.comparison import DisagreementError, Row, compare
from benchmarks.contenders import CONTENDERS, Contender
from benchmarks.generator.shape import make_shape
from benchmarks.measure import CommandFailedError
from benchmarks.operations import operations
from benchmarks.report import heading, line, machine, save

WORK = Path(__file__).resolve().parent / "work"


def main() -> int:
    """Measure what the arguments ask for; 1 when a command failed or the results differ."""
    options = _arguments()
    contenders = [each for each in CONTENDERS if options.only in {None, each.name}]
    try:
        rows = _measure(options, contenders)
    except (CommandFailedError, DisagreementError) as error:
        print(error, file=sys.stderr)
        return 1
    path = save(
        "projects",
        {
            "machine": machine(),
            "versions": {each.name: each.versions() for each in contenders},
            "rows": [row.as_json() for row in rows],
        },
    )
    print(f"\nEvery single figure is in {path}")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 500], metavar="N",
                        help="numbers of models (default: 100 500)")  # fmt: skip
    parser.add_argument("--repeats", type=int, default=3, help="pairs of runs (default: 3)")
    parser.add_argument("--seed", type=int, default=0, help="which project of that size")
    parser.add_argument("--only", choices=[each.name for each in CONTENDERS])
    parser.add_argument("--operations", default="", metavar="TEXT",
                        help="only operations with this text in their name")  # fmt: skip
    return parser.parse_args()


def _measure(options: argparse.Namespace, contenders: list[Contender]) -> list[Row]:
    """Print each row as soon as it is known, and return them all."""
    for contender in contenders:
        contender.compile_bytecode()
    print(heading(contenders), flush=True)
    rows: list[Row] = []
    for size in options.sizes:
        shape = make_shape(size, options.seed)
        wanted = [each for each in operations(shape) if options.operations in each.name]
        for row in compare(shape, contenders, wanted, options.repeats, WORK):
            print(line(row, contenders), flush=True)
            rows.append(row)
    return rows


if __name__ == "__main__":
    sys.exit(main())
