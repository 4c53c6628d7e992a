"""What a project says about types, warnings and functions, and what becomes of it in a run."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.engine.running.projects import rows, run, write
from tidemill.commands.opening import Opening, open_project
from tidemill.commands.running_nodes import RunOptions, run_nodes

PROJECT = "name: shop\nprofile: shop\n"
COLUMNS = """
models:
  - name: typed
    config: {contract: {enforced: false, alias_types: %s}}
    columns: [{name: t, data_type: string}]
"""


@pytest.mark.parametrize(("alias", "seen"), [("true", "TEXT"), ("false", "string")])
def test_types_are_translated_unless_the_contract_says_no(
    tmp_path: Path, alias: str, seen: str
) -> None:
    files = {
        "dbt_project.yml": PROJECT,
        "models/typed.sql": "select '{{ model.columns.t.data_type }}' as t",
        "models/typed.yml": COLUMNS % alias,
    }
    root = write(tmp_path, files)
    assert run(root, "run").result("typed").status == "success"
    assert rows(root, "select t from typed") == [(seen,)]


WARNS = {
    "dbt_project.yml": PROJECT,
    "models/warns.sql": "{% if execute %}{% do exceptions.warn('beware') %}{% endif %}select 1 as a",
}


def test_a_warning_fails_its_node_where_warnings_are_errors(tmp_path: Path) -> None:
    root = write(tmp_path, WARNS)
    assert run(root, "run").result("warns").status == "success"
    strict = Opening(profiles_dir=root, arguments={"warn_error": True})
    with open_project(root, strict) as project:
        made = run_nodes(project, "run", RunOptions())
        made.finish()
    (result,) = made.result.results
    assert result.status == "error"
    assert "Compilation Error in model warns" in str(result.fault)
    assert "beware" in str(result.fault)


def test_functions_are_deferred(tmp_path: Path) -> None:
    files = {
        "dbt_project.yml": PROJECT,
        "profiles.yml": "shop: {target: dev, outputs: {dev: {type: duckdb, path: shop.duckdb, "
        "schema: \"{{ var('to', 'main') }}\"}}}\n",
        "functions/twice.sql": "x * 2",
        "functions/s.yml": """
            functions:
              - name: twice
                arguments: [{name: x, data_type: int}]
                returns: {data_type: bigint}
        """,
        "models/use.sql": "select {{ function('twice') }}(3) as y",
    }
    root = write(tmp_path, files)
    run(root)
    shutil.copytree(root / "target", root / "state")
    other = {"variables": {"to": "other"}, "state": str(root / "state")}
    assert run(root, "run", "use", **other).result("use").status == "error"
    assert run(root, "run", "use", **other, defer=True).result("use").status == "success"
