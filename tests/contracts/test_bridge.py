"""The bridge fulfils the adapter contract, with dbt-postgres, on a server that the tests start."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.contracts.adapter_contract import AdapterContract, Place
from tests.postgres_server import PostgresServer
from tidemill.adapters.base import Adapter
from tidemill.commands.opening import Opening, open_project
from tidemill.engine.jinja.macro_host import MacroHost

pytestmark = [pytest.mark.postgres, pytest.mark.bridge]


@pytest.fixture(scope="module")
def host(postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MacroHost]:
    """The macros of a project without files of its own, on the plugin's adapter."""
    folder = tmp_path_factory.mktemp("empty")
    (folder / "dbt_project.yml").write_text("name: shop\nprofile: shop\n")
    profile: dict[str, Any] = {"outputs": {"dev": postgres.output("public")}, "target": "dev"}
    (folder / "profiles.yml").write_text(f"shop: {profile}\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TIDEMILL_ADAPTER", "bridge")
        with open_project(folder, Opening(profiles_dir=folder)) as project:
            yield project.host()


class TestPostgresThroughTheBridge(AdapterContract):
    slow_query = "select pg_sleep(60)"
    placeholder = "%s"

    @pytest.fixture
    def adapter(
        self, host: MacroHost, postgres: PostgresServer, postgres_schema: str, tmp_path: Path
    ) -> Iterator[Adapter]:
        kind = type(host.adapter)
        output = postgres.output(postgres_schema)
        adapter = kind(kind.normalise(output, tmp_path, "shop"), tmp_path)
        own = copy.copy(host)
        own.adapter = adapter
        own.with_config(host.config)
        adapter.open()
        yield adapter
        adapter.close()

    @pytest.fixture
    def place(self, postgres: PostgresServer, postgres_schema: str) -> Place:
        return postgres.database, postgres_schema

    @pytest.mark.xfail(reason="dbt-postgres refuses to look into other databases")
    def test_schemas_are_listed(self, adapter: Adapter, connection: Any, place: Place) -> None:
        super().test_schemas_are_listed(adapter, connection, place)

    @pytest.mark.parametrize(
        "name",
        [
            *("plain", "Mixed Case", "ünï", "select"),
            pytest.param(
                'quote"inside',
                marks=pytest.mark.xfail(reason="dbt's quote() does not double quotes inside"),
            ),
        ],
    )
    def test_quoted_names_come_back_as_they_were(
        self, adapter: Adapter, connection: Any, place: Place, name: str
    ) -> None:
        super().test_quoted_names_come_back_as_they_were(adapter, connection, place, name)
