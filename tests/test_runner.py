"""The runner with dbt's shape: results, manifests, lists, exceptions and callbacks under dbt's names."""

from __future__ import annotations

from pathlib import Path

import pytest

from tidemill.commands.init import init_project
from tidemill.errors import CompilationError, UsageError
from tidemill.runner import EventMsg, NodeStatus, dbtRunner, dbtRunnerResult


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the project that ``init`` writes, as the current folder."""
    root = init_project(tmp_path, "shop").root
    monkeypatch.chdir(root)
    return root


@pytest.mark.usefixtures("shop")
def test_a_build_gives_results() -> None:
    outcome = dbtRunner().invoke(
        ["build"], select=["+stg_orders", "raw_customers", "stg_customers"], quiet=True
    )
    assert (outcome.success, outcome.exception) == (True, None)
    by_name = {result.node.name: result for result in outcome.result}
    model = by_name["stg_orders"]
    assert (model.status, model.status == "success") == (NodeStatus.Success, True)
    assert model.message == "OK"
    assert model.node.config.materialized == "view"
    assert model.node.depends_on.nodes == ["seed.shop.raw_orders"]
    assert "select" in model.node.compiled_code
    assert [timing.name for timing in model.timing] == ["compile", "execute"]
    assert model.to_dict()["unique_id"] == "model.shop.stg_orders"
    assert len(outcome.result) == len(outcome.result.results)


@pytest.mark.usefixtures("shop")
def test_show_gives_rows() -> None:
    outcome = dbtRunner().invoke(
        ["show", "--inline", "select 1 as i union all select 2 order by 1", "--limit", "1"]
    )

    [result] = outcome.result.results
    assert [tuple(row) for row in result.agate_table] == [(1,)]
    assert result.agate_table.column_names == ("i",)
    assert "limit 1" in result.node.compiled_code
    assert outcome.result.args["limit"] == 1
    assert "agate_table" not in result.to_dict()


def test_hooks_have_dbts_name_for_their_thread(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (shop / "dbt_project.yml").open("a") as file:
        file.write("\non-run-start: \"{{ print('hook in ' ~ thread_id) }}\"\n")

    dbtRunner().invoke(["seed"])

    assert "hook in MainThread" in capsys.readouterr().out


def test_a_failing_node_is_no_exception(shop: Path) -> None:
    (shop / "models" / "broken.sql").write_text("select nothing from nowhere")
    outcome = dbtRunner().invoke(["--quiet", "run", "--select", "broken"])
    assert (outcome.success, outcome.exception) == (False, None)
    assert [(r.node.name, r.status) for r in outcome.result] == [("broken", "error")]


def test_what_keeps_a_command_from_its_work_is_its_exception(shop: Path) -> None:
    (shop / "models" / "broken.sql").write_text("select * from {{ ref('nowhere') }}")
    outcome = dbtRunner().invoke(["--quiet", "parse"])
    assert (outcome.success, outcome.result) == (False, None)
    assert "nowhere" in str(outcome.exception)


@pytest.mark.parametrize(
    ("words", "options", "message"),
    [
        (["bild"], {}, "there is no command 'bild'; did you mean 'build'"),
        (["run", "--selekt", "a"], {}, "there is no option '--selekt'"),
        (["run"], {"selekt": ["a"]}, "did you mean 'select'"),
    ],
)
def test_wrong_words(words: list[str], options: dict[str, list[str]], message: str) -> None:
    outcome = dbtRunner().invoke(words, **options)
    assert isinstance(outcome.exception, UsageError)
    assert message in str(outcome.exception)


@pytest.mark.usefixtures("shop")
def test_ls_gives_names_and_parse_a_manifest() -> None:
    listed = dbtRunner().invoke(["--quiet", "ls", "--resource-type", "seed", "--output", "name"])
    assert listed == dbtRunnerResult(success=True, result=["raw_customers", "raw_orders"])
    manifest = dbtRunner().invoke(["--quiet", "parse"]).result
    assert manifest.nodes["model.shop.customers"].config.materialized == "table"
    assert manifest.metadata.project_name == "shop"
    assert manifest.to_dict()["nodes"].keys() == manifest.nodes.keys()


@pytest.mark.usefixtures("shop")
def test_callbacks_hear_dbts_events() -> None:
    heard: list[EventMsg] = []
    dbtRunner(callbacks=[heard.append]).invoke(["--quiet", "seed", "-s", "raw_orders"])
    names = [event.info.name for event in heard]
    assert (names[0], names[-1]) == ("MainReportVersion", "CommandCompleted")
    [result] = [event for event in heard if event.info.name == "LogSeedResult"]
    assert result.data.node_info.unique_id == "seed.shop.raw_orders"
    assert result.info.level == "info"


@pytest.mark.usefixtures("shop")
def test_an_operation_gives_its_result(shop: Path) -> None:
    (shop / "macros").mkdir(exist_ok=True)
    (shop / "macros" / "say.sql").write_text("{% macro say(word) %}{{ log(word) }}{% endmacro %}")
    done = dbtRunner().invoke(["--quiet", "run-operation", "say", "--args", "{word: hello}"])
    assert (done.success, [r.status for r in done.result]) == (True, ["success"])
    failed = dbtRunner().invoke(["--quiet", "run-operation", "shout"])
    assert isinstance(failed.exception, CompilationError)
