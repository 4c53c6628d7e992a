"""How the end of a command is told: many faults are counted rather than poured out."""

from __future__ import annotations

import pytest

from tidemill.cli.rendering.command import MOST_FAULTS, failed, named
from tidemill.errors import Fault, ProjectFaults


def _faults(count: int) -> ProjectFaults:
    return ProjectFaults(
        Fault(code="x", label="Parsing Error", message=f"fault {n}") for n in range(count)
    )


def test_faults_of_the_semantic_layer_are_told_one_by_one_in_the_log() -> None:
    fault = Fault(code="semantic-layer", label="Parsing Error", message="no spine")
    (entry,) = named(ProjectFaults((fault, *_faults(1).faults)))
    assert (entry.name, entry.code, entry.level) == ("SemanticValidationFailure", "I070", "debug")
    assert entry.data == {"msg": "no spine"}


@pytest.mark.parametrize(
    ("count", "last"),
    [
        (1, "  fault 0"),
        (MOST_FAULTS, f"  fault {MOST_FAULTS - 1}"),
        (MOST_FAULTS + 1, "and 1 more fault; `tidemill serve` shows all of them"),
        (500, f"and {500 - MOST_FAULTS} more faults; `tidemill serve` shows all of them"),
    ],
)
def test_at_most_some_faults_are_printed(count: int, last: str) -> None:
    lines = failed(_faults(count)).text.splitlines()
    assert lines[:2] == ["Encountered an error:", "Parsing Error"]
    assert lines[-1] == last
    assert lines.count("Parsing Error") == min(count, MOST_FAULTS)
