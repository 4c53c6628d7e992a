"""The command behind `make bench`: generates projects, or takes one, measures all tools, prints and keeps the figures."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.comparison import DisagreementError, Row, compare, workplaces
from benchmarks.contenders import CONTENDERS, Contender
from benchmarks.measure import CommandFailedError
from benchmarks.operations import operations
from benchmarks.report import heading, line, machine, save
from benchmarks.workplace import Source, Workplace, generated, given

WORK = Path(__file__).resolve().parent / "work"


def main() -> int:
    """Measure what the arguments ask for; 1 when a command failed or the results differ."""
    options = _arguments()
    contenders = [each for each in CONTENDERS if each.name in options.only and each.is_there]
    before = machine()
    rows: list[Row] = []
    try:
        for row in _measure(options, contenders):
            rows.append(row)
    except (CommandFailedError, DisagreementError) as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        path = save(
            "projects",
            {
                "machine": before,
                "load_after": machine()["load"],
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
    parser.add_argument("--project", type=Path, metavar="FOLDER",
                        help="a project that is there, in place of generated ones; it is copied")  # fmt: skip
    parser.add_argument("--build", action="store_true", help="with --project: build it, too")
    parser.add_argument("--repeats", type=int, default=3, help="turns (default: 3)")
    parser.add_argument("--seed", type=int, default=0, help="which project of that size")
    parser.add_argument("--only", nargs="+", choices=[each.name for each in CONTENDERS],
                        default=[each.name for each in CONTENDERS], help="who takes part")  # fmt: skip
    parser.add_argument("--operations", nargs="+", default=[""], metavar="TEXT",
                        help="only operations with one of these texts in their names")  # fmt: skip
    return parser.parse_args()


def _measure(options: argparse.Namespace, contenders: list[Contender]) -> Iterator[Row]:
    """Print each row as soon as it is known, and yield it."""
    for contender in contenders:
        contender.compile_bytecode()
    print(heading(contenders), flush=True)
    for source in _sources(options):
        places = workplaces(source, contenders, WORK)
        builds = options.build or source.path is None
        wanted = [
            each
            for each in operations(places[0].mart, builds=builds)
            if any(text in each.name for text in options.operations)
        ]
        if wanted and wanted[0].prepare is not Workplace.forget:
            for place in places:
                place.parse()  # as the operations that were left out would have
        for row in compare(places, wanted, options.repeats):
            print(line(row, contenders), flush=True)
            yield row


def _sources(options: argparse.Namespace) -> list[Source]:
    if options.project is not None:
        return [given(options.project)]
    return [generated(size, options.seed) for size in options.sizes]


if __name__ == "__main__":
    sys.exit(main())
