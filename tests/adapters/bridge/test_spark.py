"""dbt-spark through the bridge, with a Spark of this machine: `make spark`. Spark takes a minute to start."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

pytestmark = pytest.mark.spark

PROGRAM = Path(sys.executable).with_name("tidemill")
OUTPUT = {
    "type": "spark",
    "method": "session",
    "host": "NA",
    "schema": "ferry",
    "threads": 1,
    "server_side_parameters": {
        "spark.master": "local[2]",
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.sql.shuffle.partitions": "1",
    },
}


@pytest.fixture(scope="module")
def ferry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a profile for Spark, whose warehouse is a folder in it."""
    folder = tmp_path_factory.mktemp("spark") / "ferry"
    shutil.copytree(Path(__file__).parents[2] / "projects" / "ferry", folder)
    profile = {"ferry": {"target": "dev", "outputs": {"dev": OUTPUT}}}
    (folder / "profiles.yml").write_text(yaml.safe_dump(profile), "utf-8")
    return folder


def tidemill(folder: Path, *words: str) -> str:
    """What a command says; each is a Spark of its own, as only one may have the metastore."""
    done = subprocess.run([PROGRAM, *words], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr[-3000:]
    return done.stdout


def results(folder: Path) -> dict[str, str]:
    written = json.loads((folder / "target" / "run_results.json").read_text())
    return {r["unique_id"].split(".")[2]: r["status"] for r in written["results"]}


def rows(folder: Path, name: str) -> list[dict[str, Any]]:
    shown = tidemill(folder, "show", "--select", name, "--output", "json", "--quiet")
    found: list[dict[str, Any]] = json.loads(shown[shown.index("{") :])["show"]
    return found


def test_debug_reaches_spark(ferry: Path) -> None:
    assert "adapter: plugin dbt-spark" in tidemill(ferry, "debug")


def test_a_project_is_built_twice(ferry: Path) -> None:
    for _ in range(2):
        tidemill(ferry, "build")
        assert set(results(ferry).values()) == {"success", "pass"}
        assert len(results(ferry)) == 7


def test_rows_are_those_of_the_seed(ferry: Path) -> None:
    found = rows(ferry, "by_harbour")

    assert sorted(found, key=lambda row: str(row["harbour"])) == [
        {"harbour": "North", "passengers": 71, "crossings": 2},
        {"harbour": "South", "passengers": 25, "crossings": 1},
    ]


def test_the_catalogue_has_columns_and_types(ferry: Path) -> None:
    tidemill(ferry, "docs", "generate")

    catalog = json.loads((ferry / "target" / "catalog.json").read_text())
    table = catalog["nodes"]["model.ferry.by_harbour"]["columns"]
    assert {name: column["type"] for name, column in table.items()} == {
        "harbour": "string",
        "passengers": "long",
        "crossings": "long",
    }
