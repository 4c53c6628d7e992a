"""The project that ``init`` writes, new for every test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tidemill.commands.init import init_project
from tidemill.commands.opening import OpenProject, open_project


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """The folder of the project."""
    return init_project(tmp_path, "shop").root


@pytest.fixture
def project(shop: Path) -> Iterator[OpenProject]:
    """The project, open."""
    with open_project(shop) as opened:
        yield opened
