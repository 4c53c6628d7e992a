"""catalogs.yml: what contradicts itself is refused before anything runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tidemill.engine.project.catalogs_file import check_catalogs
from tidemill.engine.project.config_context import ConfigContext
from tidemill.errors import ConfigurationError

TWO = "write_integrations: [{name: one}, {name: two}]"


def check(root: Path, catalog: str) -> None:
    (root / "catalogs.yml").write_text(f"catalogs:\n  - {{name: lake, {catalog}}}\n")
    check_catalogs(root, ConfigContext(variables={"which": "two"}, secrets=True))


@pytest.mark.parametrize(
    "catalog",
    [
        "write_integrations: [{name: one}]",
        f"active_write_integration: one, {TWO}",
        f"active_write_integration: \"{{{{ var('which') }}}}\", {TWO}",
    ],
)
def test_what_is_right(tmp_path: Path, catalog: str) -> None:
    check(tmp_path, catalog)


def test_there_need_be_none(tmp_path: Path) -> None:
    check_catalogs(tmp_path, ConfigContext())


@pytest.mark.parametrize(
    ("catalog", "message"),
    [
        (TWO, "must specify an 'active_write_integration' when multiple 'write_integrations'"),
        (
            f"active_write_integration: three, {TWO}",
            "must specify an 'active_write_integration' from its set of defined",
        ),
        (
            "write_integrations: [{name: one}, {name: one}]",
            "cannot have multiple 'write_integrations' with the same name: 'one'",
        ),
        ("write_integrations: [{type: x}]", "needs a 'name'"),
    ],
)
def test_what_is_wrong(tmp_path: Path, catalog: str, message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        check(tmp_path, catalog)
    assert message in caught.value.fault.message
    assert caught.value.fault.place is not None
    assert caught.value.fault.place.line == 2


def test_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "catalogs.yml").write_text("")
    with pytest.raises(ConfigurationError, match="is empty"):
        check_catalogs(tmp_path, ConfigContext())
