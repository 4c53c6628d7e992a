"""The semantic layer: equal to what dbt-core 1.11.16 makes of the same project, and the words of faults.

``expected/cargo.json`` holds parts of the manifest and the semantic manifest that dbt wrote for
``tests/projects/cargo``.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tidemill.commands.opening import OpenProject, open_project
from tidemill.engine.artifacts import manifest_from, manifest_json, semantic_manifest_json
from tidemill.engine.jinja.metrics import resolve_metric
from tidemill.errors import Fault, TidemillError

EXPECTED = Path(__file__).parent / "expected" / "cargo.json"


@pytest.fixture
def cargo(projects: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(projects / "cargo", tmp_path / "cargo"))


def _expected() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(EXPECTED.read_text(encoding="utf-8"))
    return found


def _manifest(project: OpenProject) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(manifest_json(project.manifest))
    return found


@pytest.mark.parametrize("section", ["metrics", "semantic_models", "saved_queries"])
def test_resources_are_those_of_dbt(cargo: Path, section: str) -> None:
    expected = _expected()[section]
    with open_project(cargo) as project:
        found = _manifest(project)[section]
    for shape in found.values():
        del shape["created_at"]
    assert found == expected
    assert [list(shape) for shape in found.values()] == [
        [key for key in shape if key != "created_at"] for shape in expected.values()
    ]


def test_dependencies_are_those_of_dbt(cargo: Path) -> None:
    with open_project(cargo) as project:
        assert _manifest(project)["parent_map"] == _expected()["parent_map"]


def test_the_semantic_manifest_is_that_of_dbt(cargo: Path) -> None:
    with open_project(cargo) as project:
        found = json.loads(semantic_manifest_json(project.manifest))
    for section in ("semantic_models", "metrics", "saved_queries"):
        found[section].sort(key=lambda resource: resource["name"])
    expected = _expected()["semantic_manifest"]
    assert json.dumps(found) == json.dumps(expected)


def test_a_manifest_with_metrics_can_be_read_back(cargo: Path) -> None:
    with open_project(cargo) as project:
        manifest = project.manifest
        again = manifest_from(json.loads(manifest_json(manifest)))
        for section in ("metrics", "semantic_models", "saved_queries"):
            first = json.loads(manifest_json(manifest))[section]
            second = json.loads(manifest_json(again))[section]
            for shapes in (first, second):
                for shape in shapes.values():
                    shape.pop("created_at")
            assert first == second


@pytest.mark.parametrize(
    ("words", "selected"),
    [
        ("metric:aov", ["metric.cargo.aov"]),
        ("metric:aov,+metric:revenue", []),
        ("1+saved_query:plain", ["metric.cargo.growth", "saved_query.cargo.plain"]),
        ("semantic_model:customers", ["semantic_model.cargo.customers"]),
        ("+semantic_model:customers", ["model.cargo.customers", "semantic_model.cargo.customers"]),
    ],
)
def test_selection(cargo: Path, words: str, selected: list[str]) -> None:
    from tidemill.commands.selecting import Selecting, select_ids

    with open_project(cargo) as project:
        ids = select_ids(project, "list", Selecting(select=(words,)))
    assert sorted(ids) == selected


def test_metric_in_sql(cargo: Path) -> None:
    code = "select '{{ metric(\"growth\") }}' as m, '{{ metric('growth').label }}' as l"
    (cargo / "models" / "uses.sql").write_text(code)
    with open_project(cargo) as project:
        from tidemill.commands.compile import compile_node

        model = project.manifest.nodes["model.cargo.uses"]
        assert model.depends_on.nodes == ("metric.cargo.growth",)
        assert compile_node(project, model).code == "select 'growth' as m, 'G' as l"
        growth = resolve_metric(project.manifest, ("growth",), package="cargo", root="cargo")
        assert growth.type == "derived"
        assert f"{growth.type!s}" == "MetricType.DERIVED"
    assert growth.full_metric_dependency() == ["growth", "revenue"]
    assert growth.base_metric_dependency() == ["revenue"]
    assert growth.derived_metric_dependency_depth() == [{"growth": 1}]


# -- faults --------------------------------------------------------------------------------------


def _faults(cargo: Path, text: str) -> tuple[Fault, ...]:
    (cargo / "models" / "more.yml").write_text(text)
    with open_project(cargo) as project, pytest.raises(TidemillError) as caught:
        project.parse()
    return caught.value.faults


FAULTS: dict[str, tuple[str, str, str | None]] = {
    "unknown key": (
        "metrics:\n  - {name: m, label: L, type: simple, type_params: {mesure: amount}}\n",
        "'type_params.mesure' of the metric 'm': unknown key 'mesure'",
        "did you mean 'measure'",
    ),
    "unknown type": (
        "metrics:\n  - {name: m, label: L, type: rato, type_params: {}}\n",
        (
            "'type' of the metric 'm' must be one of simple, ratio, cumulative, derived, conversion,"
            " and is 'rato'"
        ),
        "did you mean 'ratio'?",
    ),
    "unknown measure": (
        "metrics:\n  - {name: m, label: L, type: simple, type_params: {measure: amout}}\n",
        "the measure 'amout' is in no semantic model that is enabled",
        "did you mean 'amount'?",
    ),
    "no measure": (
        "metrics:\n  - {name: m, label: L, type: simple, type_params: {}}\n",
        "the simple metric 'm' needs 'measure' in 'type_params'",
        None,
    ),
    "unknown metric": (
        (
            "metrics:\n  - {name: m, label: L, type: ratio,"
            " type_params: {numerator: revenu, denominator: aov}}\n"
        ),
        "metric 'm' depends on a metric named 'revenu' which was not found",
        "did you mean 'revenue'?",
    ),
    "disabled metric": (
        "saved_queries:\n  - {name: q, query_params: {metrics: [disabled_one]}}\n",
        "saved query 'q' depends on a metric named 'disabled_one' which is disabled",
        None,
    ),
    "names of metrics": (
        "metrics:\n  - {name: 1 a-b, label: L, type: simple, type_params: {measure: amount}}\n",
        (
            "'1 a-b' cannot be the name of a metric: it cannot contain spaces, must begin with a"
            " letter, must contain only letters, numbers and underscores"
        ),
        None,
    ),
    "disabled measure": (
        (
            "semantic_models:\n  - name: s\n    model: ref('orders')\n    config: {enabled: false}\n"
            "    measures:\n      - {name: hidden, agg: sum}\n"
            "metrics:\n  - {name: m, label: L, type: simple, type_params: {measure: hidden}}\n"
        ),
        "The measure `hidden` is referenced on disabled semantic model `s`.",
        None,
    ),
    "time spine": (
        (
            "models:\n  - name: customers\n"
            "    time_spine: {standard_granularity_column: first}\n"
            "    columns: [{name: first_at}]\n"
        ),
        "Time spine standard granularity column must be defined on the model.",
        "did you mean 'first_at'?",
    ),
    "grain of a time spine": (
        (
            "models:\n  - name: customers\n"
            "    time_spine: {standard_granularity_column: first_at}\n"
            "    columns: [{name: first_at}]\n"
        ),
        "Time spine standard granularity column must have a granularity defined.",
        "add 'granularity: day' to the column",
    ),
    "custom grain": (
        (
            "models:\n  - name: customers\n    time_spine:\n"
            "      standard_granularity_column: first_at\n"
            "      custom_granularities: [{name: fiscal}]\n"
            "    columns: [{name: first_at, granularity: day}]\n"
        ),
        "Time spine custom granularity columns do not exist in the model.",
        None,
    ),
    "a circle": (
        (
            "metrics:\n"
            "  - {name: a1, label: A, type: derived, type_params: {expr: b1, metrics: [b1]}}\n"
            "  - {name: b1, label: B, type: derived, type_params: {expr: a1, metrics: [a1]}}\n"
        ),
        "metrics are made of each other: metric.cargo.a1 -> metric.cargo.b1 -> metric.cargo.a1",
        None,
    ),
    "window": (
        (
            "metrics:\n  - {name: m, label: L, type: cumulative,"
            " type_params: {measure: amount, cumulative_type_params: {window: seven days}}}\n"
        ),
        "'seven days' is no window of time",
        "write a number and a unit: 7 days",
    ),
    "granularity": (
        (
            "metrics:\n  - {name: m, label: L, type: cumulative,"
            " type_params: {measure: amount, cumulative_type_params: {window: 7 moons}}}\n"
        ),
        "'moons' in the metric 'm' is no unit of time",
        "did you mean 'month'?",
    ),
    "name": (
        "metrics:\n  - {name: My__Metric, label: L, type: simple, type_params: {measure: amount}}\n",
        "'My__Metric' cannot be the name of a metric",
        (
            "use lower case letters, digits and single underscores; begin with a letter, and do not end"
            " with an underscore"
        ),
    ),
    "aggregation": (
        (
            "semantic_models:\n  - name: s\n    model: ref('orders')\n"
            "    measures:\n      - {name: x, agg: summ}\n"
        ),
        (
            "'measures.0.agg' of the semantic model 's': 'summ' is none of: sum, min, max,"
            " count_distinct, sum_boolean, average, percentile, median, count"
        ),
        "did you mean 'sum'",
    ),
    "no ref": (
        "semantic_models:\n  - {name: s, model: orders}\n",
        "the model of the semantic model 's' is no ref: orders",
        "write it as model: ref('orders')",
    ),
    "no such model": (
        "semantic_models:\n  - {name: s, model: ref('order')}\n",
        "'order'",
        "did you mean 'orders'?",
    ),
    "time of measures": (
        (
            "semantic_models:\n  - name: s\n    model: ref('orders')\n    primary_entity: e\n"
            "    measures:\n      - {name: x, agg: sum}\n"
        ),
        "the measure 'x' of 's' has no time dimension",
        "set 'agg_time_dimension' in 'defaults', or in the measure",
    ),
    "primary entity": (
        (
            "semantic_models:\n  - name: s\n    model: ref('orders')\n"
            "    dimensions:\n      - {name: z, type: categorical}\n"
        ),
        "the semantic model 's' has dimensions and no primary entity",
        "give an entity the type 'primary', or set 'primary_entity'",
    ),
    "export": (
        (
            "saved_queries:\n  - name: q\n    query_params: {metrics: [revenue]}\n"
            "    exports: [{name: e}]\n"
        ),
        "the export 'e' of 'q' does not say what to make",
        "add 'export_as: table' or 'export_as: view' to its config",
    ),
    "order": (
        "saved_queries:\n  - {name: q, query_params: {metrics: [revenue], order_by: [revenue]}}\n",
        "'q' is ordered by revenue, which is none of its metrics and groupings",
        "write metrics as Metric('name')",
    ),
}


@pytest.mark.parametrize("case", FAULTS)
def test_faults(cargo: Path, case: str) -> None:
    text, message, hint = FAULTS[case]
    faults = _faults(cargo, text)
    fault = next((fault for fault in faults if message in fault.message), None)
    assert fault is not None, [fault.message for fault in faults]
    assert fault.place is not None
    assert fault.place.file == "models/more.yml"
    assert fault.place.line is not None
    assert (fault.hint or "").startswith(hint or "")


def test_semantic_models_need_a_time_spine(cargo: Path) -> None:
    (cargo / "models" / "days.sql").rename(cargo / "models" / "other.sql")
    file = cargo / "models" / "semantics.yml"
    text = file.read_text()
    start = text.index("  - name: days\n")
    end = text.index("  - name: orders\n")
    file.write_text(text[:start] + text[end:])
    with open_project(cargo) as project, pytest.raises(TidemillError) as caught:
        project.parse()
    assert "requires a time spine model with granularity DAY or smaller" in str(caught.value)
    (cargo / "models" / "metricflow_time_spine.sql").write_text("select current_date as date_day")
    with open_project(cargo) as project:
        spines = json.loads(semantic_manifest_json(project.parse()))["project_configuration"]
    assert spines["time_spine_table_configurations"] == [
        {
            "location": '"cargo"."main"."metricflow_time_spine"',
            "column_name": "date_day",
            "grain": "day",
        }
    ]
