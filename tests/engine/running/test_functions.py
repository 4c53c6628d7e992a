"""Functions of the project: parsed, called by ``function()``, and made on DuckDB as macros with a type."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.running.projects import manifest, rows, run, run_results, write
from tidemill.errors import ProjectFaults

FILES = {
    "functions/twice.sql": "x * {{ var('factor', 2) }}",
    "functions/s.yml": """
        functions:
          - name: twice
            config: {volatility: deterministic}
            arguments: [{name: x, data_type: int}]
            returns: {data_type: bigint}
    """,
    "models/use.sql": "select {{ function('twice') }}(3) as y",
}


def test_a_function_is_made_before_what_calls_it(tmp_path: Path) -> None:
    root = write(tmp_path, FILES)
    assert run(root).statuses == {"twice": "success", "use": "success"}
    assert rows(root, "select y, typeof(y) from use") == [(6, "BIGINT")]
    assert run_results(root)["function.shop.twice"]["compiled_code"] == "x * 2"


def test_a_function_in_python_is_a_template(tmp_path: Path) -> None:
    files = {
        "functions/f.py": """
            {{ config(volatility='stable') }}
            def entry(x):
                return x * {{ var('factor', 2) }}
        """,
        "functions/s.yml": """
            functions:
              - name: f
                config: {runtime_version: "3.11", entry_point: entry}
                arguments: [{name: x, data_type: int}]
                returns: {data_type: bigint}
        """,
    }
    root = write(tmp_path, files)
    assert run(root, "compile", "f").statuses == {"f": "success"}
    function = manifest(root)["functions"]["function.shop.f"]
    assert function["config"]["volatility"] == "stable"
    assert function["compiled_code"] == "\ndef entry(x):\n    return x * 2"


@pytest.mark.parametrize(
    ("defaults", "is_fine"), [((None, 1), True), ((1, 2), True), ((1, None), False)]
)
def test_defaults_of_arguments_come_last(
    tmp_path: Path, defaults: tuple[int | None, ...], is_fine: bool
) -> None:
    first, second = (f", default_value: {value}" if value else "" for value in defaults)
    text = f"""
        functions:
          - name: f
            arguments: [{{name: a, data_type: int{first}}}, {{name: b, data_type: int{second}}}]
            returns: {{data_type: int}}
    """
    root = write(tmp_path, {"functions/f.sql": "a + b", "functions/s.yml": text})
    if is_fine:
        assert run(root, "compile").statuses == {"f": "success"}
        return
    with pytest.raises(ProjectFaults) as caught:
        run(root, "compile")
    (fault,) = caught.value.faults
    assert fault.message.startswith("Non-defaulted argument 'b' of function 'f' comes after")


def test_its_schema_is_made_too(tmp_path: Path) -> None:
    project = "name: shop\nprofile: shop\nfunctions: {shop: {+schema: udfs}}\n"
    root = write(tmp_path, {**FILES, "dbt_project.yml": project})
    assert run(root).statuses == {"twice": "success", "use": "success"}
    assert rows(root, "select main_udfs.twice(4)") == [(8,)]


def test_a_function_that_is_not_there(tmp_path: Path) -> None:
    files = {**FILES, "models/use.sql": "select {{ function('twise') }}(3) as y"}
    with pytest.raises(ProjectFaults) as caught:
        run(write(tmp_path, files))
    (fault,) = caught.value.faults
    assert fault.message == "depends on a function named 'twise' which was not found"
    assert fault.hint == "did you mean 'twice'?"
