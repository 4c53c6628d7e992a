"""The page of figures is what its data says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from benchmarks.page import DATA, PAGE, page, take


def _result(at: str, cpu: float) -> dict[str, Any]:
    cost = {"wall": 1.0, "cpu": cpu, "rss": 50.0}
    return {
        "at": at,
        "machine": {"load": [0.2], "reference_loop_cpu": 0.3},
        "load_after": [0.3],
        "versions": {"tidemill": {"python": "3.11.7", "tidemill": "0.1.0", "duckdb": "2.0.0"}},
        "rows": [
            {
                "size": 100,
                "operation": "ls",
                "results": None,
                "costs": {"tidemill": [cost], "dbt-core": [{**cost, "cpu": 10.0}]},
            }
        ],
    }


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text() == page(json.loads(DATA.read_text()))


def test_a_newer_row_takes_the_place_of_an_older_one() -> None:
    data: dict[str, Any] = {}
    take(data, _result("2026-01-01T00:00:00", 5.0), "projects")
    take(data, _result("2026-01-02T00:00:00", 0.5), "projects")
    assert "| ls | 0.50 (1.0) 50 | 10.00 (1.0) 50 | - | 20 |  |" in page(data)
    assert "asterisk" not in page(data)


def test_figures_of_a_busy_machine_are_marked() -> None:
    data: dict[str, Any] = {}
    take(data, {**_result("2026-01-01T00:00:00", 5.0), "load_after": [7.5]}, "projects")
    assert "| ls\\* |" in page(data)
    assert "asterisk" in page(data)


def test_data_names_no_place(tmp_path: Path) -> None:
    assert str(Path.home()) not in DATA.read_text(), tmp_path


def test_a_project_that_stays_in_memory() -> None:
    data: dict[str, Any] = {}
    take(data, _result("2026-01-01T00:00:00", 5.0), "projects")
    row = {"size": 500, "operation": "ls, resident: end", "milliseconds": [3.0, 9.0, 4.0]}
    take(data, {**_result("2026-01-01T00:00:00", 5.0), "rows": [row]}, "resident")
    assert "| | 500 models |" in page(data)
    assert "| ls, resident: end | 4 |" in page(data)


def test_column_lineage() -> None:
    data: dict[str, Any] = {}
    take(data, _result("2026-01-01T00:00:00", 5.0), "projects")
    row = {"size": 500, "operation": "everything", "cpu": 0.5, "wall": 0.6, "memory": 80.0}
    take(data, {**_result("2026-01-01T00:00:00", 5.0), "rows": [row]}, "lineage")
    assert "| everything | 500 | 0.500 (0.600) 80 |" in page(data)
