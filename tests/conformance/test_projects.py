"""Each project of ``projects`` is built by dbt-core and by Tidemill; artifacts, SQL and tables are the same.

What differs with a reason stands in ``known_differences.yml``; a reason that no longer applies fails too.
"""

from __future__ import annotations

import json

import pytest

from tests.conformance.comparing import differences
from tests.conformance.known import Known
from tests.conformance.scenarios import EACH, Played

pytestmark = pytest.mark.conformance


@pytest.mark.parametrize("played", EACH, indirect=True)
def test_both_tools_leave_the_same(played: Played) -> None:
    found = [
        f"{step}: {line}" for step, peer, ours in played.steps() for line in differences(peer, ours)
    ]
    codes = [
        json.loads((folder / "codes.json").read_text()) for folder in (played.peer, played.ours)
    ]
    if codes[0] != codes[1]:
        found.append(f"exit codes: {codes[0]} is here {codes[1]}")
    known = Known.of(played.scenario.name)
    assert known.unexplained(found) == [], _outputs(played)
    assert known.without_effect(found) == []


def _outputs(played: Played) -> str:
    return "\n".join((ours / "output.txt").read_text() for _, _, ours in played.steps())
