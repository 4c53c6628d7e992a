"""dbt's data tests written directly are what their macros write, and whatever is unusual is left to the macros."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.engine.running.hosting import make_host
from tests.engine.running.projects import run, write
from tidemill.engine.compiling.built_in_tests import DIGEST, BuiltInTests

MODELS = {
    "models/a.sql": "select 1 as id, 'x' as kind",
    "models/b.sql": "{{ config(materialized='ephemeral') }} select id from {{ ref('a') }}",
    "models/c.sql": "{{ config(materialized='ephemeral') }} select id from {{ ref('a') }}",
}
SCHEMA = """
sources:
  - name: raw
    tables: [{name: t, columns: [{name: id, data_tests: [unique, not_null]}]}]
models:
  - name: a
    columns:
      - name: id
        data_tests:
          - unique
          - not_null: {config: {severity: warn, limit: 10}}
          - unique: {name: long, config: {alias: an_alias, error_if: ">10"}}
          - relationships: {arguments: {to: ref('b'), field: id}}
          - relationships: {name: r2, arguments: {field: '"id"', to: "source('raw', 't')"}}
          - relationships: {name: r3, arguments: {to: "ref('shop', 'a')", field: id}}
          - accepted_values: {arguments: {values: [1, 2, 3.5, true], quote: false}}
          - accepted_values: {name: v2, arguments: {values: []}}
      - name: kind
        quote: true
        data_tests:
          - unique
          - accepted_values: {arguments: {values: [x, "it''s", 'a "b"', 7]}}
  - name: b
    columns: [{name: id, data_tests: [not_null, {relationships: {arguments: {to: ref('c'), field: id}}}]}]
"""
UNUSUAL = """
models:
  - name: a
    columns:
      - name: id
        data_tests:
          - unique: {config: {where: id > 0}}
          - unique: {name: stored, config: {store_failures: true}}
          - relationships: {arguments: {to: "{{ ref('b') }}", field: id}}
          - relationships: {name: r2, arguments: {to: "(select 1 as id)", field: id}}
          - relationships: {name: r3, arguments: {to: ref('a'), field: "{{ var('field', 'id') }}"}}
          - accepted_values: {arguments: {values: ["{{ var('x', 'y') }}", "var('x', 'z')"]}}
          - accepted_values: {name: v2, arguments: {values: "{{ ['p', 'q'] }}"}}
          - unique: {name: described, config: {meta: {a: 1}}}
          - accepted_values: {name: v3, arguments: {values: [x], quote: "{{ false }}"}}
          - own
"""
OWN = "{% test own(model, column_name) %}select 1 from {{ model }} where false{% endtest %}"


def _compiled(
    root: Path,
    files: Mapping[str, str],
    monkeypatch: pytest.MonkeyPatch,
    *,
    macros: bool,
    **options: Any,
) -> tuple[dict[str, Any], set[str]]:
    """The SQL of all tests, and the names of those that were written directly."""
    direct: set[str] = set()
    sql = BuiltInTests.sql

    def noted(self: BuiltInTests, test: Any, session: Any) -> str | None:
        found = None if macros else sql(self, test, session)
        direct.update({test.name} if found is not None else ())
        return found

    with monkeypatch.context() as patch:
        patch.setattr(BuiltInTests, "sql", noted)
        outcome = run(write(root, files), "compile", **options)
    tests = {key: r for key, r in outcome.results.items() if key.startswith("test.")}
    return {key: (r.compiled_code, r.fault) for key, r in tests.items()}, direct


CASES: dict[str, tuple[Mapping[str, str], Mapping[str, Any]]] = {
    "usual ones": ({"models/schema.yml": SCHEMA}, {}),
    "no rows": ({"models/schema.yml": SCHEMA}, {"empty": True}),
    "unusual ones": ({"models/schema.yml": UNUSUAL, "macros/own.sql": OWN}, {}),
    "an own ref": (
        {
            "models/schema.yml": SCHEMA,
            "macros/ref.sql": "{% macro ref(name) %}{{ return(builtins.ref(name)) }}{% endmacro %}",
        },
        {},
    ),
    "an own test of the name": (
        {
            "models/schema.yml": SCHEMA,
            "macros/t.sql": "{% test unique(model, column_name) %}select 1{% endtest %}",
        },
        {},
    ),
    "an own part": (
        {
            "models/schema.yml": SCHEMA,
            "macros/t.sql": "{% macro default__get_where_subquery(relation) %}x{% endmacro %}",
        },
        {},
    ),
    "failures are kept": ({"models/schema.yml": SCHEMA}, {"store_failures": True}),
}


@pytest.mark.parametrize("name", CASES)
def test_the_same_sql(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files, options = CASES[name]
    all_files = {**MODELS, **files}
    slow, _ = _compiled(tmp_path / "m", all_files, monkeypatch, macros=True, **options)
    fast, direct = _compiled(tmp_path / "d", all_files, monkeypatch, macros=False, **options)
    assert fast == slow
    assert len(slow) > 8
    assert len(direct) == {"usual ones": len(slow), "no rows": len(slow), "an own ref": 2}.get(
        name, 0
    )


def test_the_digest_is_that_of_the_macros_that_are_here(tmp_path: Path) -> None:
    """When a macro was edited: see that the text is still the same, then write the new digest down."""
    host = make_host(tmp_path)
    found = BuiltInTests(host).digest("shop")
    host.adapter.close()
    assert found == DIGEST
