"""What a process that ends leaves to the system."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator

import pytest

from tidemill.cli.garbage import collected_rarely, drivers_are_loaded


@pytest.fixture
def before() -> Iterator[tuple[int, int, int]]:
    thresholds = gc.get_threshold()
    yield thresholds
    gc.set_threshold(*thresholds)


@pytest.mark.parametrize("ends", [True, False])
def test_whoever_goes_on_looks_as_before(before: tuple[int, int, int], ends: bool) -> None:
    with collected_rarely(ends=ends):
        rarely = gc.get_threshold()
    assert rarely[0] > before[0]
    assert gc.get_threshold() == (rarely if ends else before)
    assert gc.get_freeze_count() == 0


def test_drivers_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("duckdb", "psycopg", "dbt"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    assert not drivers_are_loaded()
    monkeypatch.setitem(sys.modules, "duckdb", sys)
    assert drivers_are_loaded()
