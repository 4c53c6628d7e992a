"""Tests whose calls are made once: nodes, reads and messages are as if each had been called by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from tidemill.adapters.registry import adapter_for
from tidemill.engine.jinja.capture import Capture
from tidemill.engine.nodes import GenericTest
from tidemill.engine.parsing.project import ProjectParser, find_files
from tidemill.engine.parsing.repeated_tests import RepeatedTests
from tidemill.engine.project.loading import load_runtime
from tidemill.engine.project.reads import Key, Notebook, Unit, noting
from tidemill.events import Event, Message

MACROS = """
{% test plain(model, column_name, least=var('least', 1)) %}
select * from {{ model }} where {{ column_name }} < {{ least }}
{% endtest %}
{% test of_node(model, column_name) %}{{ this }}{% if model.name %}x{% endif %}{% endtest %}
{% test reader(model, column_name) %}select 1 from {{ ref('other') }}{% endtest %}
{% test sets(model, column_name) %}{{ config(severity='warn') }}select 1{% endtest %}
{% test asks(model, column_name) %}{% if config.get('where') %}{{ quiet() }}{% else %}{{ loud() }}{% endif %}{% endtest %}
{% test says(model, column_name) %}{{ log('hear ' ~ column_name, info=true) }}select 1{% endtest %}
{% test compares(model, to, field, column_name=none) %}
{{ adapter.dispatch('joined', 'shop')(model, to, field) }}{{ adapter.get_columns_in_relation(to) }}
{% endtest %}
{% macro default__joined(model, to, field) %}{{ model }} {{ to }} {{ env_var('FIELD', field) }}{% endmacro %}
{% macro quiet() %}{% endmacro %}
{% macro loud() %}{{ var('volume', 11) }}{% endmacro %}
"""
_TESTS = """
      - name: {column}
        data_tests:
          - plain
          - plain: {{arguments: {{least: 3}}}}
          - of_node
          - reader
          - sets
          - asks
          - asks: {{name: "asked_{name}_{column}", config: {{where: "a > 1"}}}}
          - says
          - accepted_values: {{arguments: {{values: ['x', "{{{{ var('y', 'z') }}}}"]}}}}
          - accepted_values: {{arguments: {{values: ['x', 'y']}}}}
          - relationships: {{arguments: {{to: ref('other'), field: id}}}}
          - relationships: {{arguments: {{to: "source('raw', 't')", field: id}}}}
          - compares: {{arguments: {{to: "ref('other', v=1)", field: "{{{{ var('field', 'f') }}}}"}}}}
          - compares: {{arguments: {{to: "ref('shop', 'one')", field: g}}}}
"""
VERSIONS = """
  - name: other
    latest_version: 1
    columns: [{name: id, data_tests: [{relationships: {arguments: {to: ref('one'), field: id}}}]}]
    versions: [{v: 1}, {v: 2}]
"""
SOURCES = """
sources:
  - name: raw
    tables:
      - name: t
        columns: [{name: id, data_tests: [plain, {accepted_values: {arguments: {values: ['x', 'y']}}}]}]
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    models = "".join(
        f"  - name: {name}\n    columns:{_TESTS.format(name=name, column='a')}{_TESTS.format(name=name, column='b')}"
        for name in ("one", "two", "three")
    )
    files = {
        "dbt_project.yml": "name: shop\nprofile: shop\n",
        "profiles.yml": "shop: {target: dev, outputs: {dev: {type: duckdb}}}\n",
        "macros/all.sql": MACROS,
        "models/all.yml": f"models:\n{models}{VERSIONS}{SOURCES}",
        **{f"models/{name}.sql": "select 1" for name in ("one", "two", "three")},
        **{f"models/other_v{version}.sql": "select 1" for version in (1, 2)},
    }
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    return tmp_path


Outcome = tuple[dict[str, GenericTest], dict[Unit, set[Key]], list[str]]


def test_equal_to_calls_of_each_test(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    once = _parsed(shop)

    def each(self, call, make):
        capture = Capture()
        make(capture, None)
        return capture

    monkeypatch.setattr(RepeatedTests, "capture_of", each)
    assert _parsed(shop) == once
    tests, reads, said = once
    assert len(tests) > 80
    assert ("var", "shop", "least") in reads["shop", "models/all.yml"]
    assert len(said) == 6


def test_calls_of_one_form_are_made_once(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    original = RepeatedTests.capture_of

    def counted(self, call, make):
        def make_counted(capture, watch):
            made.append(call.macro.name)
            make(capture, watch)

        return original(self, call, make_counted)

    monkeypatch.setattr(RepeatedTests, "capture_of", counted)
    _parsed(shop)
    counts = {name.removeprefix("test_"): made.count(name) for name in made}
    # Once for each column and form; what may know its node, each time.
    assert counts["plain"] == 2 * 2 + 1
    assert counts["relationships"] == 2 + 1
    assert counts["asks"] == 2
    assert counts["reader"] == counts["sets"] == counts["says"] == counts["of_node"] == 6


def _parsed(root: Path) -> Outcome:
    config = load_runtime(root, profiles_dir=root)
    adapter = adapter_for("duckdb")(config.target.credentials, root)
    said: list[Event] = []
    notebook = Notebook()
    with noting(notebook):
        parsed = ProjectParser(config, adapter, said.append, find_files(config)).parse()
    nodes = parsed.manifest.nodes.items()
    tests = {key: node for key, node in nodes if isinstance(node, GenericTest)}
    texts = [event.text for event in said if isinstance(event, Message)]
    return tests, notebook.reads, texts
