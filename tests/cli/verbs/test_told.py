"""What programs read of a command: events as JSON, with the fields that dbt gives them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Said, Tidemill

GROUPS = """
groups:
  - name: finance
    owner: {name: Ann, email: [ann@shop.test, bob@shop.test]}
models:
  - name: owned
    config: {group: finance}
    columns: [{name: id, data_tests: [not_null]}]
"""


def events(said: Said, name: str) -> list[dict[str, Any]]:
    """The events of one name in what was printed as JSON."""
    found = [json.loads(line) for line in said.out.splitlines()]
    return [event for event in found if event["info"]["name"] == name]


def test_results_name_the_owner(tidemill: Tidemill, shop: Path) -> None:
    (shop / "models" / "owned.sql").write_text("select null as id")
    (shop / "models" / "owned.yml").write_text(GROUPS)
    said = tidemill("--log-format", "json", "build", "--select", "owned")
    owner = {"name": "Ann", "email": "['ann@shop.test', 'bob@shop.test']"}
    group = {"name": "finance", "package_name": "shop", "owner": owner}
    for name in ("LogModelResult", "LogTestResult", "RunResultFailure", "RunResultError"):
        (event,) = events(said, name)
        assert event["data"]["group"] == group


def test_nobody_owns_what_has_no_group(tidemill: Tidemill, shop: Path) -> None:
    (shop / "models" / "free.sql").write_text("select 1 as id")
    (event,) = events(tidemill("--log-format", "json", "run", "--select", "free"), "LogModelResult")
    assert "group" not in event["data"]


def test_secret_vars_are_not_told(tidemill: Tidemill, shop: Path) -> None:
    (shop / "models" / "asks.sql").write_text("select '{{ var(\"missing\") }}' as v")
    variables = "{DBT_ENV_SECRET_key: abc, open: def}"
    words = ("--debug", "--log-format", "json", "run", "--select", "asks", "--vars", variables)
    said = tidemill(*words)
    (parsing,) = events(said, "StateCheckVarsHash")
    assert parsing["data"]["vars"] == "{'DBT_ENV_SECRET_key': '*****', 'open': 'def'}"
    (caught,) = events(said, "CatchableExceptionOnRun")
    assert '      "DBT_ENV_SECRET_key": "*****",\n' in caught["info"]["msg"]


def test_a_parse_without_its_cache_says_so(tidemill: Tidemill, shop: Path) -> None:
    words = ("--debug", "--log-format", "json", "parse")
    assert events(tidemill(*words), "PartialParsingNotEnabled") == []
    assert len(events(tidemill(*words, "--no-partial-parse"), "PartialParsingNotEnabled")) == 1


@pytest.mark.usefixtures("shop")
def test_variables_of_ones_own_are_in_every_line(
    tidemill: Tidemill, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBT_ENV_CUSTOM_ENV_JOB", "7")
    (event,) = events(tidemill("--log-format", "json", "parse"), "MainReportVersion")
    assert event["info"]["extra"] == {"JOB": "7"}


@pytest.mark.parametrize(
    ("older", "newer", "seen"),
    [(None, None, "none none"), ("7", None, "7 7"), (None, "8", "8 8"), ("7", "8", "8 8")],
)
def test_variables_have_both_names(
    tidemill: Tidemill,
    shop: Path,
    monkeypatch: pytest.MonkeyPatch,
    older: str | None,
    newer: str | None,
    seen: str,
) -> None:
    (shop / "macros").mkdir()
    (shop / "macros" / "names.sql").write_text(
        "{% macro names() %}{% do print(env_var('DBT_PRINTER_WIDTH', 'none') ~ ' ' ~ "
        "env_var('DBT_ENGINE_PRINTER_WIDTH', 'none')) %}{% endmacro %}"
    )
    for name, value in (("DBT_PRINTER_WIDTH", older), ("DBT_ENGINE_PRINTER_WIDTH", newer)):
        monkeypatch.delenv(name, raising=False)
        if value:
            monkeypatch.setenv(name, value)
    before = dict(os.environ)
    assert seen in tidemill("run-operation", "names").lines
    assert dict(os.environ) == before


def test_vars_of_the_project_file_are_needed_by_what_needs_a_profile(
    tidemill: Tidemill, shop: Path
) -> None:
    with (shop / "dbt_project.yml").open("a") as file:
        file.write("\nsnapshots: {shop: {+enabled: \"{{ var('missing') }}\"}}\n")
    assert tidemill("deps").code == 0
    assert tidemill("clean").code == 0
    for verb in ("parse", "debug"):
        said = tidemill(verb)
        assert (said.code, "'missing'" in said.out) == (2, True)


def test_a_catalog_that_cannot_be_read_is_a_warning(tidemill: Tidemill, shop: Path) -> None:
    (shop / "macros").mkdir()
    (shop / "macros" / "catalog.sql").write_text(
        "{% macro get_catalog_relations(information_schema, relations) %}"
        "{% do exceptions.raise_compiler_error('not today') %}{% endmacro %}"
    )
    said = tidemill("docs", "generate", "--no-compile")
    assert said.code == 1
    assert "Encountered an error while generating catalog" in said.out
    assert tidemill("--warn-error", "docs", "generate", "--no-compile").code == 2
