"""What counts as a change of a whole project, and what `ls --explain` says of it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.engine.running.projects import write
from tidemill.commands.ls import ls
from tidemill.commands.opening import Opening, open_project
from tidemill.commands.parse import parse
from tidemill.commands.selecting import Selecting
from tidemill.errors import UsageError

FILES = {
    "dbt_project.yml": "name: shop\nprofile: shop\nvars: {day: 1, unused: 1}\n",
    "models/a.sql": "{{ config(materialized='view') }}\nselect {{ var('day') }} as id",
    "models/b.sql": "select * from {{ ref('a') }} where {{ positive('id') }}",
    "models/c.sql": 'select \'{{ env_var("REGION", "x") }}\' as region',
    "models/schema.yml": "models:\n- name: a\n  description: An a\n  config: {tags: [x], meta: {k: 1, l: 2}}\n",
    "macros/m.sql": "{% macro positive(x) %}{{ x }} > 0{% endmacro %}",
    "seeds/s.csv": "id\n1\n",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a project whose state is beside it, in `state`."""
    root = write(tmp_path / "shop", FILES)
    with open_project(root, Opening()) as project:
        parse(project)
    shutil.copytree(root / "target", tmp_path / "state")
    return root


def _explained(root: Path, edits: Mapping[str, str], words: str = "state:modified") -> list[str]:
    write(root, {**FILES, **edits})
    selecting = Selecting(select=(words,), state=str(root.parent / "state"))
    with open_project(root, Opening()) as project:
        lines = ls(project, selecting, output="json", keys=("name",), explain=True)
        found = [json.loads(line) for line in lines]
    return [f"{entry['name']}: {reason}" for entry in found for reason in entry["changes"]]


@pytest.mark.parametrize(
    "edits",
    [
        {},
        {"models/a.sql": "-- the days\n{{ config( materialized='view' ) }}\nselect\n  {{ var('day') }} as id\n"},
        {"macros/m.sql": "{# of numbers #}{% macro positive( x ) %}{# more #}{{ x }} > 0{% endmacro %}"},
        {"dbt_project.yml": "name: shop\nprofile: shop\nvars: {unused: 2, day: 1}\n"},
        {"models/schema.yml": "models:\n- config: {meta: {l: 2, k: 1}, tags: [x]}\n  name: a\n  description: Another\n"},
        {"profiles.yml": "shop: {target: prod, outputs: {prod: {type: duckdb, path: prod.duckdb, schema: p}}}\n"},
    ],
    ids=["nothing", "layout", "layout of a macro", "an unused var", "order in yaml", "another target"],
)  # fmt: skip
def test_what_means_the_same_is_no_change(root: Path, edits: Mapping[str, str]) -> None:
    assert _explained(root, edits) == []


@pytest.mark.parametrize(
    ("edits", "said"),
    [
        (
            {"models/a.sql": FILES["models/a.sql"].replace("as id", "as  id, 2 as x")},
            ["a: code, line 2: select {{ var('day') }} as id -> select {{ var('day') }} as  id, 2 as x"],
        ),
        (
            {"models/a.sql": FILES["models/a.sql"].replace("'view'", "'table'")},
            [
                "a: code, line 1: {{ config(materialized='view') }} -> {{ config(materialized='table') }}",
                'a: config materialized: "view" -> "table"',
            ],
        ),
        (
            {"macros/m.sql": "{% macro positive(x) %}{{ x }} >= 0{% endmacro %}"},
            ["b: macro shop.positive"],
        ),
        (
            {"dbt_project.yml": FILES["dbt_project.yml"].replace("day: 1", "day: 2")},
            ["a: var day has another value"],
        ),
        ({"seeds/s.csv": "id\n2\n"}, ["s: content of the file"]),
        ({"models/d.sql": "select 1"}, ["d: new: the state does not have it"]),
        (
            {"models/schema.yml": FILES["models/schema.yml"].replace("k: 1", "k: 3")},
            ['a: config meta: {"k": 1, "l": 2} -> {"k": 3, "l": 2}'],
        ),
    ],
)  # fmt: skip
def test_what_changed_is_told(root: Path, edits: Mapping[str, str], said: list[str]) -> None:
    assert _explained(root, edits) == said


def test_an_environment_variable(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "REGION" not in os.environ
    monkeypatch.setenv("REGION", "north")
    assert _explained(root, {}) == ["c: env_var REGION has another value"]


def test_what_stands_on_a_change(root: Path) -> None:
    edits = {"models/a.sql": "select 5 as id"}
    found = _explained(root, edits, "state:modified+")
    assert found[-1] == "b: not modified itself: stands on a"


def test_text_counts_where_the_project_says_so(root: Path) -> None:
    flag = FILES["dbt_project.yml"] + "flags: {state_modified_compares_meaning: false}\n"
    edits = {"dbt_project.yml": flag, "models/b.sql": FILES["models/b.sql"] + "  -- all"}
    assert [line[:2] for line in _explained(root, edits)] == ["b:"]


def test_a_state_of_which_only_the_manifest_was_kept(root: Path) -> None:
    shutil.rmtree(root.parent / "state" / "parse_state")
    assert _explained(root, {"dbt_project.yml": FILES["dbt_project.yml"].replace("day: 1", "day: 2")}) == []  # fmt: skip


def test_without_a_state_there_is_nothing_to_explain(root: Path) -> None:
    with open_project(root, Opening()) as project, pytest.raises(UsageError, match="--explain"):
        list(ls(project, explain=True))


def test_arguments_that_an_older_manifest_knows_less_of(tmp_path: Path) -> None:
    files = {
        "functions/twice.sql": "x * 2",
        "functions/s.yml": """
            functions:
              - name: twice
                arguments: [{name: x, data_type: int}]
                returns: {data_type: bigint}
        """,
    }
    root = write(tmp_path / "shop", {**FILES, **files})
    with open_project(root, Opening()) as project:
        parse(project)
    shutil.copytree(root / "target", tmp_path / "state")
    state = tmp_path / "state" / "manifest.json"
    manifest = json.loads(state.read_text())
    (argument,) = manifest["functions"]["function.shop.twice"]["arguments"]
    del argument["default_value"]
    state.write_text(json.dumps(manifest))
    assert _explained(root, files) == []
