"""The verbs on the project that ``init`` writes, from words to tables."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Tidemill
from tidemill.cli.main import main
from tidemill.commands.init import init_project


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project, built once. Tests that change it take a copy."""
    root = init_project(tmp_path_factory.mktemp("built"), "shop").root
    assert main(["--quiet", "build", "--project-dir", str(root)]) == 0
    return root


@pytest.fixture
def ready(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the built project, as the current folder."""
    root = shutil.copytree(built, tmp_path / "shop")
    monkeypatch.chdir(root)
    return root


def log_of(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_build(tidemill: Tidemill, shop: Path) -> None:
    said = tidemill("build")
    assert said.code == 0
    assert said.lines[1].startswith("Found 3 models, 9 data tests, 2 seeds, ")
    assert said.lines[-1] == "Done. PASS=14 WARN=0 ERROR=0 SKIP=0 NO-OP=0 TOTAL=14"
    results = json.loads((shop / "target" / "run_results.json").read_text())
    assert len(results["results"]) == 14
    assert results["args"]["which"] == "build"
    manifest = json.loads((shop / "target" / "manifest.json").read_text())
    compiled = manifest["nodes"]["model.shop.customers"]
    assert compiled["compiled_path"] == "target/compiled/shop/models/marts/customers.sql"
    assert 'from "shop"."main"."stg_customers"' in compiled["compiled_code"]
    assert (shop / compiled["compiled_path"]).read_text() == compiled["compiled_code"]


def test_build_as_json(tidemill: Tidemill, ready: Path) -> None:
    events = log_of(tidemill("--log-format", "json", "run", "--select", "customers").out)
    assert [event["info"]["name"] for event in events] == [
        "MainReportVersion",
        "FoundStats",
        "Formatting",
        "ConcurrencyLine",
        "Formatting",
        "LogStartLine",
        "LogModelResult",
        "Formatting",
        "FinishedRunningStats",
        "Formatting",
        "EndOfRunSummary",
        "Formatting",
        "StatsLine",
    ]
    results = json.loads((ready / "target" / "run_results.json").read_text())
    ids = {event["info"]["invocation_id"] for event in events}
    assert ids == {results["metadata"]["invocation_id"]}
    assert events[6]["data"]["node_info"]["unique_id"] == "model.shop.customers"


def test_run_and_test_are_recorded(tidemill: Tidemill, ready: Path) -> None:
    from tidemill.store.opening import open_store
    from tidemill.store.reading import list_runs

    tidemill("run", "--select", "stg_orders")
    tidemill("test", "--select", "stg_orders")
    store = open_store(ready)
    runs = list_runs(store, limit=2)
    store.close()
    assert [(run.command, run.status, run.source) for run in runs] == [
        ("test", "success", "cli"),
        ("run", "success", "cli"),
    ]


def test_seed_show(tidemill: Tidemill, ready: Path) -> None:
    said = tidemill("seed", "--select", "raw_customers", "--show")
    assert said.code == 0
    assert "Sample of table: main.raw_customers" in said.lines
    assert "|           1 | Ada   | Lyon  |" in said.lines


def test_nothing_selected(tidemill: Tidemill, ready: Path) -> None:
    said = tidemill("run", "--select", "nothing")
    assert said.code == 0
    assert said.lines[2:] == [
        "The selection criterion 'nothing' does not match any enabled nodes",
        "Nothing to do. Try checking your model configs and model specification args",
    ]


def test_full_refresh_from_a_variable(
    tidemill: Tidemill, ready: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (ready / "models" / "flag.sql").write_text("select '{{ flags.FULL_REFRESH }}' as flag")
    monkeypatch.setenv("DBT_FULL_REFRESH", "1")
    tidemill("-q", "run", "--select", "flag")
    assert "| True |" in tidemill("-q", "show", "--inline-direct", "select * from flag").out


def test_vars(tidemill: Tidemill, ready: Path) -> None:
    said = tidemill("-q", "compile", "--inline", "select {{ var('n') }}", "--vars", "{n: 3}")
    assert said.out == "select 3\n"


def test_ls(tidemill: Tidemill, ready: Path) -> None:
    said = tidemill("-q", "ls", "--select", "+customers", "--resource-type", "model", "seed")
    assert said.out.splitlines() == [
        "shop.marts.customers",
        "shop.staging.stg_customers",
        "shop.staging.stg_orders",
        "shop.raw_customers",
        "shop.raw_orders",
    ]


def test_ls_of_models_only(tidemill: Tidemill, ready: Path) -> None:
    assert tidemill("-q", "ls", "-m", "customers").out == "shop.marts.customers\n"


def test_ls_as_json(tidemill: Tidemill, ready: Path) -> None:
    keys = ("--output-keys", "name", "config.materialized")
    said = tidemill("-q", "ls", "-m", "customers", "--output", "json", *keys)
    assert json.loads(said.out) == {"name": "customers", "config.materialized": "table"}


def test_ls_of_nothing(tidemill: Tidemill, ready: Path) -> None:
    said = tidemill("ls", "--select", "nothing")
    assert (said.code, said.lines[-1]) == (0, "No nodes selected!")


def test_compile_one(tidemill: Tidemill, ready: Path) -> None:
    said = tidemill("compile", "--select", "stg_customers")
    assert said.code == 0
    assert "Compiled node 'stg_customers' is:" in said.lines
    assert 'from "shop"."main"."raw_customers"' in said.lines


def test_compile_all(tidemill: Tidemill, ready: Path) -> None:
    shutil.rmtree(ready / "target")
    said = tidemill("compile")
    assert (said.code, said.lines[-1]) == (0, "Compiled 12 nodes into target/compiled")
    assert (ready / "target/compiled/shop/models/marts/customers.sql").is_file()


def test_compile_without_asking_the_warehouse(tidemill: Tidemill, ready: Path) -> None:
    (ready / "models" / "asks.sql").write_text(
        "select '{{ run_query('select 42')[0][0] if execute }}' as answer"
    )
    assert tidemill("compile", "--select", "stg_customers", "--no-introspect").code == 0
    said = tidemill("compile", "--select", "asks", "--no-introspect")
    assert said.code == 2
    assert "connection never acquired for thread" in said.out
    assert "'42' as answer" in tidemill("compile", "--select", "asks").out


@pytest.mark.parametrize(
    ("words", "names"), [((), ["outer"]), (("--select", "inner", "outer"), ["inner", "outer"])]
)
def test_compile_gives_ephemeral_models_a_result_where_they_are_selected(
    tidemill: Tidemill, ready: Path, words: tuple[str, ...], names: list[str]
) -> None:
    shutil.rmtree(ready / "models")
    (ready / "models").mkdir()
    (ready / "models" / "inner.sql").write_text(
        "{{ config(materialized='ephemeral') }} select 1 as id"
    )
    (ready / "models" / "outer.sql").write_text("select * from {{ ref('inner') }}")
    assert tidemill("compile", *words, "--exclude", "resource_type:seed").code == 0
    results = json.loads((ready / "target" / "run_results.json").read_text())["results"]
    assert [result["unique_id"].rpartition(".")[2] for result in results] == names


def test_compile_without_the_code_of_ephemeral_models(tidemill: Tidemill, ready: Path) -> None:
    (ready / "models" / "inner.sql").write_text(
        "{{ config(materialized='ephemeral') }} select 1 as id"
    )
    (ready / "models" / "outer.sql").write_text("select * from {{ ref('inner') }}")
    said = tidemill("compile", "--no-inject-ephemeral-ctes", "--select", "outer")
    assert said.lines[-1] == "select * from __dbt__cte__inner"
    assert "__dbt__cte__inner as (" in tidemill("compile", "--select", "outer").out


def test_compile_what_is_broken(tidemill: Tidemill, ready: Path) -> None:
    for name in ("one", "two"):
        (ready / "models" / f"{name}.sql").write_text("select {{ nope() }}")
    said = tidemill("compile", "--select", "one", "two")
    assert said.code == 2
    assert "Compilation Error in model one (models/one.sql:1)" in said.lines
    assert "Compilation Error in model two (models/two.sql:1)" in said.lines


def test_show(tidemill: Tidemill, ready: Path) -> None:
    said = tidemill("show", "--select", "customers", "--limit", "1")
    assert said.code == 0
    assert said.lines[2:4] == [
        "Previewing node 'customers':",
        "| customer_id | customer_name | city | first_order_on | latest_order_on | order_count | amount |",
    ]
    assert len([line for line in said.lines if line.startswith("|")]) == 3


def test_show_inline_as_json(tidemill: Tidemill, ready: Path) -> None:
    query = "select count(*) as n from {{ ref('customers') }}"
    said = tidemill("-q", "show", "--inline", query, "--output", "json")
    assert json.loads(said.out) == {"show": [{"n": 4}]}


def test_show_needs_to_know_what(tidemill: Tidemill, ready: Path) -> None:
    said = tidemill("show")
    assert said.code == 2
    assert "Runtime Error" in said.lines
    assert "Either --select or --inline must be passed to show" in said.out


MACROS = """
{% macro greet(name='you') %}
  {% do log('hello ' ~ name, info=true) %}
  {% do print('printed') %}
{% endmacro %}
{% macro boom() %}{% do exceptions.raise_compiler_error('no!') %}{% endmacro %}
"""


def test_run_operation(tidemill: Tidemill, ready: Path) -> None:
    (ready / "macros").mkdir()
    (ready / "macros" / "greet.sql").write_text(MACROS)

    said = tidemill("run-operation", "greet", "--args", "{name: Ada}")
    assert (said.code, said.lines[2:]) == (0, ["hello Ada", "printed"])

    said = tidemill("run-operation", "boom")
    assert said.code == 1
    assert said.lines[2].startswith(
        "Encountered an error while running operation: Compilation Error"
    )

    said = tidemill("run-operation", "gret")
    assert said.code == 2
    assert "did you mean 'greet'" in said.out


def test_clean(tidemill: Tidemill, ready: Path) -> None:
    said = tidemill("clean")
    assert (said.code, said.lines[-1]) == (0, "Finished cleaning all paths.")
    assert not (ready / "target").exists()
    assert (ready / "models").is_dir()


def test_clean_knows_the_old_folder_of_packages(tidemill: Tidemill, ready: Path) -> None:
    with (ready / "dbt_project.yml").open("a") as file:
        file.write("\nclean-targets: [dbt_modules]\n")
    assert "path has changed from `dbt_modules` to `dbt_packages`" in tidemill("clean").out
    assert tidemill("--warn-error", "clean").code == 2


def test_debug_warns_of_the_project(tidemill: Tidemill, ready: Path) -> None:
    with (ready / "dbt_project.yml").open("a") as file:
        file.write("\nlog-path: elsewhere\n")
    assert "The `log-path` config in `dbt_project.yml` has been deprecated" in tidemill("debug").out
    assert tidemill("--warn-error", "debug").code == 2


def test_debug_looks_at_the_profile_of_a_broken_project(tidemill: Tidemill, ready: Path) -> None:
    (ready / "dbt_project.yml").write_text("nonsense: 1\n")
    said = tidemill("debug", "--profile", "nobody")
    assert said.code == 1
    assert "2 checks failed:" in said.lines
    assert "Profile loading failed for the following reason:" in said.out
    assert "Could not find profile named 'nobody'" in said.out


def test_what_stands_on_a_broken_ephemeral_model_has_the_only_result(
    tidemill: Tidemill, ready: Path
) -> None:
    (ready / "models" / "inner.sql").write_text(
        "{{ config(materialized='ephemeral') }} select {{ adapter.nothing_of_that_name() }} as id"
    )
    (ready / "models" / "outer.sql").write_text("select * from {{ ref('inner') }}")
    assert tidemill("run", "--select", "inner", "outer").code == 1
    results = json.loads((ready / "target" / "run_results.json").read_text())["results"]
    assert [(r["unique_id"], r["status"]) for r in results] == [("model.shop.outer", "skipped")]
    assert "Compilation Error" in results[0]["message"]


def test_itertools_is_warned_of(tidemill: Tidemill, ready: Path) -> None:
    (ready / "models" / "pairs.sql").write_text(
        "{% for a in modules.itertools.chain([1], [2]) %}select {{ a }} {% endfor %}"
    )
    assert "Usage of itertools modules is deprecated" in tidemill("parse").out


def test_clean_needs_no_profile(tidemill: Tidemill, ready: Path) -> None:
    (ready / "profiles.yml").unlink()
    assert tidemill("clean").code == 0


def test_debug(tidemill: Tidemill, ready: Path) -> None:
    said = tidemill("debug")
    assert said.code == 0
    assert said.lines[-1] == "All checks passed!"
    assert "  Connection test: [OK connection ok]" in said.lines


def test_debug_of_what_is_wrong(tidemill: Tidemill, ready: Path) -> None:
    profiles = ready / "profiles.yml"
    profiles.write_text(profiles.read_text().replace("type: duckdb", "type: snowflake"))
    said = tidemill("debug")
    assert said.code == 1
    assert "  profiles.yml file [ERROR]" in said.lines
    assert "1 check failed:" in said.lines
    assert "type 'snowflake' needs the plugin dbt-snowflake" in said.out


def test_debug_without_a_project(
    tidemill: Tidemill, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    said = tidemill("debug")
    assert said.code == 1
    assert "  dbt_project.yml file [ERROR]" in said.lines


def test_where_profiles_are_looked_for(tidemill: Tidemill, ready: Path) -> None:
    assert tidemill("-q", "debug", "--config-dir").out.strip() == str(ready)


def test_parse(tidemill: Tidemill, ready: Path) -> None:
    (ready / "target" / "manifest.json").unlink()
    said = tidemill("parse")
    assert (said.code, said.lines[-1]) == (0, "Wrote target/manifest.json")
    assert (ready / "target" / "manifest.json").is_file()
