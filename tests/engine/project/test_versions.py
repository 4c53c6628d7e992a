"""Requirements on the version of dbt."""

from __future__ import annotations

import pytest

from tidemill.engine.project.versions import meets, split_requirements


@pytest.mark.parametrize(
    ("requirements", "met"),
    [
        ([], True),
        ([">=1.0.0"], True),
        ([">=1.0.0", "<2.0.0"], True),
        ([">1.11.16"], False),
        (["<=1.11.16"], True),
        (["=1.11.16"], True),
        (["1.11.16"], True),
        (["1.11.15"], False),
        ([">=1.11.16-rc1"], True),
        (["<1.11.16-b1"], False),
        (["<1.12.0a1"], True),
        ([">= 1.9.0"], True),
        (["<1.5.0+build.3"], False),
    ],
)
def test_requirements(requirements: list[str], met: bool) -> None:
    assert meets("1.11.16", requirements) is met


@pytest.mark.parametrize("requirement", ["", "new", "1.0", "~=1.0.0", ">=1.0.0 <2.0.0"])
def test_what_is_no_requirement(requirement: str) -> None:
    with pytest.raises(ValueError, match="is not a version requirement"):
        meets("1.11.16", [requirement])


def test_requirements_in_one_text() -> None:
    assert split_requirements(">=1.0.0, <2.0.0") == (">=1.0.0", "<2.0.0")
    assert split_requirements([">=1.0.0"]) == (">=1.0.0",)
