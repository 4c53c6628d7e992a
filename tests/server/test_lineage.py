"""Columns behind the server: of every kind of node, and after an edit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.lineage.projects import FILES, write
from tidemill.commands.opening import Opening
from tidemill.errors import UsageError
from tidemill.server.project_service import OpenProjectService
from tidemill.server.values import KnownColumns


@pytest.fixture
def service(tmp_path: Path) -> Iterator[OpenProjectService]:
    service = OpenProjectService(write(tmp_path, FILES), Opening())
    yield service
    service.close()


def test_columns_of_every_kind(service: OpenProjectService) -> None:
    assert service.columns("model.shop.totals") == KnownColumns(
        columns=("country", "total", "n"), complete=True, unknown=""
    )
    assert service.columns("seed.shop.countries").columns == ("code", "country")
    assert service.columns("source.shop.raw.orders") == KnownColumns(
        columns=("id", "amount"), complete=False, unknown=""
    )
    assert service.columns("model.shop.unclear").unknown.startswith("its SQL cannot be read")
    with pytest.raises(UsageError, match="no node"):
        service.columns("model.shop.nothing")


def test_lineage_follows_an_edit(service: OpenProjectService, tmp_path: Path) -> None:
    before = service.lineage("model.shop.totals", "n", rows=False).columns[0]
    path = tmp_path / "models" / "totals.sql"
    path.write_text(path.read_text().replace("count(*)", "count(name)"))
    service.reload()
    after = service.lineage("model.shop.totals", "n", rows=False).columns[0]

    assert before.upstream == ()
    assert after.upstream[0].source.column == "name"
    with pytest.raises(UsageError, match="has no column 'm'"):
        service.lineage("model.shop.totals", "m", rows=False)
