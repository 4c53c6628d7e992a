from __future__ import annotations

import threading
from pathlib import Path

import pytest

from tests.engine.running.building import manifest, model
from tests.engine.running.hosting import make_host
from tidemill.engine.compiling.code_files import CodeFiles
from tidemill.engine.compiling.compiler import Compiler
from tidemill.engine.compiling.ctes import Cte
from tidemill.errors import ExecutionError


def test_nested_ephemeral_models_stand_in_order_each_once(tmp_path: Path) -> None:
    host = make_host(tmp_path)
    project = manifest(
        model("base", materialized="ephemeral", raw_code="select 1 as id", alias="the_base"),
        model("left", "base", materialized="ephemeral", raw_code="select * from {{ ref('base') }}"),
        model(
            "right",
            "base",
            materialized="ephemeral",
            raw_code="with x as (select * from {{ ref('base') }}) select * from x",
        ),
        model(
            "top",
            "left",
            "right",
            "base",
            raw_code="-- top\nwith own as (select 1)\nselect * from {{ ref('right') }}, {{ ref('left') }}",
        ),
    )
    compiler = Compiler(host, project, CodeFiles(tmp_path, "target"))
    compiled = compiler.compile(project.nodes["model.shop.top"])
    assert compiled.code == (
        "-- top\n"
        "with  __dbt__cte__the_base as (\nselect 1 as id\n)"
        ",  __dbt__cte__right as (\nwith x as (select * from __dbt__cte__the_base) select * from x\n)"
        ",  __dbt__cte__left as (\nselect * from __dbt__cte__the_base\n)"
        ", own as (select 1)\n"
        "select * from __dbt__cte__right, __dbt__cte__left"
    )
    assert [cte.unique_id.rpartition(".")[2] for cte in compiled.ctes] == ["base", "right", "left"]
    assert compiled.path == "target/compiled/shop/models/top.sql"
    assert (tmp_path / "target/compiled/shop/models/left.sql").read_text() == (
        "with __dbt__cte__the_base as (\nselect 1 as id\n) select * from __dbt__cte__the_base"
    )


def test_an_ephemeral_model_is_compiled_once_for_all_threads(tmp_path: Path) -> None:
    host = make_host(tmp_path)
    count = "{% set _ = log('compiled', info=true) %}select 1 as id"
    models = [model(f"m{i}", "e", raw_code="select * from {{ ref('e') }}") for i in range(8)]
    project = manifest(model("e", materialized="ephemeral", raw_code=count), *models)
    told: list[object] = []
    compiler = Compiler(host, project)
    threads = [
        threading.Thread(target=compiler.compile, args=(m, None, told.append)) for m in models
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 1


def test_a_cte_is_what_is_written_in_front() -> None:
    assert (
        str(Cte("model.shop.a", "__dbt__cte__a", "select 1")) == " __dbt__cte__a as (\nselect 1\n)"
    )


def test_python_models_end_with_dbts_object(tmp_path: Path) -> None:
    raw_code = "def model(dbt, session):\n    return session.sql('select 1')"
    python = model("p", language="python", raw_code=raw_code)
    host = make_host(tmp_path)
    connection = host.adapter.connection("compile")
    code = Compiler(host, manifest(python)).compile(python, connection).code
    assert code.startswith(raw_code + "\n\n")
    assert "class dbtObj:" in code


def test_a_folder_that_cannot_be_written_to_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "target").write_text("a file, not a folder")
    with pytest.raises(ExecutionError, match="compiled SQL cannot be written") as caught:
        CodeFiles(tmp_path, "target").write("compiled", model("a"), "select 1")
    assert caught.value.fault.code == "target-unwritable"


def test_paths_are_dbts() -> None:
    files = CodeFiles(Path("/project"), "target")
    test = model("t", path="t.sql", original_file_path="models/schema.yml")
    assert files.path("compiled", model("a")) == "target/compiled/shop/models/a.sql"
    assert files.path("run", test) == "target/run/shop/models/schema.yml/t.sql"
