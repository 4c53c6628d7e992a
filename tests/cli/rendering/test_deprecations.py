"""Deprecations of one command: shown once, counted, summed up."""

from __future__ import annotations

import pytest

from tidemill.cli.rendering.deprecations import Deprecations

OLD, OTHER = "ExposureNameDeprecation", "ConfigDataPathDeprecation"


@pytest.mark.parametrize(("show_all", "shown"), [(False, [True, False, True]), (True, [True] * 3)])
def test_each_kind_is_shown_once(show_all: bool, shown: list[bool]) -> None:
    met = Deprecations(show_all=show_all)
    assert [met.admits(name) for name in (OLD, OLD, OTHER)] == shown
    [entry] = met.summary()
    assert (entry.name, entry.code, entry.level) == ("DeprecationsSummary", "D028", "warn")
    assert entry.text.splitlines()[2:4] == [
        "- ExposureNameDeprecation: 2 occurrences",
        "- ConfigDataPathDeprecation: 1 occurrence",
    ]
    assert ("--show-all-deprecations" in entry.text) is not show_all


def test_other_warnings_pass() -> None:
    met = Deprecations()
    assert met.admits(None)
    assert met.admits("NoNodesSelected")
    assert met.summary() == []
