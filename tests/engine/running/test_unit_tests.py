"""Unit tests over real DuckDB; values and words were taken from dbt-core 1.11 on the same project."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.running.projects import run, run_results, write
from tidemill.errors import ProjectFaults

FILES = {
    "seeds/people.csv": "id,name,born\n1,Ada,1815-12-10\n2,Bob,1990-01-01\n",
    "macros/own.sql": """
        {% macro label() %}'real'{% endmacro %}
        {% macro twice(x) %}{{ x }} * {{ var('rate', 2) }}{% endmacro %}
    """,
    "models/stg.sql": "select id, name, born from {{ ref('people') }}",
    "models/loud.sql": """
        {{ config(materialized='ephemeral') }}
        select id, upper(name) as loud from {{ ref('stg') }}
    """,
    "models/raw.sql": "select 1 as k, 'x' as v",
    "models/final.sql": """
        select s.id, {{ twice('s.id') }} as d, {{ label() }} as lab, l.loud,
            '{{ env_var("SHOP_PLACE", "none") }}' as place, r.v
        from {{ ref('stg') }} s join {{ ref('loud') }} l using (id)
        left join {{ source('ext', 'raw') }} r on r.k = s.id
    """,
    "models/inc.sql": """
        {{ config(materialized='incremental') }}
        select id from {{ ref('stg') }}
        {% if is_incremental() %} where id > (select max(id) from {{ this }}) {% endif %}
    """,
    "models/ver_v1.sql": "select id from {{ ref('stg') }}",
    "models/ver_v2.sql": "select id, name from {{ ref('stg') }}",
    "tests/fixtures/some.csv": "id,name\n5,Eve\n6,\n",
    "models/schema.yml": """
        sources: [{name: ext, schema: main, tables: [{name: raw}]}]
        models: [{name: ver, latest_version: 2, versions: [{v: 1}, {v: 2}]}]
    """,
}

WORKS = """
unit_tests:
  - name: works
    model: final
    overrides:
      macros: {label: "'fake'"}
      vars: {rate: 10}
      env_vars: {SHOP_PLACE: made}
    given:
      - {input: ref('stg'), format: csv, fixture: some}
      - {input: ref('loud'), format: sql, rows: "select 5 as id, 'EVE' as loud"}
      - {input: "source('ext', 'raw')", rows: [{k: 5, v: it's}]}
    expect: {rows: [{id: 5, d: 50, lab: fake, loud: EVE, place: made, v: it's}]}
"""


def test_a_build_runs_unit_tests_of_what_it_builds(tmp_path: Path) -> None:
    root = write(tmp_path, {**FILES, "models/unit.yml": WORKS})
    assert run(root, "build", "unit_test:works").statuses == {}
    assert "final.works" in run(root, "build", "final").statuses


def test_every_format_and_override(tmp_path: Path) -> None:
    root = write(tmp_path, {**FILES, "models/unit.yml": WORKS})
    run(root, "build", exclude=("test_type:unit",))
    assert run(root, "test").statuses == {"final.works": "pass"}
    assert run_results(root)["unit_test.shop.final.works"] | {"timing": []} == {
        **run_results(root)["unit_test.shop.final.works"],
        "status": "pass",
        "timing": [],
        "adapter_response": {"_message": "OK"},
        "message": None,
        "failures": 0,
        "compiled": True,
        "relation_name": None,
        "batch_results": None,
    }


def test_a_difference_is_shown_and_skips_the_model(tmp_path: Path) -> None:
    unit = """
        unit_tests:
          - name: fails
            model: stg
            given: [{input: ref('people'), rows: [{id: 1, name: A}, {id: 2, name: B}]}]
            expect: {format: csv, rows: "id,name\\n1,A\\n2,Bee\\n9,X\\n"}
    """
    root = write(tmp_path, {**FILES, "models/unit.yml": unit})
    outcome = run(root, "build", "people", "stg", "inc")
    assert outcome.statuses == {
        "people": "success",
        "stg.fails": "fail",
        "stg": "skipped",
        "inc": "skipped",
    }
    assert outcome.result("fails").message == (
        "\n\nactual differs from expected:\n\n"
        "@@ ,id,name\r\n   ,1 ,A\r\n→  ,2 ,Bee→B\r\n---,9 ,X\r\n\n"
    )


def test_the_incremental_way_and_rows_of_a_seed(tmp_path: Path) -> None:
    unit = """
        unit_tests:
          - name: more
            model: inc
            overrides: {macros: {is_incremental: true}}
            given:
              - {input: ref('stg'), rows: [{id: 1}, {id: 2}]}
              - {input: this, rows: [{id: 1}]}
            expect: {rows: [{id: 2}]}
          - name: from_seed
            model: stg
            given: [{input: ref('people')}]
            expect: {format: sql, rows: "select 1 as id, 'Ada' as name, date '1815-12-10' as born union all select 2, 'Bob', date '1990-01-01'"}
    """
    root = write(tmp_path, {**FILES, "models/unit.yml": unit})
    run(root, "build", "people", "stg", "inc", exclude=("test_type:unit",))
    outcome = run(root, "test")
    assert outcome.statuses == {"inc.more": "pass", "stg.from_seed": "pass"}


def test_one_test_for_each_version(tmp_path: Path) -> None:
    given = "given: [{input: ref('stg'), rows: [{id: 7}]}], expect: {rows: [{id: 7}]}"
    unit = f"""
        unit_tests:
          - {{name: all, model: ver, {given}}}
          - {{name: one, model: ver, versions: {{include: [1]}}, {given}}}
    """
    root = write(tmp_path, {**FILES, "models/unit.yml": unit})
    outcome = run(root, "build", "people", "stg", "ver")
    assert set(outcome.statuses) == {
        "people", "stg", "ver.all_v1", "ver.all_v2", "ver.one_v1", "ver.v1", "ver.v2",
    }  # fmt: skip
    assert set(outcome.statuses.values()) == {"success", "pass"}


def test_wrong_columns_and_types_are_errors(tmp_path: Path) -> None:
    unit = """
        unit_tests:
          - name: column
            model: stg
            given: [{input: ref('people'), rows: [{idx: 1}]}]
            expect: {rows: [{id: 1}]}
          - name: type
            model: stg
            given: [{input: ref('people'), rows: [{id: abc}]}]
            expect: {rows: [{id: 1}]}
    """
    root = write(tmp_path, {**FILES, "models/unit.yml": unit})
    outcome = run(root, "build", "people", "stg")
    column, wrong_type = outcome.result("column"), outcome.result("type")
    assert (column.status, wrong_type.status) == ("error", "error")
    assert "Invalid column name: 'idx' in unit test fixture for 'people'." in column.message
    assert "execution of unit test 'type'. There may be an error" in wrong_type.message
    assert run_results(root)["unit_test.shop.stg.type"]["compiled"] is None


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (
            "{name: t, model: inc, given: [], expect: {rows: []}}",
            "Boolean override for 'is_incremental' must be provided for unit test 't' in model 'inc'",
        ),
        (
            "{name: t, model: inc, overrides: {macros: {is_incremental: true}}, given: [], expect: {}}",
            "Unit test 't' for incremental model 'inc' must have a 'this' input",
        ),
        (
            "{name: t, model: ver, versions: {include: [9]}, given: [], expect: {rows: []}}",
            "Unit test 't' referenced a version of 'ver' which was not found.",
        ),
        (
            "{name: t, model: gone, given: [], expect: {rows: []}}",
            "Unable to find model 'shop.gone' for unit test 't' in models/unit.yml",
        ),
    ],
)
def test_what_is_forbidden(tmp_path: Path, entry: str, message: str) -> None:
    root = write(tmp_path, {**FILES, "models/unit.yml": f"unit_tests: [{entry}]\n"})
    with pytest.raises(ProjectFaults) as caught:
        run(root, "build")
    assert [fault.message for fault in caught.value.faults] == [message]
