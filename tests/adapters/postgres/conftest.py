"""An open adapter on a schema of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.postgres_server import PostgresServer
from tidemill.adapters.postgres.adapter import PostgresAdapter

Opening = Callable[..., PostgresAdapter]


@pytest.fixture
def opened(postgres: PostgresServer, postgres_schema: str, tmp_path: Path) -> Iterator[Opening]:
    """Return a function that opens adapters with other entries in the profile; all are closed at the end."""
    adapters: list[PostgresAdapter] = []

    def open_adapter(**entries: Any) -> PostgresAdapter:
        output = {**postgres.output(postgres_schema), **entries}
        adapter = PostgresAdapter(PostgresAdapter.normalise(output, tmp_path, "shop"), tmp_path)
        adapters.append(adapter)
        adapter.open()
        return adapter

    yield open_adapter
    for adapter in adapters:
        adapter.close()
