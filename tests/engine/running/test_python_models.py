"""Python models on DuckDB: what they read, what they may return, and what their errors show."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.running.projects import rows, run, write

BASE = """
    {{ config(materialized='table') }}
    select range as id, range * 2 as v from range(3)
"""


def returning(code: str, head: str = "") -> str:
    """A model that returns what ``code`` gives."""
    return f"{head}\ndef model(dbt, session):\n    base = dbt.ref('base')\n    return {code}\n"


@pytest.mark.parametrize(
    ("code", "head"),
    [
        ("base.filter('id > -1')", ""),
        ("session.sql('select * from main.base')", ""),
        ("base.to_arrow_table()", ""),
        ("base.to_arrow_reader(1)", ""),
        ("base.df()", "import pandas"),
        ("base.pl()", "import polars"),
    ],
)
def test_what_a_model_may_return(tmp_path: Path, code: str, head: str) -> None:
    root = write(tmp_path, {"models/base.sql": BASE, "models/made.py": returning(code, head)})
    assert run(root, "run").statuses == {"base": "success", "made": "success"}
    assert rows(root, "from made order by id") == [(0, 0), (1, 2), (2, 4)]


def test_config_source_and_this(tmp_path: Path) -> None:
    model = """
        def model(dbt, session):
            dbt.config(materialized="table", colour="red", meta={"size": 3})
            place = str(dbt.this), dbt.this.identifier, dbt.is_incremental
            seen = dbt.config.get("colour"), dbt.config.meta_get("size"), dbt.config.get("no", 7)
            dbt.source("raw", "base")
            return session.values([str(place), str(seen)])
    """
    sources = "sources: [{name: raw, schema: main, tables: [{name: base}]}]\n"
    files = {"models/base.sql": BASE, "models/made.py": model, "models/s.yml": sources}
    root = write(tmp_path, files)
    run(root, "run", "base")
    assert run(root, "run", "made").statuses == {"made": "success"}
    assert rows(root, "from made") == [
        ("""('"shop"."main"."made"', 'made', False)""", "('red', 3, 7)")
    ]


def test_incremental(tmp_path: Path) -> None:
    model = """
        def model(dbt, session):
            dbt.config(materialized="incremental", unique_key="id")
            if dbt.is_incremental:
                return session.sql("select 2 as id, 9 as v union all select 7, 7")
            return dbt.ref("base")
    """
    root = write(tmp_path, {"models/base.sql": BASE, "models/made.py": model})
    run(root, "run")
    assert run(root, "run").statuses == {"base": "success", "made": "success"}
    assert rows(root, "from made order by id") == [(0, 0), (1, 2), (2, 9), (7, 7)]


def test_errors_show_the_lines_of_the_user_alone(tmp_path: Path) -> None:
    model = "\n\ndef half(n):\n    return 1 / n\n\n\ndef model(dbt, session):\n    return half(0)\n"
    root = write(tmp_path, {"dbt_project.yml": "name: shop\nprofile: shop\n"})
    (root / "models").mkdir()
    (root / "models" / "made.py").write_text(model)
    fault = run(root, "run").result("made").fault
    assert fault is not None
    assert str(fault.place) == "models/made.py:4"
    assert fault.message == (
        "Python model failed:\n"
        "Traceback (most recent call last):\n"
        '  File "models/made.py", line 8, in model\n'
        "    return half(0)\n           ^^^^^^^\n"
        '  File "models/made.py", line 4, in half\n'
        "    return 1 / n\n           ~~^~~\n"
        "ZeroDivisionError: division by zero"
    )


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("42", "model() returned int, which is no table"),
        ("__import__('nowhere_at_all')", "No module named 'nowhere_at_all'"),
    ],
)
def test_what_goes_wrong(tmp_path: Path, code: str, message: str) -> None:
    root = write(tmp_path, {"models/base.sql": BASE, "models/made.py": returning(code)})
    outcome = run(root, "run")
    assert outcome.statuses == {"base": "success", "made": "error"}
    assert message in outcome.result("made").message


def test_ephemeral_models_cannot_be_read(tmp_path: Path) -> None:
    base = "{{ config(materialized='ephemeral') }} select 1 as id"
    root = write(tmp_path, {"models/base.sql": base, "models/made.py": returning("base")})
    result = run(root, "run").result("made")
    assert "a Python model cannot read ephemeral models" in result.message
