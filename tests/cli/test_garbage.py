"""What a process that ends leaves to the system."""

from __future__ import annotations

import sys

import pytest

from tidemill.cli.garbage import drivers_are_loaded


def test_drivers_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("duckdb", "psycopg", "dbt"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    assert not drivers_are_loaded()
    monkeypatch.setitem(sys.modules, "duckdb", sys)
    assert drivers_are_loaded()
