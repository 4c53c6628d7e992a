"""Writes docs/benchmarks.md from docs/benchmarks.json: `python -m benchmarks.page [RESULT ...]`.

Results that are named are taken into the JSON first: each row in the place of an older one for the same operation
and size. Nothing is measured here.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.contenders import ROOT

DATA = ROOT / "docs" / "benchmarks.json"
PAGE = ROOT / "docs" / "benchmarks.md"
OURS, DBT, SQLMESH, ALONE = "tidemill", "dbt-core", "sqlmesh", "DuckDB alone"
QUIET = 1.5
"""Load averages from which a figure is marked. What is measured makes one by itself."""
_AIMS = {
    "parse, nothing known": {2500: 20, 10000: 20},
    "parse, nothing changed": {2500: 100, 10000: 200},
    "compile one model, edited": {2500: 50, 10000: 100},
    "parse, a var changed": {2500: 50, 10000: 80},
    "ls +mart": {2500: 60, 10000: 100},
    "compile": {2500: 10},
}
"""How many times less processor time we aim at, by size."""

Values = Mapping[str, Any]

HEAD = """\
# How fast it is

Processor seconds, wall seconds and peak memory of whole commands, beside dbt-core and, where it can do the same, SQLMesh. All
work on the same generated project (macro-heavy: views, tables, incremental and ephemeral models, two tests to a model,
one model in ten with Jinja, descriptions everywhere), on the same machine, taking turns, with bytecode compiled on all
sides; figures are medians. Processor seconds are the figure to trust: wall seconds suffer from whatever else runs.
SQLMesh reads the project through its own loader for dbt projects, with the tests of ephemeral models left out.

`make bench` measures on your machine, `python -m benchmarks --project FOLDER` a project of your own;
`python -m benchmarks.page RESULT` makes this page of what they wrote.
"""


def main() -> int:
    """Take results in and write the page."""
    data: dict[str, Any] = json.loads(DATA.read_text()) if DATA.exists() else {}
    for name in sys.argv[1:]:
        take(data, json.loads(Path(name).read_text()), Path(name).name.partition("-")[0])
    DATA.write_text(json.dumps(data, indent=1, sort_keys=True) + "\n")
    PAGE.write_text(page(json.loads(DATA.read_text())))
    return 0


def take(data: dict[str, Any], result: Values, kind: str) -> None:
    """Put a result into the data, each of its rows over the one that was measured before."""
    moment = {
        "at": result["at"][:16],
        "load": max(result["machine"]["load"][0], (result.get("load_after") or [0])[0]),
        "reference_loop_cpu": result["machine"]["reference_loop_cpu"],
    }
    data.setdefault("versions", {}).update(result.get("versions") or {})
    if kind == "profile":
        key = " ".join(result["command"])
        data.setdefault(kind, {})[key] = {
            **moment,
            "cpu": result["cpu"],
            "shares": result["shares"],
        }
        return
    rows = data.setdefault(kind, {})
    for row in result["rows"]:
        rows[f"{row['size']:06} {row.get('operation', 'build')}"] = {**row, **moment}


def page(data: Values) -> str:
    """Return the text of the page."""
    sections = (_versions, _projects, _floor, _resident, _lineage, _profiles)
    parts = [HEAD, *(part for section in sections for part in section(data))]
    return "\n".join(parts)


def _versions(data: Values) -> Iterator[str]:
    named = (f"{name} {found.get(name, '')}".strip() for name, found in data["versions"].items())
    python = data["versions"][OURS]["python"]
    yield (
        f"Versions: {', '.join(named)}; CPython {python}, DuckDB "
        + ", ".join(
            f"{found['duckdb']} ({name})"
            for name, found in data["versions"].items()
            if "duckdb" in found
        )
        + ".\n"
    )
    loads = [row["load"] for kind in ("projects", "floor") for row in data.get(kind, {}).values()]
    if any(load > QUIET for load in loads):
        yield (
            "Figures with an asterisk were measured while other work kept the machine busy: processor seconds are then up to "
            "twice those of a quiet one on both sides, wall seconds many times.\n"
        )


def _projects(data: Values) -> Iterator[str]:
    rows = data.get("projects", {})
    for size in sorted({row["size"] for row in rows.values()}):
        yield f"## {size:,} models\n"
        yield "| | Tidemill | dbt-core | SQLMesh | dbt-core / Tidemill, CPU | aim |"
        yield "|---|---:|---:|---:|---:|---|"
        for key in sorted(rows, key=lambda key: _place(rows[key])):
            if rows[key]["size"] == size:
                yield _line(rows[key])
        yield "\nCPU s (wall s) MB\n"


_ORDER = (
    "parse, nothing known",
    "parse, nothing changed",
    "parse, one model edited",
    "parse, one YAML file edited",
    "parse, one macro edited",
    "parse, a var changed",
    "ls",
    "ls +mart",
    "ls state:modified+",
    "compile one model",
    "compile one model, edited",
    "compile",
    "run one model",
    "build, empty database",
    "build again",
)


def _place(row: Values) -> int:
    return _ORDER.index(row["operation"]) if row["operation"] in _ORDER else len(_ORDER)


def _line(row: Values) -> str:
    costs = row["costs"]
    mark = "\\*" if row["load"] > QUIET else ""
    cells = [_cost(costs[name]) if name in costs else "-" for name in (OURS, DBT, SQLMESH)]
    ratio = f"{_ratio(costs[OURS], costs[DBT]):.0f}" if {OURS, DBT} <= costs.keys() else "-"
    times = _AIMS.get(row["operation"], {}).get(row["size"])
    aim = f"{times} times" if times else ""
    return f"| {row['operation']}{mark} | {' | '.join(cells)} | {ratio} | {aim} |"


def _cost(costs: Iterable[Values]) -> str:
    wall, cpu, rss = (median(cost[key] for cost in costs) for key in ("wall", "cpu", "rss"))
    return f"{cpu:.2f} ({wall:.1f}) {rss:.0f}"


def _ratio(ours: Iterable[Values], theirs: Iterable[Values]) -> float:
    return float(median(b["cpu"] / a["cpu"] for a, b in zip(ours, theirs, strict=True)))


def _floor(data: Values) -> Iterator[str]:
    if not data.get("floor"):
        return
    yield "## A build beside DuckDB alone\n"
    yield (
        "The very statements of Tidemill's build, sent again by a plain script with as many threads. The aim is 1.4 times DuckDB "
        "alone, and 6 ms of processor time of our own for each node.\n"
    )
    yield "| models (nodes) | | CPU s (wall s) MB | times DuckDB alone | own CPU ms a node |"
    yield "|---|---|---:|---:|---:|"
    for row in data["floor"].values():
        mark = "\\*" if row["load"] > QUIET else ""
        alone = median(cost["cpu"] for cost in row["costs"][ALONE])
        for name, costs in row["costs"].items():
            cpu = median(cost["cpu"] for cost in costs)
            own = f"{1000 * (cpu - alone) / row['nodes']:.1f}" if name != ALONE else ""
            times = f"{cpu / alone:.2f}" if name != ALONE else ""
            size = f"{row['size']:,} ({row['nodes']:,}){mark}"
            yield f"| {size} | {name} | {_cost(costs)} | {times} | {own} |"
    yield ""


def _resident(data: Values) -> Iterator[str]:
    rows = list(data.get("resident", {}).values())
    if not rows:
        return
    sizes = sorted({row["size"] for row in rows})
    yield "## A project that stays in memory\n"
    yield (
        "While `tidemill serve` runs (`python -m benchmarks.resident`): milliseconds from the edit of a model, or the start of a "
        "command, to its first line of answer and to its end; medians. The aim is 50 ms to compiled SQL and lineage.\n"
    )
    yield f"| | {' | '.join(f'{size:,} models' for size in sizes)} |"
    yield f"|---|{'---:|' * len(sizes)}"
    for name in dict.fromkeys(row["operation"] for row in rows):
        found = {row["size"]: row for row in rows if row["operation"] == name}
        yield f"| {name} | {' | '.join(_milliseconds(found.get(size)) for size in sizes)} |"
    yield ""


def _milliseconds(row: Values | None) -> str:
    if row is None:
        return "-"
    mark = "\\*" if row["load"] > QUIET else ""
    return f"{median(row['milliseconds']):.0f}{mark}"


def _lineage(data: Values) -> Iterator[str]:
    rows = list(data.get("lineage", {}).values())
    if not rows:
        return
    yield "## Column lineage\n"
    yield "`python -m benchmarks.lineage`, inside one process. The aim is 20 s of processor time for 10,000 models.\n"
    yield "| | models | CPU s (wall s) MB |"
    yield "|---|---:|---:|"
    for row in rows:
        mark = "\\*" if row["load"] > QUIET else ""
        cost = f"{row['cpu']:.3f} ({row['wall']:.3f}) {row['memory']:.0f}"
        yield f"| {row['operation']}{mark} | {row['size']:,} | {cost} |"
    yield ""


def _profiles(data: Values) -> Iterator[str]:
    if not data.get("profile"):
        return
    yield "## Where the time goes\n"
    yield "Shares of processor time (`python -m benchmarks.profile`).\n"
    for command, found in data["profile"].items():
        shares = ", ".join(
            f"{area} {share:.0f} %" for area, share in found["shares"].items() if share >= 1
        )
        yield f"- `{command}`: {shares}."
    yield ""


if __name__ == "__main__":
    sys.exit(main())
