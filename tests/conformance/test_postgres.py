"""On Postgres as well, both tools leave the same: artifacts, SQL, and every table, index, comment and grant."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conformance import postgres as scenarios
from tests.conformance.comparing import differences
from tests.conformance.known import Known
from tests.postgres_server import PostgresServer

pytestmark = [pytest.mark.conformance, pytest.mark.postgres]


@pytest.mark.parametrize("name", scenarios.NAMES)
def test_both_tools_leave_the_same(
    name: str, postgres: PostgresServer, peer_dbt: Path, tmp_path: Path
) -> None:
    played = scenarios.play(name, postgres, peer_dbt, tmp_path)

    found = [
        f"{step}: {line}" for step, peer, ours in played.steps() for line in differences(peer, ours)
    ]
    codes = [
        json.loads((folder / "codes.json").read_text()) for folder in (played.peer, played.ours)
    ]
    if codes[0] != codes[1]:
        found.append(f"exit codes: {codes[0]} is here {codes[1]}")
    known = Known.of(name, "postgres")
    assert known.unexplained(found) == []
    assert known.without_effect(found) == []
