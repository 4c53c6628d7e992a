"""``init`` from the command line: also in a script, and never over what exists."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from tests.cli.conftest import Tidemill


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_new_project_says_what_comes_next(tidemill: Tidemill, here: Path) -> None:
    said = tidemill("init", "shop")
    assert said.code == 0
    assert said.lines[1:] == [
        f"Created the project shop in {here / 'shop'}",
        f"Its profile is in {here / 'shop' / 'profiles.yml'}",
        "Next: cd shop && tidemill build",
    ]


def test_the_profile_of_a_project_is_its_own_affair(tidemill: Tidemill, here: Path) -> None:
    (here / "dbt_project.yml").write_text("name: shop\nprofile: shop\n")
    said = tidemill("init", "--profile", "other")
    assert said.code == 2
    assert "Can not init existing project with specified profile" in said.out


def test_what_exists_is_left_alone(tidemill: Tidemill, here: Path) -> None:
    (here / "shop").mkdir()
    (here / "shop" / "mine.txt").write_text("mine")
    said = tidemill("init", "shop")
    assert said.code == 2
    assert "there is a 'shop'" in said.out
    assert [path.name for path in (here / "shop").iterdir()] == ["mine.txt"]


def test_a_script_must_give_the_name(
    tidemill: Tidemill, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    said = tidemill("init")
    assert said.code == 2
    assert "init needs a name" in said.out


def test_a_person_is_asked(tidemill: Tidemill, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Person(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdin", Person("shop\n"))
    assert tidemill("init").code == 0
    assert (here / "shop" / "dbt_project.yml").is_file()


def test_without_a_profile(tidemill: Tidemill, here: Path) -> None:
    assert tidemill("init", "shop", "--skip-profile-setup").code == 0
    assert not (here / "shop" / "profiles.yml").exists()


def test_inside_a_project_it_adds_the_profile(tidemill: Tidemill, shop: Path) -> None:
    (shop / "profiles.yml").write_text("other:\n  outputs: {}\n")
    assert tidemill("init").lines[-1] == (f"Wrote the profile 'shop' to {shop / 'profiles.yml'}")
    assert (shop / "profiles.yml").read_text().startswith("other:\n  outputs: {}\n\n# Where")
    assert tidemill("init").lines[-1].startswith("The profile 'shop' is there already")
    assert tidemill("-q", "debug").code == 0
