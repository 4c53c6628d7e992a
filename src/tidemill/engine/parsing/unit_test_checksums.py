"""The checksum of a unit test: changes with anything but its description. dbt's value, so that states compare."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from tidemill.engine.nodes import UnitTest

_FORMATS = {"dict": "Dict", "csv": "CSV", "sql": "SQL"}


def unit_test_checksum(test: UnitTest) -> str:
    """Hex SHA-256 over the model, inputs, expectation and overrides, as dbt displays its own values."""
    given = ", ".join(_fixture("UnitTestInputFixture", rows) for rows in test.given)
    expected = _fixture("UnitTestOutputFixture", test.expect)
    text = (
        f"{test.model}-{_versions(test.versions)}-[{given}]-{expected}-{_overrides(test.overrides)}"
    )
    text += "".join(f"-{rows['rows']}" for rows in test.given if rows.get("fixture"))
    return sha256(text.encode()).hexdigest()


def _fixture(kind: str, rows: Mapping[str, Any]) -> str:
    form = str(rows["format"])
    start = f"input={rows['input']!r}, " if "input" in rows else ""
    shown = f"<UnitTestFormat.{_FORMATS.get(form, form)}: {form!r}>"
    return f"{kind}({start}rows={rows['rows']!r}, format={shown}, fixture={rows['fixture']!r})"


def _versions(versions: Mapping[str, Any] | None) -> str:
    if versions is None:
        return "None"
    return f"UnitTestNodeVersions(include={versions['include']!r}, exclude={versions['exclude']!r})"


def _overrides(overrides: Mapping[str, Any] | None) -> str:
    if overrides is None:
        return "None"
    values = ", ".join(f"{kind}={overrides[kind]!r}" for kind in ("macros", "vars", "env_vars"))
    return f"UnitTestOverrides({values})"
