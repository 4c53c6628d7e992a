"""Names with spaces: refused, or warned of where a flag says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.parsing.test_linking import manifest_of, named
from tidemill.engine.parsing.spaced_names import FLAG, spaced_name_faults, spaced_name_notices
from tidemill.engine.project.config import ProjectConfig

WARNED = ["deprecated-spaced-name", "deprecated-spaced-name", "deprecated-spaced-names"]


@pytest.mark.parametrize(
    ("names", "flags", "faults", "warnings"),
    [
        (["a b", "c"], {}, ["name-spaces"], []),
        (["a b", "c d"], {FLAG: True}, ["name-spaces", "name-spaces"], []),
        (["a b", "c d"], {FLAG: False}, [], WARNED),
        (["a", "c"], {FLAG: False}, [], []),
    ],
)
def test_names(
    names: list[str], flags: dict[str, bool], faults: list[str], warnings: list[str]
) -> None:
    manifest = manifest_of(*(named(name) for name in names))
    project = ProjectConfig(name="shop", root=Path(), flags=flags)
    assert [fault.code for fault in spaced_name_faults(manifest, project)] == faults
    assert [fault.code for fault in spaced_name_notices(manifest, project)] == warnings
