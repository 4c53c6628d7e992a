"""What every test shares: it runs as on a machine whose user has no dbt or Tidemill settings."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

_SETTINGS = ("DBT_", "TIDEMILL_")


@pytest.fixture(autouse=True)
def _no_user_settings(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Hide the user's own profiles, environment settings and colours from the code under test."""
    for name in list(os.environ):
        if name.startswith(_SETTINGS):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(_empty_home(tmp_path_factory)))
    monkeypatch.setenv("NO_COLOR", "1")


def _empty_home(factory: pytest.TempPathFactory) -> Path:
    """Return one empty home folder for the whole session."""
    home = factory.getbasetemp() / "home"
    home.mkdir(exist_ok=True)
    return home


@pytest.fixture
def projects() -> Path:
    """Return the folder of the small dbt projects that tests run: copy one before writing to it."""
    return Path(__file__).parent / "projects"
