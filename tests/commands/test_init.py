"""A new project: all of it or nothing, and nothing that exists is touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from tidemill.commands import init
from tidemill.commands.init import add_profile, init_project
from tidemill.errors import ConfigurationError, UsageError


def names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_what_is_created(tmp_path: Path) -> None:
    created = init_project(tmp_path, "shop")
    assert created.root == tmp_path / "shop"
    assert created.profiles_file == tmp_path / "shop" / "profiles.yml"
    assert names(created.root) == [
        ".gitignore",
        "README.md",
        "dbt_project.yml",
        "models/marts/customers.sql",
        "models/marts/marts.yml",
        "models/staging/staging.yml",
        "models/staging/stg_customers.sql",
        "models/staging/stg_orders.sql",
        "profiles.yml",
        "seeds/raw_customers.csv",
        "seeds/raw_orders.csv",
        "tests/amounts_are_positive.sql",
    ]
    texts = "".join(path.read_text() for path in created.root.rglob("*") if path.is_file())
    assert "__project__" not in texts
    assert "__profile__" not in texts


def test_an_existing_profile_is_used(tmp_path: Path) -> None:
    created = init_project(tmp_path, "shop", profile="company")
    assert created.profiles_file is None
    assert "profile: company" in (created.root / "dbt_project.yml").read_text()
    assert "name: shop" in (created.root / "dbt_project.yml").read_text()


def test_profiles_elsewhere(tmp_path: Path) -> None:
    created = init_project(tmp_path, "shop", profiles_dir=tmp_path / "profiles")
    assert created.profiles_file == tmp_path / "profiles" / "profiles.yml"
    assert not (created.root / "profiles.yml").exists()


@pytest.mark.parametrize("name", ["a b", "1shop", "", "shop-2", "dbt", "dbt_duckdb", "../up"])
def test_names_that_cannot_be(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError):
        init_project(tmp_path, name)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    init_project(tmp_path, "shop")
    (tmp_path / "shop" / "README.md").write_text("mine")
    with pytest.raises(ConfigurationError, match="left as it is"):
        init_project(tmp_path, "shop")
    assert (tmp_path / "shop" / "README.md").read_text() == "mine"


def test_half_a_project_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(init, "_filled", full)
    with pytest.raises(ConfigurationError, match="No space left on device"):
        init_project(tmp_path, "shop")
    assert list(tmp_path.iterdir()) == []


def test_a_profile_is_added_below_others(tmp_path: Path) -> None:
    file = tmp_path / "profiles.yml"
    file.write_text("# mine\nother: {outputs: {}}")
    assert add_profile(tmp_path, "shop") == file
    assert file.read_text().startswith("# mine\nother: {outputs: {}}\n\n# Where the data goes.")
    assert add_profile(tmp_path, "shop") is None
    assert add_profile(tmp_path, "other") is None
