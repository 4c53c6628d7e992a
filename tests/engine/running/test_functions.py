"""Functions of the project: parsed, called by ``function()``, and made on DuckDB as macros with a type."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.running.projects import rows, run, run_results, write
from tidemill.errors import ProjectFaults

FILES = {
    "functions/twice.sql": "x * {{ var('factor', 2) }}",
    "functions/s.yml": """
        functions:
          - name: twice
            config: {volatility: deterministic}
            arguments: [{name: x, data_type: int}]
            returns: {data_type: bigint}
    """,
    "models/use.sql": "select {{ function('twice') }}(3) as y",
}


def test_a_function_is_made_before_what_calls_it(tmp_path: Path) -> None:
    root = write(tmp_path, FILES)
    assert run(root).statuses == {"twice": "success", "use": "success"}
    assert rows(root, "select y, typeof(y) from use") == [(6, "BIGINT")]
    assert run_results(root)["function.shop.twice"]["compiled_code"] == "x * 2"


def test_its_schema_is_made_too(tmp_path: Path) -> None:
    project = "name: shop\nprofile: shop\nfunctions: {shop: {+schema: udfs}}\n"
    root = write(tmp_path, {**FILES, "dbt_project.yml": project})
    assert run(root).statuses == {"twice": "success", "use": "success"}
    assert rows(root, "select main_udfs.twice(4)") == [(8,)]


def test_a_function_that_is_not_there(tmp_path: Path) -> None:
    files = {**FILES, "models/use.sql": "select {{ function('twise') }}(3) as y"}
    with pytest.raises(ProjectFaults) as caught:
        run(write(tmp_path, files))
    (fault,) = caught.value.faults
    assert fault.message == "depends on a function named 'twise' which was not found"
    assert fault.hint == "did you mean 'twice'?"
