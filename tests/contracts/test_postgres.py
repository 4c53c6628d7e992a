"""Postgres fulfils the adapter contract, on a server that the tests start."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contracts.adapter_contract import AdapterContract, Place
from tests.postgres_server import PostgresServer
from tidemill.adapters.postgres.adapter import PostgresAdapter

pytestmark = pytest.mark.postgres


class TestPostgres(AdapterContract):
    slow_query = "select pg_sleep(60)"
    placeholder = "%s"

    @pytest.fixture
    def adapter(
        self, postgres: PostgresServer, postgres_schema: str, tmp_path: Path
    ) -> Iterator[PostgresAdapter]:
        output = postgres.output(postgres_schema)
        adapter = PostgresAdapter(PostgresAdapter.normalise(output, tmp_path, "shop"), tmp_path)
        adapter.open()
        yield adapter
        adapter.close()

    @pytest.fixture
    def place(self, postgres: PostgresServer, postgres_schema: str) -> Place:
        return postgres.database, postgres_schema
