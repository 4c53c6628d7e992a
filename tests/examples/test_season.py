"""The example builds with all its tests, and chance is the same on every machine and number of threads."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tidemill import Project

SEASON = Path(__file__).parent.parent.parent / "examples" / "season"
SCENARIOS = 200


def copy_of_season(folder: Path) -> Path:
    ignored = shutil.ignore_patterns("target", "logs", ".tidemill", "*.duckdb*")
    return shutil.copytree(SEASON, folder, ignore=ignored)


def title_odds(folder: Path, threads: int, **variables: Any) -> dict[str, float]:
    """Build the season in `folder` and return what its last mart says."""
    with Project(folder, vars={"scenarios": SCENARIOS, **variables}, threads=threads) as project:
        for _ in project.build():
            pass
        table = project.table("playoff_odds")
    return {row["team"]: float(row["title"]) for row in table.to_pylist()}


def test_everything_builds_and_all_tests_pass(tmp_path: Path) -> None:
    with Project(copy_of_season(tmp_path / "season"), vars={"scenarios": SCENARIOS}) as project:
        run = project.build()
        for _ in run:
            pass
        statuses = Counter(each.status for each in run.result.results)
        games = project.show("select count(*) as games from {{ ref('simulated_games') }}")

    assert statuses == {"success": 24, "pass": 68, "no-op": 2}
    assert games.to_pylist() == [{"games": 1230 * SCENARIOS}]


def test_the_same_seed_gives_the_same_seasons(tmp_path: Path) -> None:
    one = title_odds(copy_of_season(tmp_path / "one"), threads=1)
    two = title_odds(copy_of_season(tmp_path / "two"), threads=4)
    other = title_odds(copy_of_season(tmp_path / "other"), threads=4, random_seed=7)

    assert one == two
    assert one != other
    assert sum(one.values()) == pytest.approx(1)
