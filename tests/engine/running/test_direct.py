"""The direct paths of built-in materialisations do what their macros do: held together over many configurations."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.engine.running.hosting import make_host
from tests.engine.running.projects import Outcome, run, write
from tests.postgres_server import PostgresServer
from tidemill.adapters.base import Connection
from tidemill.adapters.duckdb.connection import DuckDBConnection
from tidemill.adapters.postgres.connection import PostgresConnection
from tidemill.engine.running.direct import DirectPaths
from tidemill.events import Event, Message, SqlExecuted

Files = Mapping[str, str]
Seen = tuple[Any, ...]

PROJECT = "name: shop\nprofile: shop\n"
VIEW = {"models/a.sql": "select 1 as id"}
TABLE = {"models/a.sql": "{{ config(materialized='table') }}\nselect 1 as id"}
BOTH = {"models/a.sql": "select 1 as id", "models/b.sql": "{{ config(materialized='table') }}\nselect * from {{ ref('a') }}\n"}  # fmt: skip
LONG = "a_model_whose_name_is_very_nearly_as_long_as_postgres_can_keep"


_CHANGING = re.compile(r"(?<=__dbt_tmp)\d+|\b[0-9a-f]{32}\b")
"""Times in names of temporary tables, and what is hashed of them."""


class Case(NamedTuple):
    """A project in one or more states, built one after the other in one warehouse."""

    states: tuple[Files, ...]
    direct: set[str]
    """Names of the nodes that take the direct path in the last state."""
    options: Mapping[str, Any] = {}


def with_tests(entries: str, model: str = "a") -> dict[str, str]:
    """A properties file with tests on the column ``id``."""
    return {
        "models/schema.yml": f"models: [{{name: {model}, columns: [{{name: id, data_tests: {entries}}}]}}]\n"
    }


CASES: dict[str, Case] = {
    "a view": Case((VIEW,), {"a"}),
    "a view again": Case((VIEW, VIEW), {"a"}),
    "a table": Case((TABLE,), {"a"}),
    "a table again": Case((TABLE, TABLE), {"a"}),
    "a view becomes a table": Case((VIEW, TABLE), {"a"}),
    "a table becomes a view": Case((TABLE, VIEW), {"a"}),
    "a view under a table": Case((BOTH, BOTH), {"a", "b"}),
    "a full refresh": Case((BOTH, BOTH), {"a", "b"}, {"full_refresh": True}),
    "no rows": Case((BOTH,), {"a", "b"}, {"empty": True}),
    "an alias in another schema": Case(
        ({"models/a.sql": "{{ config(alias='The \"A\"', schema='Other') }} select 1 as id"},) * 2,
        {"a"},
    ),
    "names that are not quoted": Case(
        ({**BOTH, "dbt_project.yml": f"{PROJECT}quoting: {{identifier: false, schema: false}}\n"},)
        * 2,
        {"a", "b"},
    ),
    "a long name": Case(
        ({f"models/{LONG}.sql": "{{ config(materialized='table') }} select 1 as id"},) * 2, {LONG}
    ),
    "braces and quotes in SQL": Case(
        ({"models/a.sql": "select '{' || '}''\"' as id -- {{ '{x}' }}\n;"},), {"a"}
    ),
    "broken SQL": Case(({"models/a.sql": "selekt 1"},), {"a"}),
    "broken SQL over a table that is there": Case(
        (TABLE, {"models/a.sql": "{{ config(materialized='table') }} select nothing"}), {"a"}
    ),
    "a comment behind statements": Case(
        ({**BOTH, "dbt_project.yml": f"{PROJECT}query-comment: {{comment: x, append: true}}\n"},),
        {"a", "b"},
    ),
    "an ephemeral parent": Case(
        ({**BOTH, "models/a.sql": "{{ config(materialized='ephemeral') }} select 1 as id"},), {"b"}
    ),
    "tests": Case(
        (
            {
                **VIEW,
                **with_tests("[unique, not_null, {accepted_values: {arguments: {values: [1]}}}]"),
            },
        ),
        {"a", "unique_a_id", "not_null_a_id", "accepted_values_a_id__1"},
    ),
    "tests that fail": Case(
        (
            {
                **VIEW,
                **with_tests(
                    "[{accepted_values: {arguments: {values: [2]}, config: {severity: warn}}}]"
                ),
                "tests/one.sql": "select 1 as x",
            },
        ),
        {"a", "accepted_values_a_id__2", "one"},
    ),
    "tests with conditions and limits": Case(
        (
            {
                **VIEW,
                **with_tests(
                    "[{not_null: {config: {where: 'id > 0', limit: 3, fail_calc: 'coalesce(sum(id), 0)',"
                    " warn_if: '>1', error_if: '>2'}}}]"
                ),
            },
        ),
        {"a", "not_null_a_id"},
    ),
    "a test that cannot run": Case(({"tests/one.sql": "select nothing"},), {"one"}),
    "tests that keep their rows": Case(
        ({**VIEW, **with_tests("[not_null, {unique: {config: {store_failures: true}}}]")},),
        {"a", "not_null_a_id"},
    ),
    "all tests keep their rows": Case(
        ({**VIEW, **with_tests("[not_null, {unique: {config: {store_failures: false}}}]")},),
        {"a", "unique_a_id"},
        {"store_failures": True},
    ),
    "hooks": Case(
        (
            {
                **BOTH,
                "models/a.sql": "{{ config(pre_hook='select 1', post_hook={'sql': 'select 2', "
                "'transaction': false}) }} select 1 as id",
            },
        ),
        {"b"},
    ),
    "grants": Case(
        ({**BOTH, "models/a.sql": "{{ config(grants={'select': []}) }} select 1 as id"},), {"b"}
    ),
    "descriptions are kept": Case(
        (
            {
                **BOTH,
                "models/schema.yml": "models: [{name: a, description: An a, config: {persist_docs: "
                "{relation: true, columns: true}}, columns: [{name: id, description: Its id}]}]",
            },
        ),
        {"b"},
    ),
    "a contract": Case(
        (
            {
                **BOTH,
                "models/schema.yml": "models: [{name: b, config: {contract: {enforced: true}}, "
                "columns: [{name: id, data_type: integer, constraints: [{type: primary_key}]}]}]",
            },
        )
        * 2,
        {"a"},
    ),
    "a table that had a contract": Case(
        (
            {
                **TABLE,
                "models/schema.yml": "models: [{name: a, config: {contract: {enforced: true}}, "
                "columns: [{name: id, data_type: integer, constraints: [{type: primary_key}]}]}]",
            },
            {**TABLE, "models/schema.yml": "models: [{name: a}]"},
        ),
        set(),
    ),
    "an index": Case(
        (
            {
                "models/a.sql": "{{ config(materialized='table', indexes=[{'columns': ['id']}]) }} select 1 as id"
            },
        ),
        set(),
    ),
    "a header": Case(
        (
            {
                **BOTH,
                "models/a.sql": "{% call set_sql_header(config) %}select 5;{% endcall %}select 1 as id",
            },
        ),
        {"b"},
    ),
    "a macro of the project": Case(
        (
            {
                **BOTH,
                "macros/m.sql": "{% macro create_view_as(relation, sql) %}create view {{ relation }} as {{ sql }}{% endmacro %}",
            },
        ),
        {"b"},
    ),
    "a dispatched macro of the project": Case(
        (
            {
                **BOTH,
                **with_tests("[unique]"),
                "macros/m.sql": "{% macro default__get_test_sql(main_sql, fail_calc, warn_if, error_if, limit) %}"
                "select 0 as failures, false as should_warn, false as should_error{% endmacro %}",
            },
        ),
        {"a", "b"},
    ),
    "a macro with the name of a function": Case(
        ({**BOTH, "macros/m.sql": "{% macro write(x) %}{% endmacro %}"},), set()
    ),
    "a materialization of the project": Case(
        (
            {
                **BOTH,
                "macros/m.sql": "{% materialization view, default %}{% call statement('main') %}create or replace view {{ this }} as {{ sql }}{% endcall %}"
                "{{ adapter.commit() }}{{ return({'relations': [this.incorporate(type='view')]}) }}{% endmaterialization %}",
            },
        ),
        {"b"},
    ),
    "incremental models and seeds": Case(
        (
            {
                **VIEW,
                "models/i.sql": "{{ config(materialized='incremental') }} select 1 as id",
                "seeds/s.csv": "id\n1\n",
            },
        )
        * 2,
        {"a"},
    ),
}


class Watch:
    """Keeps what nodes do to their connections, and which took a direct path."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, connections: type[Connection], *, through_macros: bool) -> None:  # fmt: skip
        self.calls: list[Seen] = []
        self.direct: set[str] = set()
        for name in ("execute", "begin", "commit", "rollback"):
            self._watch(monkeypatch, connections, name)
        original = DirectPaths.build

        def build(paths: DirectPaths, session: Any, node: Any, materialization: str) -> Any:
            if through_macros:
                return None
            built = original(paths, session, node, materialization)
            if built is not None or session.results:
                self.direct.add(node.name)
            return built

        def watched_build(*args: Any) -> Any:
            try:
                return build(*args)
            except Exception:
                self.direct.add(args[2].name)
                raise

        monkeypatch.setattr(DirectPaths, "build", watched_build)

    def _watch(self, monkeypatch: pytest.MonkeyPatch, connections: type[Connection], name: str) -> None:  # fmt: skip
        original = getattr(connections, name)

        def watched(connection: Connection, *args: Any, **kwargs: Any) -> Any:
            if name != "rollback" or connection.in_transaction:
                self.calls.append((connection.name, name, connection.in_transaction, args, kwargs))
            return original(connection, *args, **kwargs)

        monkeypatch.setattr(connections, name, watched)


def _told(events: list[Event], root: Path) -> list[Any]:
    """What people and logs are told, without times, run ids and folders."""
    told: list[Any] = []
    for event in events:
        if isinstance(event, SqlExecuted):
            told.append((event.unique_id, event.sql, event.status))
        elif isinstance(event, Message):
            told.append((event.unique_id, event.level, event.code, event.text))
    return json.loads(json.dumps(told).replace(str(root), ""))  # type: ignore[no-any-return]


def _results(outcome: Outcome, root: Path) -> Any:
    return {
        key: (r.status, r.message.replace(str(root), ""), r.rows_affected, r.failures, r.adapter_response, r.relation_name)
        for key, r in outcome.results.items()
    }  # fmt: skip


def _build(
    case: Case, root: Path, profile: str, connections: type[Connection], *, through_macros: bool
) -> tuple[Any, set[str]]:
    seen: list[Any] = []
    for number, state in enumerate(case.states):
        for old in (*root.glob("models/*"), *root.glob("tests/*"), *root.glob("macros/*")):
            old.unlink()
        write(root, {"dbt_project.yml": PROJECT, "profiles.yml": profile, **state})
        with pytest.MonkeyPatch.context() as monkeypatch:
            watch = Watch(monkeypatch, connections, through_macros=through_macros)
            outcome = run(root, "build", statements=True, **case.options)
        files = {
            file.relative_to(root).as_posix(): file.read_text()
            for file in sorted(root.glob("target/run/**/*.*"))
            if file.is_file()
        }
        seen.append((number, _results(outcome, root), _told(outcome.events, root), watch.calls, files))  # fmt: skip
    return json.loads(json.dumps(seen, default=str).replace(str(root), "")), watch.direct


_MUCH_THE_SAME = {
    "a macro with the name of a function",
    "a materialization of the project",
    "a view",
    "a view under a table",
    "braces and quotes in SQL",
    "broken SQL",
    "descriptions are kept",
    "incremental models and seeds",
    "no rows",
    "tests that fail",
}
"""Cases that say nothing new on Postgres."""


def _lines(seen: Any) -> list[str]:
    """As text, so that a difference is easy to see."""
    text = _CHANGING.sub("#", json.dumps(seen, indent=1))
    return text.splitlines()


@pytest.mark.parametrize("name", CASES)
def test_on_duckdb(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    profile = "shop: {target: dev, outputs: {dev: {type: duckdb, path: shop.duckdb, threads: 1}}}\n"
    macros, _ = _build(case, tmp_path / "m", profile, DuckDBConnection, through_macros=True)
    direct, taken = _build(case, tmp_path / "d", profile, DuckDBConnection, through_macros=False)
    assert _lines(direct) == _lines(macros)
    assert taken == case.direct


@pytest.mark.postgres
@pytest.mark.parametrize("name", sorted(set(CASES) - _MUCH_THE_SAME))
def test_on_postgres(name: str, tmp_path: Path, postgres: PostgresServer, postgres_schema: str) -> None:  # fmt: skip
    case = CASES[name]
    profile = json.dumps(
        {"shop": {"target": "dev", "outputs": {"dev": postgres.output(postgres_schema, threads=1)}}}
    )
    macros, _ = _build(case, tmp_path / "m", profile, PostgresConnection, through_macros=True)
    postgres.execute(f"drop schema {postgres_schema} cascade; create schema {postgres_schema}")
    for other in ("Other", "dbt_test__audit"):
        postgres.execute(f'drop schema if exists "{postgres_schema}_{other}" cascade')
    direct, taken = _build(case, tmp_path / "d", profile, PostgresConnection, through_macros=False)
    assert _lines(direct) == _lines(macros)
    # A table that had a key is nothing special on Postgres.
    assert taken == (case.direct or ({"a"} if name == "a table that had a contract" else set()))


def test_digests_are_those_of_the_macros_that_are_here(tmp_path: Path) -> None:
    """When a macro was edited: see that the path still does the same, then write the new digest down."""
    host = make_host(tmp_path)
    paths = DirectPaths(host)
    known = {name: path.digest for name, path in host.adapter.direct_paths.items()}
    host.adapter.close()
    assert known == {
        name: paths.digest(path, name, "shop") for name, path in host.adapter.direct_paths.items()
    }
