from __future__ import annotations

import subprocess
import sys

import pytest

from tidemill.adapters import registry
from tidemill.adapters.registry import adapter_for
from tidemill.errors import ConfigurationError


def test_duckdb_is_there() -> None:
    assert adapter_for("duckdb").type == "duckdb"


@pytest.mark.parametrize(
    ("name", "message", "hint"),
    [
        ("snowflake", "no adapter for type 'snowflake' yet; available: duckdb", None),
        ("duckbd", "unknown adapter type 'duckbd'", "did you mean 'duckdb'?"),
        ("zzz", "unknown adapter type 'zzz'", None),
    ],
)
def test_others_are_named(name: str, message: str, hint: str | None) -> None:
    with pytest.raises(ConfigurationError) as caught:
        adapter_for(name)

    assert message in caught.value.fault.message
    assert caught.value.fault.hint == hint


def test_a_missing_driver_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry.ADAPTERS, "other", ("no_such_driver.adapter", "Other"))

    with pytest.raises(ConfigurationError) as caught:
        adapter_for("other")

    assert caught.value.fault.hint == "pip install no_such_driver"


def test_the_registry_loads_no_driver() -> None:
    code = "import sys, tidemill.adapters.registry; print('duckdb' in sys.modules)"

    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "False\n"
