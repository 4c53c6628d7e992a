"""The comment on statements, in every form that dbt_project.yml may ask for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.running.projects import run, run_results, write
from tidemill.engine.jinja.query_comments import commented
from tidemill.errors import CompilationError, ExecutionError
from tidemill.events import SqlExecuted

PROJECT = "name: shop\nprofile: shop\n"


@pytest.mark.parametrize(
    ("written", "first"),
    [
        (
            "",
            (
                '/* {"app": "dbt", "dbt_version": "1.11.16", "profile_name": "shop", '
                '"target_name": "dev", "node_id": "model.shop.a"} */'
            ),
        ),
        (
            "query-comment: 'by {{ target.name }}: {{ node.name }}{{ node.nothing }}'",
            "/* by dev: a */",
        ),
        ("query-comment: {comment: '{{ return(connection_name) }}'}", "/* model.shop.a */"),
    ],
)
def test_forms(tmp_path: Path, written: str, first: str) -> None:
    files = {"dbt_project.yml": f"{PROJECT}{written}\n", "models/a.sql": "select 1 as id"}
    outcome = run(write(tmp_path, files), "run", statements=True)
    statements = [event.sql for event in outcome.events if isinstance(event, SqlExecuted)]
    created = [sql for sql in statements if "create view" in sql]
    assert [sql.splitlines()[0] for sql in created] == [first]


def test_no_comment(tmp_path: Path) -> None:
    files = {"dbt_project.yml": f"{PROJECT}query-comment:\n", "models/a.sql": "select 1 as id"}
    outcome = run(write(tmp_path, files), "run", statements=True)
    assert not any("/*" in e.sql for e in outcome.events if isinstance(e, SqlExecuted))


def test_a_comment_that_ends_too_early_is_refused(tmp_path: Path) -> None:
    files = {
        "dbt_project.yml": f"{PROJECT}query-comment: 'a */ b'\n",
        "models/a.sql": "select 1 as id",
    }
    with pytest.raises(ExecutionError, match="query comment contains illegal value"):
        run(write(tmp_path, files), "run")


def test_a_comment_that_cannot_be_made_ends_the_command(tmp_path: Path) -> None:
    files = {
        "dbt_project.yml": f"{PROJECT}query-comment: '{{{{ nothing_of_that_name() }}}}'\n",
        "models/a.sql": "select 1 as id",
    }
    with pytest.raises(CompilationError):
        run(write(tmp_path, files), "run")


def test_a_hook_that_cannot_be_rendered_ends_the_command(tmp_path: Path) -> None:
    hook = "{% if execute %}{% do exceptions.raise_compiler_error('no end') %}{% endif %}"
    files = {
        "dbt_project.yml": f'{PROJECT}on-run-end: ["{hook}"]\n',
        "models/a.sql": "select 1 as id",
    }
    root = write(tmp_path, files)
    with pytest.raises(CompilationError, match="no end"):
        run(root, "run")
    assert {key: result["status"] for key, result in run_results(root).items()} == {
        "model.shop.a": "success"
    }


def test_what_the_adapter_does_not_have_is_told_of_the_node(tmp_path: Path) -> None:
    files = {
        "dbt_project.yml": PROJECT,
        "models/a.sql": "select {{ adapter.nothing_of_that_name() }} as id",
    }
    result = run(write(tmp_path, files), "run").result("a")
    assert result.status == "error"
    assert "has no method 'nothing_of_that_name'" in str(result.fault)


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select 1", "select 1\n/* c */"),
        ("select 1;  ", "select 1\n/* c */;"),
        ("  ", "  "),
    ],
)
def test_behind_the_statement(sql: str, expected: str) -> None:
    assert commented(sql, "c", append=True) == expected
