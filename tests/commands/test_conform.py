"""``conform``: what is said of two tools' outcomes. dbt-core itself takes part in the last test alone."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tidemill.cli.rendering.comparison_page import page
from tidemill.commands.conform import Comparison, Part, conform, find_dbt
from tidemill.commands.opening import OpenProject
from tidemill.errors import ConfigurationError

_STAND_IN = """#!{python}
import runpy, sys
if sys.argv[1] == "--version":
    print("Core:\\n  - installed: 1.11.16\\n")
else:
    {trouble}
    sys.argv[0] = "tidemill"
    runpy.run_module("tidemill", run_name="__main__")
"""


def _stand_in(folder: Path, trouble: str = "pass") -> Path:
    """A program in dbt's place: Tidemill itself, after some ``trouble``."""
    program = folder / "dbt"
    program.write_text(_STAND_IN.format(python=sys.executable, trouble=trouble))
    program.chmod(0o755)
    return program


def _parts(compared: Comparison) -> dict[str, tuple[bool, int]]:
    return {part.name: (part.compared > 0, len(part.differences)) for part in compared.parts}


def test_what_is_equal(project: OpenProject, shop: Path, tmp_path: Path) -> None:
    before = sorted(path.name for path in shop.iterdir())
    compared = conform(project, _stand_in(tmp_path))
    assert _parts(compared) == {
        "manifest": (True, 0),
        "compiled SQL": (True, 0),
        "results": (True, 0),
        "tables": (True, 0),
    }
    assert (compared.is_equal, compared.dbt_version, compared.command) == (True, "1.11.16", "build")
    assert sorted(path.name for path in shop.iterdir()) == before


def test_what_differs(project: OpenProject, tmp_path: Path) -> None:
    trouble = (
        "open('models/staging/stg_orders.sql', 'w').write('select 1 as order_id, 1 as customer_id')"
    )
    compared = conform(project, _stand_in(tmp_path, trouble))
    assert not compared.is_equal
    assert {name for name, (_, count) in _parts(compared).items() if count} == {
        "manifest",
        "compiled SQL",
        "results",
        "tables",
    }
    assert any("main.stg_orders" in line for line in page(compared))


def test_compiling_alone_builds_no_tables(project: OpenProject, tmp_path: Path) -> None:
    compared = conform(project, _stand_in(tmp_path), build=False)
    assert compared.is_equal
    assert compared.parts[-1] == Part(name="tables", compared=0, note="nothing was built")


def test_a_selection_leaves_the_manifest_whole(project: OpenProject, tmp_path: Path) -> None:
    compared = conform(project, _stand_in(tmp_path), selecting=["--select", "+stg_orders"])
    whole = conform(project, _stand_in(tmp_path))
    first, second = ({p.name: p.compared for p in c.parts} for c in (compared, whole))
    assert compared.is_equal
    assert first["manifest"] == second["manifest"]
    assert 0 < first["tables"] < second["tables"]


def test_a_tool_that_cannot_parse(project: OpenProject, tmp_path: Path) -> None:
    compared = conform(project, _stand_in(tmp_path, "print('no idea'); sys.exit(2)"))
    assert "dbt could not parse the project" in compared.failure
    assert "no idea" in compared.failure
    assert not compared.is_equal


def test_without_dbt(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ConfigurationError) as raised:
        find_dbt(None)
    assert raised.value.fault.code == "dbt-missing"
    assert "--dbt dbt-env/bin/dbt" in (raised.value.fault.hint or "")


def test_the_page_counts_what_it_leaves_out() -> None:
    part = Part(name="manifest", compared=9, differences=("a: 1 is here 2", "b: 1 is here 2"))
    compared = Comparison(
        project="shop",
        dbt_version="1.11.16",
        command="build",
        seconds={"dbt": 10.0, "tidemill": 1.0},
        codes={"dbt": 0, "tidemill": 0},
        parts=(part,),
        not_supported=("x is not supported yet",),
    )
    assert page(compared, most=1) == [
        "# shop: Tidemill beside dbt-core 1.11.16",
        "",
        "2 differences.",
        "",
        "| | compared | differ |",
        "| --- | ---: | ---: |",
        "| manifest | 9 | 2 |",
        "",
        "`dbt build` took 10.0 s and ended with 0; `tidemill build` took 1.0 s and ended with 0.",
        "",
        "## What differs: manifest",
        "",
        "- a: 1 is here 2",
        "- and 1 more; --output FILE writes all of them",
        "",
        "## Not supported",
        "",
        "- x is not supported yet",
    ]


@pytest.mark.conformance
def test_dbt_core_agrees(project: OpenProject, peer_dbt: Path) -> None:
    compared = conform(project, peer_dbt)
    assert [line for part in compared.parts for line in part.differences] == []
