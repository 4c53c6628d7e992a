"""DuckDB fulfils the adapter contract, on a file and in memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contracts.adapter_contract import AdapterContract, Place
from tidemill.adapters.duckdb.adapter import DuckDBAdapter


class TestFile(AdapterContract):
    @pytest.fixture
    def adapter(self, tmp_path: Path) -> Iterator[DuckDBAdapter]:
        output = {"type": "duckdb", "path": "shop.duckdb"}
        adapter = DuckDBAdapter(DuckDBAdapter.normalise(output, tmp_path, "shop"), tmp_path)
        adapter.open()
        yield adapter
        adapter.close()

    @pytest.fixture
    def place(self) -> Place:
        return "shop", "main"


class TestMemory(AdapterContract):
    @pytest.fixture
    def adapter(self, tmp_path: Path) -> Iterator[DuckDBAdapter]:
        adapter = DuckDBAdapter(DuckDBAdapter.normalise({}, tmp_path, "shop"), tmp_path)
        adapter.open()
        yield adapter
        adapter.close()

    @pytest.fixture
    def place(self) -> Place:
        return "memory", "main"
