"""What the comparisons share: dbt-core in its own environment, and a project as both tools leave it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conformance import ours
from tests.conformance.peer import Peer
from tests.conformance.scenarios import Played, scenario


@pytest.fixture(scope="session")
def peer(peer_dbt: Path) -> Iterator[Peer]:
    """Return dbt-core."""
    found = Peer(peer_dbt)
    yield found
    found.close()


@pytest.fixture(scope="session")
def played_before() -> dict[str, Played]:
    """Keep what has been played: pytest forgets a fixture's value when its parameter changes."""
    return {}


@pytest.fixture
def played(
    request: pytest.FixtureRequest,
    peer: Peer,
    played_before: dict[str, Played],
    tmp_path_factory: pytest.TempPathFactory,
) -> Played:
    """Return a scenario after both tools went through it; parametrise with its name."""
    name = request.param
    if name not in played_before:
        chosen, folder = scenario(name), tmp_path_factory.mktemp(name)
        played_before[name] = Played(chosen, peer.outcome(chosen), ours.outcome(chosen, folder))
    return played_before[name]
