from __future__ import annotations

from pathlib import Path

import pytest

from tidemill.adapters.bridge.finding import described, distribution, installed_types, is_installed
from tidemill.adapters.bridge.loading import load_plugin
from tidemill.errors import ConfigurationError


@pytest.fixture
def tide(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A plugin for the type `tide`, whose Python cannot be imported."""
    code = tmp_path / "dbt" / "adapters" / "tide"
    macros = tmp_path / "dbt" / "include" / "tide"
    for folder in (code, macros):
        folder.mkdir(parents=True)
    (code / "__init__.py").write_text("import a_driver_that_is_not_here")
    (macros / "dbt_project.yml").write_text("name: dbt_tide")
    monkeypatch.syspath_prepend(tmp_path)
    return code


@pytest.mark.usefixtures("tide")
def test_plugins_are_found_by_their_folders() -> None:
    assert "tide" in installed_types()
    assert is_installed("tide")
    assert not is_installed("ebb")
    assert not is_installed("../tide")


def test_the_layer_that_plugins_build_on_is_no_plugin() -> None:
    assert {"base", "sql", "global_project"}.isdisjoint(installed_types())


def test_plugins_are_called_as_they_are_published() -> None:
    assert (distribution("watsonx_spark"), described("ebb")) == ("dbt-watsonx-spark", "dbt-ebb")


def test_what_a_plugin_misses_is_told(tide: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import dbt.adapters

    # The package was imported before this plugin came.
    monkeypatch.setattr(dbt.adapters, "__path__", [*dbt.adapters.__path__, str(tide.parent)])

    with pytest.raises(ConfigurationError) as caught:
        load_plugin("tide")

    fault = caught.value.fault
    assert "a_driver_that_is_not_here" in fault.message
    assert fault.hint == 'pip install "tidemill[bridge]" dbt-tide'
