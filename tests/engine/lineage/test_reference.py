"""sqlglot's own ``lineage`` as a second opinion: on the cases that it gets right, and on a sample of generated models.

Its function takes some hundred times longer, which is why it is no more than that.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.lineage import lineage as traced

from benchmarks.generator.project import write_project
from benchmarks.generator.shape import make_shape
from tests.engine.lineage.reading_cases import CASES, Case, read_case, summary_of
from tidemill.commands.lineage_reading import column_lineage, compiling
from tidemill.commands.opening import open_project
from tidemill.engine.lineage.summary import Summary

OTHERWISE = {
    ("columns_star", "id"): "COLUMNS(*) is not read there",
    ("columns_star", "amount"): "as above",
    ("correlated_names", "total"): "conditions of a subquery are no part of its lineage there",
    ("except", "id"): "the second query of EXCEPT gives no values",
    ("except", "amount"): "as above",
    ("inner_pivot", "north"): "the first is unknown, the second takes it for a column",
    ("lateral_join", "total"): "the column of the lateral query is not followed there",
    ("natural_join", "id"): "of two equal columns the first is named here",
    ("parenthesised", "id"): "queries in parentheses are not followed there",
    ("subqueries", "name"): "as with correlated_names",
    ("union_by_name", "id"): "BY NAME is read by position there",
    ("union_by_name", "amount"): "as above",
    ("union_by_name", "reason"): "as above",
    ("using", "id"): "as with natural_join",
    ("whole_row", "document"): "whole rows are not read there",
    ("whole_row", "digest"): "as above",
    ("window", "running"): "windows with a name are not followed there",
}
"""Where the two differ, and why that is right."""

_SAMPLE = 60


def _cases() -> Iterator[tuple[Case, Summary, str]]:
    for path in sorted(CASES.glob("*.sql")):
        case = read_case(path)
        plain = not case.open_tables and not any("." in name for name in case.tables)
        if case.tables and plain and case.dialect == "duckdb":
            summary = summary_of(case)
            for column in summary.columns:
                yield case, summary, column.name


@pytest.mark.parametrize(
    ("case", "summary", "column"), list(_cases()), ids=lambda v: v if isinstance(v, str) else None
)
def test_cases_agree(case: Case, summary: Summary, column: str) -> None:
    try:
        agree = _own(summary, column) == _reference(case.sql, column, case.tables)
    except SqlglotError:
        agree = False
    assert agree == ((case.name, column) not in OTHERWISE)


def test_generated_models_agree(tmp_path: Path) -> None:
    write_project(tmp_path, make_shape(150, 0))
    project = open_project(tmp_path)
    lineage = column_lineage(project)
    compile_sql = compiling(project)
    read = sorted(key for key, each in lineage.read_all().items() if not each.unknown)
    names = {
        key: str(resource.relation_name).replace('"', "").rpartition(".")[2]
        for key in [*project.manifest.nodes, *project.manifest.sources]
        if (resource := project.manifest.resource(key)) and hasattr(resource, "relation_name")
    }
    columns = ("id", "customer_id", "amount", "quantity", "status", "event_date", "score")
    raw = ("id", "customer_id", "amount_cents", "quantity", "status", "created_at", "is_active")
    tables = {
        name: dict.fromkeys(("code", "label") if name.startswith("codes") else columns + raw, "int")
        | {"updated_at": "int"}
        for name in names.values()
    }
    checked = 0
    for unique_id in random.Random(0).sample(read, _SAMPLE):
        summary = lineage.summary(unique_id)
        sql = compile_sql(project.manifest.nodes[unique_id])
        if "__dbt__cte__" in sql:
            continue
        for column in summary.columns[:8]:
            own = {(names[summary.inputs[number]], name) for number, name, _ in column.sources}
            assert own == _reference(sql, column.name, tables), (unique_id, column.name)
            checked += 1
    assert checked > 300


def _own(summary: Summary, column: str) -> set[tuple[str, str]]:
    found = next(each for each in summary.columns if each.name == column)
    return {(summary.inputs[number], name) for number, name, _ in found.sources}


def _reference(sql: str, column: str, tables: dict[str, dict[str, str]]) -> set[tuple[str, str]]:
    found = set()
    for node in traced(column, sql, schema=dict(tables), dialect="duckdb").walk():
        if not node.downstream and isinstance(node.source, exp.Table):
            name = node.name.rpartition(".")[2].strip('"').lower()
            found.add((node.source.name.lower(), name))
    return found
