"""The example: where it is, and the measure of its build beside DuckDB alone."""

from __future__ import annotations

from pathlib import Path

import pytest

import tidemill
from tidemill.commands import demo
from tidemill.commands.build import build
from tidemill.commands.demo import Measured, example_folder, measure, statements_of
from tidemill.commands.opening import OpenProject
from tidemill.errors import ConfigurationError


def test_a_checkout_is_used_in_place() -> None:
    folder = example_folder()
    assert folder == Path(tidemill.__file__).parents[2] / "examples" / "season"


def test_a_copy_where_wanted(tmp_path: Path) -> None:
    folder = example_folder(tmp_path / "mine")
    assert folder == tmp_path / "mine"
    assert (folder / "dbt_project.yml").is_file()
    assert not list(folder.glob("*.duckdb"))
    (folder / "dbt_project.yml").write_text("changed")
    assert (example_folder(folder) / "dbt_project.yml").read_text() == "changed"


def test_an_installation_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "EXAMPLE", Path("examples") / "nowhere")
    with pytest.raises(ConfigurationError) as caught:
        example_folder()
    assert caught.value.fault.code == "demo-missing"


def test_the_measure(project: OpenProject, shop: Path) -> None:
    file = shop / "dbt_project.yml"
    file.write_text(
        file.read_text().replace(
            "+materialized: table", "+materialized: table\n      +tags: [simulation]"
        )
    )
    with tidemill.commands.opening.open_project(shop) as tagged:
        result = build(tagged).finish()
        measured = measure(tagged, result)
        statements = list(statements_of(tagged, result))
    assert result.success
    assert (measured.nodes, measured.rows) == (14, 4)
    assert measured.alone_seconds > 0
    assert len(statements) == 14
    assert statements[0].startswith("create table ")
    assert sum(s.startswith("create view ") for s in statements) == 2
    assert sum(s.startswith("select count(*) from (") for s in statements) == 9


def test_rates() -> None:
    measured = Measured(nodes=2, rows=1000, build_seconds=2.0, alone_seconds=0.5)
    assert (measured.build_rate, measured.alone_rate) == (500.0, 2000.0)
