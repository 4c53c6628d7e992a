"""Which files an edit of another one concerns: they and no others are parsed, and the outcome is that of a whole parse."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.engine.parsing.cache.edits import PROJECTS, Outcome, cold, copied, loaded, warm
from tests.engine.running.projects import write

FILES = {
    "dbt_project.yml": "name: shop\nprofile: shop\n",
    "models/raw.yml": "sources: [{name: s, tables: [{name: t}]}]\n",
    "models/a.sql": "select 1 as id, (select max(1) from {{ source('s', 't') }}) as m",
    "models/b.sql": "select * from {{ ref('a') }}",
    "models/c.sql": "select * from {{ ref('b') }}",
    "models/d.sql": "select 1 as id",
    "models/a.yml": "models:\n- name: a\n  columns: [{name: id, data_tests: [unique]}]\n",
    "models/b.yml": "models:\n- name: b\n  description: B\n",
    "models/e.yml": "exposures:\n- {name: e, type: dashboard, owner: {name: o}, depends_on: [ref('a')]}\n",
    "models/u.yml": "unit_tests:\n- {name: u, model: b, given: [{input: ref('seeded')}], expect: {rows: [{id: 1}]}}\n",
    "models/g.yml": "groups: [{name: g, owner: {name: o}}]\n",
    "tests/one.sql": "select * from {{ ref('a') }}",
    "seeds/seeded.csv": "id\n1\n",
    "snapshots/old.sql": "{% snapshot old %}{{ config(strategy='check', unique_key='id', check_cols='all') }}"
    " select * from {{ ref('d') }}{% endsnapshot %}",
}  # fmt: skip

_UNIT = "unit_tests:\n- {name: v, model: c, given: [{input: ref('b'), ROWS}], expect: {rows: [{id: 1}]}}\n"

_VERSIONED = """models: [{name: w, description: ONE, latest_version: 2, versions: [{v: 1}, {v: 2}],
  columns: [{name: id, data_tests: [unique]}]}]
"""
_YAML_SNAPSHOT = """snapshots: [{name: y, description: ONE, relation: ref('d'),
  config: {strategy: check, unique_key: id, check_cols: all}, columns: [{name: id, data_tests: [unique]}]}]
"""

_FUNCTION = "functions: [{name: f, description: ONE, arguments: [{name: x, data_type: int}], returns: {data_type: int}}]\n"
_CALLS = "select {{ function('f') }}(id) from {{ ref('b') }}"

Edits = Mapping[str, str | None]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write(tmp_path / "shop", FILES)


def _apply(root: Path, edits: Edits) -> None:
    for path, text in edits.items():
        if text is None:
            (root / path).unlink()
        else:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text)


def _same(found: Outcome, expected: Outcome) -> None:
    assert found.faults == expected.faults
    assert found.content == expected.content
    assert sorted(found.warnings) == sorted(expected.warnings)


def _config(option: str, path: str) -> str:
    return f"{{{{ config({option}) }}}} {FILES[path]}"


@pytest.mark.parametrize(
    ("before", "edits", "parsed"),
    [
        ({}, {"models/c.sql": None}, []),
        ({}, {"models/b.sql": None, "models/c.sql": None, "models/u.yml": None}, ["models/b.yml"]),
        (
            {},
            {"models/c.sql": None, "models/c_new.sql": FILES["models/c.sql"]},
            ["models/c_new.sql"],
        ),
        (
            {"models/d.sql": None, "models/dd.sql": "select 2 as id",
             "snapshots/old.sql": FILES["snapshots/old.sql"].replace("'d'", "'dd'")},
            {"models/dd.sql": None, "models/d.sql": "select 2 as id", "snapshots/old.sql": FILES["snapshots/old.sql"]},
            ["models/d.sql", "snapshots/old.sql"],
        ),
        ({}, {"tests/one.sql": None}, []),
        (
            {"tests/one.yml": "data_tests: [{name: one, description: O}]\n"},
            {"tests/one.sql": None},
            ["tests/one.yml"],
        ),
        ({}, {"snapshots/old.sql": None}, []),
        ({}, {"models/a.yml": None}, []),
        ({}, {"models/e.yml": None, "models/u.yml": None}, []),
        (
            {},
            {"models/raw.yml": None, "models/a.sql": "select 1 as id"},
            ["models/a.sql"],
        ),
        (
            {},
            {"models/raw.yml": FILES["models/raw.yml"].replace("{name: t}", "{name: t}, {name: v}")},
            ["models/raw.yml"],
        ),
        (
            {},
            {"models/raw.yml": FILES["models/raw.yml"].replace("name: s,", "name: s, config: {event_time: at},")},
            ["models/a.sql", "models/raw.yml"],
        ),
        ({}, {"models/a.sql": _config("alias='other'", "models/a.sql")}, ["models/a.sql"]),
        (
            {},
            {"models/b.sql": _config("schema='other'", "models/b.sql")},
            ["models/b.sql", "models/u.yml"],
        ),
        (
            {},
            {"models/d.sql": _config("access='public', group='g'", "models/d.sql")},
            ["models/d.sql", "snapshots/old.sql"],
        ),
        (
            {},
            {"models/a.sql": _config("group='g'", "models/a.sql")},
            ["models/a.sql", "models/a.yml", "models/b.sql", "models/e.yml", "tests/one.sql"],
        ),
        ({}, {"models/a.sql": _config("materialized='ephemeral'", "models/a.sql")}, ["models/a.sql"]),
        ({}, {"seeds/seeded.csv": "id\n2\n"}, ["models/u.yml", "seeds/seeded.csv"]),
        ({}, {"models/c.sql": _config("enabled=false", "models/c.sql")}, ["models/c.sql"]),
        (
            {"tests/off.sql": "select * from {{ ref('late') }}"},
            {"models/late.sql": "select 1 as id"},
            ["models/late.sql", "tests/off.sql"],
        ),
        (
            {"tests/off.sql": "select * from {{ ref('late') }}", "models/late.sql": "select 1 as id"},
            {"models/late.sql": None},
            ["tests/off.sql"],
        ),
        (
            {"models/late.yml": "models: [{name: late, description: L}]\n"},
            {"models/late.sql": "select 1 as id"},
            ["models/late.sql", "models/late.yml"],
        ),
        (
            {"snapshots/y.yml": "snapshots: [{name: block, description: B}]\n"},
            {"snapshots/x.sql": FILES["snapshots/old.sql"].replace("snapshot old", "snapshot block")},
            ["snapshots/x.sql", "snapshots/y.yml"],
        ),
        (
            {"snapshots/x.sql": FILES["snapshots/old.sql"].replace("snapshot old", "snapshot block")},
            {"snapshots/y.yml": "snapshots: [{name: block, description: B}]\n"},
            ["snapshots/y.yml"],
        ),
        (
            {"models/x.md": "{% docs one %}1{% enddocs %}{% docs two %}2{% enddocs %}",
             "models/x.yml": "models: [{name: d, description: '{{ doc(\"two\") }}'}]\n"},
            {"models/x.md": "{% docs one %}9{% enddocs %}{% docs two %}2{% enddocs %}"},
            [],
        ),
        (
            {"models/x.md": "{% docs one %}1{% enddocs %}{% docs two %}2{% enddocs %}",
             "models/x.yml": "models: [{name: d, description: '{{ doc(\"two\") }}'}]\n"},
            {"models/x.md": "{% docs one %}1{% enddocs %}", "models/y.md": "{% docs two %}9{% enddocs %}"},
            ["models/x.yml"],
        ),
        (
            {"macros/m.sql": "{% macro m(x) %}1{% endmacro %}",
             "macros/m.yml": "macros: [{name: m, description: M, arguments: [{name: x}]}, {name: n, description: N}]\n"},
            {"macros/m.yml": "macros: [{name: m, description: '{{ doc(\"x\") }}'}]\n",
             "models/x.md": "{% docs x %}1{% enddocs %}"},
            ["macros/m.yml"],
        ),
        (
            {"macros/m.sql": "{% macro m(x) %}1{% endmacro %}", "macros/m.yml": "macros: [{name: m, description: M}]\n"},
            {"macros/m.yml": None},
            [],
        ),
        (
            {"models/v.yml": _UNIT.replace("ROWS", "format: csv, fixture: f"), "tests/fixtures/f.csv": "id\n1\n"},
            {"tests/fixtures/f.csv": "id\n2\n"},
            ["models/v.yml"],
        ),
        (
            {"models/w_v1.sql": "select 1 as id", "models/w_v2.sql": "select 2 as id", "models/w.yml": _VERSIONED},
            {"models/w.yml": _VERSIONED.replace("ONE", "TWO").replace("unique", "not_null")},
            ["models/w.yml"],
        ),
        (
            {"snapshots/y.yml": _YAML_SNAPSHOT},
            {"snapshots/y.yml": _YAML_SNAPSHOT.replace("ONE", "TWO").replace("ref('d')", "ref('a')")},
            ["snapshots/y.yml"],
        ),
        ({}, {"snapshots/y.yml": _YAML_SNAPSHOT}, ["snapshots/y.yml"]),
        ({"snapshots/y.yml": _YAML_SNAPSHOT}, {"snapshots/y.yml": None}, []),
        (
            {"functions/f.sql": "x * 2", "functions/f.yml": _FUNCTION, "models/c.sql": _CALLS},
            {"functions/f.sql": "x * 3"},
            ["functions/f.sql"],
        ),
        (
            {"functions/f.sql": "x * 2", "functions/f.yml": _FUNCTION, "models/c.sql": _CALLS},
            {"functions/f.yml": _FUNCTION.replace("ONE", "TWO").replace("int", "bigint")},
            ["functions/f.yml"],
        ),
        (
            {"functions/f.sql": "x * 2", "functions/f.yml": _FUNCTION, "models/c.sql": _CALLS},
            {"functions/f.sql": None, "functions/f.yml": None, "models/c.sql": FILES["models/c.sql"]},
            ["models/c.sql"],
        ),
        (
            {"functions/f.yml": _FUNCTION},
            {"functions/f.sql": "x * 2", "models/c.sql": _CALLS},
            ["functions/f.sql", "functions/f.yml", "models/c.sql"],
        ),
        ({}, {"models/g.yml": "groups: [{name: g, owner: {name: p}}, {name: h, owner: {name: o}}]\n"}, ["models/g.yml"]),
        ({}, {"models/g.yml": None}, []),
        ({}, {"macros/new.sql": "{% macro nobody() %}1{% endmacro %}"}, []),
        (
            {"models/c.sql": FILES["models/c.sql"] + "-- {{ later() if later is defined }}"},
            {"macros/new.sql": "{% macro later() %}1{% endmacro %}"},
            ["models/c.sql"],
        ),
        (
            {"macros/x.sql": "{% macro x() %}{{ return(adapter.dispatch('x')()) }}{% endmacro %}"
             "{% macro default__x() %}1{% endmacro %}", "models/c.sql": FILES["models/c.sql"] + " -- {{ x() }}"},
            {"macros/new.sql": "{% macro duckdb__x() %}{{ config(tags=['y']) }}{% endmacro %}"},
            ["models/c.sql"],
        ),
        (
            {"macros/x.sql": "{% macro x() %}1{% endmacro %}", "models/c.sql": FILES["models/c.sql"] + " -- {{ x() }}"},
            {"macros/x.sql": None, "models/c.sql": FILES["models/c.sql"]},
            ["models/c.sql"],
        ),
        (
            {"macros/x.sql": "{% macro x() %}1{% endmacro %}", "models/c.sql": FILES["models/c.sql"] + " -- {{ x() }}"},
            {"macros/x.sql": None, "macros/y.sql": "{% macro x() %}{{ config(tags=['y']) }}{% endmacro %}"},
            ["models/c.sql"],
        ),
        (
            {"models/a.yml": FILES["models/a.yml"].replace("unique", "of_ours")},
            {"macros/t.sql": "{% test of_ours(model, column_name) %}select 1{% endtest %}"},
            ["models/a.yml"],
        ),
    ],
)  # fmt: skip
def test_it_and_no_more(root: Path, before: Edits, edits: Edits, parsed: list[str]) -> None:
    _apply(root, before)
    warm(loaded(root))
    _apply(root, edits)
    found = warm(loaded(root))
    _same(found, cold(loaded(root)))
    assert found.reasons is not None, found.faults
    assert found.reasons.whole is None
    there = [path for _, path in found.reasons.parsed if (root / path).exists()]
    assert sorted(there) == parsed
    again = warm(loaded(root))
    _same(again, cold(loaded(root)))
    assert again.reasons is not None
    assert not again.reasons.parsed


@pytest.mark.parametrize(
    "edits",
    [
        {"models/a.sql": None},
        {"models/raw.yml": None},
        {"seeds/seeded.csv": None},
        {"models/b.sql": None},
        {"models/a.sql": "{{ config(access='private', group='g') }} select 1 as id"},
        {"models/d.sql": "{{ config(alias='b') }} select 1 as id"},
        {"models/b.sql": "{{ config(materialized='incremental') }} {% if is_incremental() %} {% endif %} select 1"},
        {"models/more/a.sql": "select 2 as id"},
        {"models/c.sql": _CALLS},
        {"models/b.yml": "models: [{name: b, description: '{{ doc(\"none\") }}'}]\n"},
        {"macros/x.sql": "{% macro x() %}1{% endmacro %}{% macro x() %}1{% endmacro %}"},
    ],
)  # fmt: skip
def test_faults_of_others_are_found(root: Path, edits: Edits) -> None:
    warm(loaded(root))
    _apply(root, edits)
    found = warm(loaded(root))
    assert found.faults
    assert set(found.faults) <= set(cold(loaded(root)).faults)


@pytest.mark.parametrize(
    ("before", "edits", "why"),
    [
        (
            {"dbt_project.yml": FILES["dbt_project.yml"] + "models: {shop: {part: {+tags: [x]}}}\n",
             "models/part/p.sql": "select 1"},
            {"models/part/p.sql": None},
            "other paths of dbt_project.yml configure nothing",
        ),
        (
            {"models/w.sql": "select 1", "models/w.yml": "models: [{name: w, latest_version: 1, versions: [{v: 1}]}]\n"},
            {"models/w.yml": None},
            "model.shop.w.v1 is of a kind that others look at",
        ),
        (
            {"models/w_v1.sql": "select 1 as id", "models/w_v2.sql": "select 2 as id", "models/w.yml": _VERSIONED},
            {"models/w.yml": _VERSIONED.replace("latest_version: 2", "latest_version: 1")},
            "model.shop.w.v1 has another latest version",
        ),
        (
            {"dbt_project.yml": FILES["dbt_project.yml"] + "on-run-end: \"select '{{ ref('d') }}'\"\n"},
            {"models/d.sql": None, "snapshots/old.sql": None},
            "the hook operation.shop.shop-on-run-end-0 reads model.shop.d",
        ),
        (
            {},
            {"macros/n.sql": "{% macro generate_schema_name(name, node) %}x{% endmacro %}"},
            "a macro came or went that stands for 'generate_schema_name'",
        ),
        (
            {"models/c.sql": FILES["models/c.sql"] + " -- {{ context['no' ~ 'body'] }}"},
            {"macros/n.sql": "{% macro nobody() %}x{% endmacro %}"},
            "a macro came or went, and models/c.sql may compute its name",
        ),
        (
            {"tests/fixtures/f.csv": "id\n1\n"},
            {"tests/fixtures/more/f.csv": "id\n1\n"},
            "there are several fixtures 'f'",
        ),
    ],
)  # fmt: skip
def test_everything_where_more_may_change(
    root: Path, before: Edits, edits: Edits, why: str
) -> None:
    _apply(root, before)
    warm(loaded(root))
    _apply(root, edits)
    found, expected = warm(loaded(root)), cold(loaded(root))
    _same(found, expected)
    if found.reasons is not None:
        assert found.reasons.whole == why


def test_why_is_told(root: Path) -> None:
    warm(loaded(root))
    _apply(root, {"models/d.sql": _config("access='public'", "models/d.sql")})
    found = warm(loaded(root))
    assert found.reasons is not None
    assert [str(change) for change in found.reasons.changes] == [
        "models/d.sql: it was edited",
        "snapshots/old.sql: 'd' has another access",
    ]


@pytest.mark.parametrize(
    ("path", "old", "new", "parsed"),
    [
        ("semantics.yml", "name: revenue\n", "name: revenue\n    description: More\n", ["semantics.yml"]),
        ("orders.sql", "select", "{{ config(alias='o') }} select", ["orders.sql", "semantics.yml"]),
        ("days.sql", "select", "{{ config(tags=['x']) }} select", ["days.sql", "semantics.yml"]),
    ],
)  # fmt: skip
def test_the_semantic_layer_is_parsed_as_a_whole(
    tmp_path: Path, path: str, old: str, new: str, parsed: list[str]
) -> None:
    root = copied(PROJECTS / "cargo", tmp_path / "cargo")
    warm(loaded(root))
    file = root / "models" / path
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new, 1))
    found = warm(loaded(root))
    _same(found, cold(loaded(root)))
    assert found.reasons is not None
    assert found.reasons.whole is None
    assert sorted(Path(path).name for _, path in found.reasons.parsed) == parsed
