"""The reference page lists what the adapter takes."""

from __future__ import annotations

import re
from pathlib import Path

from tests.adapters.postgres.test_credentials import OUTPUT
from tidemill.adapters.postgres.adapter import PostgresAdapter
from tidemill.adapters.postgres.credentials import ALIASES, Credentials

PAGE = (Path(__file__).parents[3] / "docs/reference/postgres.md").read_text("utf-8")


def test_every_entry_of_a_profile_is_documented() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)

    assert sorted(rows) == sorted(Credentials.__struct_fields__)
    assert [name for name in ALIASES if f"Also `{name}`" not in PAGE] == []


def test_strategies_are_documented(tmp_path: Path) -> None:
    adapter = PostgresAdapter(PostgresAdapter.normalise(OUTPUT, tmp_path, "shop"), tmp_path)
    told = PAGE.partition("## Materialisations")[2]

    assert [n for n in adapter.valid_incremental_strategies() if f"`{n}`" not in told] == []
