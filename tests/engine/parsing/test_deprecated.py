"""Deprecations: the kinds that dbt-core 1.11.16 tells of on DuckDB for the same project, each with its place."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tidemill.commands.opening import open_project
from tidemill.events import Event, FaultFound

FILES = {
    "dbt_project.yml": (
        "name: shop\nprofile: shop\ntarget-path: out\nlog-path: logs\n"
        "source-paths: [models]\ndata-paths: [seeds]\n"
    ),
    "profiles.yml": "shop: {outputs: {default: {type: duckdb, path: shop.duckdb}}}\n",
    "models/a.sql": "select 1 as id",
    "models/a.yml": (
        "models:\n"
        "  - name: a\n"
        "    columns:\n"
        "      - name: id\n"
        "        data_tests:\n"
        "          - accepted_values: {values: [1]}\n"
        "          - unique: {severity: warn, name: only_once}\n"
        "          - not_null\n"
        "          - accepted_values: {name: nested, arguments: {values: [1]}}\n"
        "exposures:\n"
        "  - {name: a b, type: dashboard, owner: {name: O}}\n"
        "  - {name: a-b, type: dashboard, owner: {name: O}}\n"
    ),
    "macros/m.sql": "{% macro m() %}1{% endmacro %}\n{% endmacro %}\n",
}


def _warnings(root: Path, files: dict[str, str]) -> dict[str, str]:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    told: list[Event] = []
    with open_project(root, emit=told.append) as project:
        project.parse()
    faults = [event.fault for event in told if isinstance(event, FaultFound)]
    return {fault.code: str(fault.place) for fault in faults if "deprecated" in fault.code}


def test_what_is_told(tmp_path: Path) -> None:
    assert _warnings(tmp_path, FILES) == {
        "deprecated-source-paths": "dbt_project.yml:5:1",
        "deprecated-data-paths": "dbt_project.yml:6:1",
        "deprecated-target-path": "dbt_project.yml:3:1",
        "deprecated-jinja-block": "macros/m.sql:2:1",
        "deprecated-exposure-name": "models/a.yml:11:5",
        "deprecated-test-arguments": "models/a.yml:6:13",
    }


def test_the_flag_for_arguments_turns_it_around(tmp_path: Path) -> None:
    files = {
        "dbt_project.yml": (
            "name: shop\nprofile: shop\nflags: {require_generic_test_arguments_property: false}\n"
        ),
        "models/a.yml": (
            "models:\n  - name: a\n    data_tests:\n      - own: {arguments: {x: 1}}\n"
            "      - own: {arguments: 2, name: second}\n"
        ),
        "macros/m.sql": "{% test own(model, arguments) %}select 1 where false{% endtest %}",
    }
    assert set(_warnings(tmp_path, {**FILES, **files})) == {"deprecated-arguments-argument"}


@pytest.mark.parametrize("nested", [False, True])
def test_the_old_place_of_cumulative_parameters(
    projects: Path, tmp_path: Path, nested: bool
) -> None:
    root = Path(shutil.copytree(projects / "cargo", tmp_path / "cargo"))
    flag = "flags: {require_nested_cumulative_type_params: true}\n"
    project = (root / "dbt_project.yml").read_text() + (flag if nested else "")
    warnings = _warnings(root, {"dbt_project.yml": project})
    assert list(warnings) == ([] if nested else ["deprecated-cumulative-parameters"])
