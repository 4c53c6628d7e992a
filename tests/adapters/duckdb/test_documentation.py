from __future__ import annotations

import re
from pathlib import Path

from tidemill.adapters.duckdb.adapter import DuckDBAdapter
from tidemill.adapters.duckdb.credentials import UNSUPPORTED, Credentials

PAGE = (Path(__file__).parents[3] / "docs/reference/duckdb.md").read_text("utf-8")


def test_every_entry_of_a_profile_is_documented() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)

    assert sorted(rows) == sorted(Credentials.__struct_fields__)


def test_what_is_refused_is_documented() -> None:
    refused = PAGE.partition("Refused")[2].partition("\n\n")[0]

    assert [name for name in UNSUPPORTED if f"`{name}`" not in refused] == []


def test_materialisations_and_strategies_are_documented(tmp_path: Path) -> None:
    adapter = DuckDBAdapter(DuckDBAdapter.normalise({}, tmp_path, "shop"), tmp_path)
    texts = "".join(path.read_text("utf-8") for path in adapter.macro_folder.rglob("*.sql"))
    told = PAGE.partition("## Materialisations")[2]
    names = [
        *re.findall(r"{% materialization (\w+)", texts),
        *adapter.valid_incremental_strategies(),
    ]

    assert [name for name in names if f"`{name}`" not in told] == []
