"""Tests of one group stay on one worker, which costs nothing to break: a silent no-op looks the same."""

from __future__ import annotations

import pytest


@pytest.mark.xdist_group("grouping")
def test_groups_are_in_the_ids_that_the_scheduler_reads(request: pytest.FixtureRequest) -> None:
    if getattr(request.config.option, "loadgroup", False):
        assert request.node.nodeid.endswith("@grouping")
