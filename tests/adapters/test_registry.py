from __future__ import annotations

import subprocess
import sys

import pytest

from tidemill.adapters import registry
from tidemill.adapters.bridge.finding import is_installed
from tidemill.adapters.registry import adapter_for
from tidemill.errors import ConfigurationError


def test_duckdb_is_there() -> None:
    assert adapter_for("duckdb").type == "duckdb"


@pytest.mark.parametrize(
    ("name", "message", "hint"),
    [
        (
            "snowflake",
            (
                "type 'snowflake' needs the plugin dbt-snowflake, which is not installed; "
                "available: duckdb, postgres"
            ),
            'pip install "tidemill[bridge]" dbt-snowflake',
        ),
        ("snowfake", "unknown adapter type 'snowfake'", "did you mean 'snowflake'?"),
        ("duckbd", "unknown adapter type 'duckbd'", "did you mean 'duckdb'?"),
        ("zzz", "unknown adapter type 'zzz'", "a plugin for it would be called dbt-zzz"),
    ],
)
def test_others_are_named(name: str, message: str, hint: str | None) -> None:
    with pytest.raises(ConfigurationError) as caught:
        adapter_for(name)

    assert message in caught.value.fault.message
    assert caught.value.fault.hint == hint


def test_a_missing_driver_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry.NATIVE, "other", ("no_such_driver.adapter", "Other"))

    with pytest.raises(ConfigurationError) as caught:
        adapter_for("other")

    assert caught.value.fault.hint == "pip install no_such_driver"


def test_the_bridge_may_be_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIDEMILL_ADAPTER", "bridge")

    found = registry.served("duckdb")

    plugged = "plugin" if is_installed("duckdb") else "missing"
    assert (found.way, registry.served("snowflake").way) == (plugged, "missing")


def test_a_choice_that_there_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIDEMILL_ADAPTER", "brige")

    with pytest.raises(ConfigurationError) as caught:
        adapter_for("duckdb")

    assert "TIDEMILL_ADAPTER is 'brige'" in caught.value.fault.message
    assert caught.value.fault.hint == "did you mean 'bridge'?"


def test_the_registry_loads_no_driver() -> None:
    code = "import sys, tidemill.adapters.registry; print('duckdb' in sys.modules)"

    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "False\n"
