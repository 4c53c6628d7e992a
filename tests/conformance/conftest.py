"""What the comparisons share: dbt-core in its own environment, and a project as both tools leave it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conformance import ours
from tests.conformance.peer import Peer
from tests.conformance.scenarios import Played, scenario


@pytest.fixture(scope="session")
def peer(peer_dbt: Path) -> Peer:
    """Return dbt-core."""
    return Peer(peer_dbt)


@pytest.fixture(scope="session")
def played(
    request: pytest.FixtureRequest, peer: Peer, tmp_path_factory: pytest.TempPathFactory
) -> Played:
    """Return a scenario after both tools went through it; parametrise with its name."""
    chosen = scenario(request.param)
    folder = tmp_path_factory.mktemp(chosen.name)
    return Played(chosen, peer.outcome(chosen), ours.outcome(chosen, folder))
