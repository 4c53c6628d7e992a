"""Native Postgres and dbt-postgres through the bridge leave the same tables, indexes, comments and grants.

Artifacts are not compared: each side has macros of its own, so the text of some SQL differs.
"""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from tests.conformance import postgres as on_postgres
from tests.conformance.comparing import _tables
from tests.conformance.scenarios import Played, scenario
from tests.postgres_server import PostgresServer

pytestmark = [pytest.mark.bridge, pytest.mark.postgres]

_OWN = Path(__file__).parent / "postgres_projects"
CHOSEN = {
    "features": _OWN,
    **dict.fromkeys(("checks", "hooks", "increments", "naming")),
}


@pytest.mark.parametrize("name", CHOSEN)
def test_the_bridge_leaves_what_the_native_adapter_leaves(
    name: str, postgres: PostgresServer, tmp_path: Path
) -> None:
    native = scenario(name, CHOSEN[name])
    bridged = msgspec.structs.replace(
        native, environment={**native.environment, "TIDEMILL_ADAPTER": "bridge"}
    )
    played = Played(
        native,
        on_postgres._ours(native, postgres, tmp_path / "native"),
        on_postgres._ours(bridged, postgres, tmp_path / "bridge"),
    )

    found = [f"{step}: {line}" for step, *pair in played.steps() for line in _tables(*pair)]
    codes = [
        json.loads((folder / "codes.json").read_text()) for folder in (played.peer, played.ours)
    ]
    assert (found, codes[0]) == ([], codes[1])
