"""How often the files of a project are looked at."""

from __future__ import annotations

import pytest

from tidemill.server.watching import pause_after


@pytest.mark.parametrize(
    ("seconds", "told", "pause"),
    [
        (0.01, False, 0.0),
        (0.5, False, 9.0),
        (0.01, True, 0.01),
        (0.5, True, 0.5),
    ],
)
def test_a_long_look_is_followed_by_a_pause_that_is_short_where_edits_are_told(
    seconds: float, told: bool, pause: float
) -> None:
    assert pause_after(seconds, told=told) == pytest.approx(pause)
