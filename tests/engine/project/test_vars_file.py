"""``vars.yml``: what it is for, what wins over it, and where it may not stand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tidemill.engine.project.config import RuntimeConfig
from tidemill.engine.project.loading import load_runtime, vars_for
from tidemill.errors import Fault, TidemillError

FILES = {
    "dbt_project.yml": (
        "name: shop\nprofile: \"{{ var('who') }}\"\n"
        "models: {shop: {+schema: \"{{ var('place', 'nowhere') }}\"}}\n"
    ),
    "profiles.yml": "shop: {outputs: {default: {type: duckdb}}}\n",
    "vars.yml": (
        'vars:\n  who: shop\n  place: attic\n  raw: "{{ 1 + 1 }}"\n  shop: {place: cellar}\n'
        "  tools: {size: 3}\n"
    ),
}


def _load(root: Path, files: dict[str, str] | None = None, **options: Any) -> RuntimeConfig:
    for name, text in {**FILES, **(files or {})}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return load_runtime(root, profiles_dir=root, **options)


def _fault(root: Path, files: dict[str, str]) -> Fault:
    with pytest.raises(TidemillError) as caught:
        _load(root, files)
    [fault] = caught.value.faults
    return fault


def test_the_project_file_may_use_them(tmp_path: Path) -> None:
    config = _load(tmp_path)
    assert config.target.profile_name == "shop"
    assert config.project.configs["models"] == {"shop": {"+schema": "cellar"}}
    assert vars_for(config, "shop")["place"] == "cellar"


def test_those_of_the_command_win(tmp_path: Path) -> None:
    config = _load(tmp_path, cli_vars={"place": "roof"})
    assert config.project.configs["models"] == {"shop": {"+schema": "roof"}}
    assert vars_for(config, "shop")["place"] == "roof"
    assert config.cli_vars == {"place": "roof"}


def test_packages_have_their_own(tmp_path: Path) -> None:
    package = {
        "packages.yml": "packages: [{local: tools}]\n",
        "tools/dbt_project.yml": "name: tools\nmodels: {tools: {+alias: \"{{ var('a') }}\"}}\n",
        "tools/vars.yml": "vars: {a: b, size: 1}\n",
    }
    config = _load(tmp_path, package)
    assert config.packages["tools"].configs["models"] == {"tools": {"+alias": "b"}}
    assert vars_for(config, "tools")["size"] == 3
    assert vars_for(config, "tools")["a"] == "b"


@pytest.mark.parametrize("text", ["", "vars:\n", "version: 2\n"])
def test_an_empty_file_is_none(tmp_path: Path, text: str) -> None:
    project = "name: shop\nprofile: shop\nvars: {a: 1}\n"
    config = _load(tmp_path, {"vars.yml": text, "dbt_project.yml": project})
    assert config.project.vars == {"a": 1}


def test_variables_in_both_places(tmp_path: Path) -> None:
    fault = _fault(tmp_path, {"dbt_project.yml": "name: shop\nprofile: shop\nvars: {a: 1}\n"})
    assert fault.message == "variables stand in vars.yml and here"
    assert str(fault.place) == "dbt_project.yml:3:1"


def test_what_is_no_file_of_variables(tmp_path: Path) -> None:
    fault = _fault(tmp_path, {"vars.yml": "var: {a: 1}\n"})
    assert (fault.message, fault.hint) == ("unknown key 'var'", "did you mean 'vars'?")
    fault = _fault(tmp_path, {"vars.yml": "vars: [a]\n"})
    assert fault.message == "'vars' must be a mapping, and is a list"
