"""Deleting: what the project names, inside it, and never its sources."""

from __future__ import annotations

from pathlib import Path

import pytest

from tidemill.commands.clean import clean
from tidemill.engine.project.config import ProjectConfig
from tidemill.errors import ConfigurationError


def project(root: Path, *targets: str) -> ProjectConfig:
    for folder in ("models", "target", "logs"):
        (root / folder).mkdir(exist_ok=True)
        (root / folder / "file").write_text("")
    return ProjectConfig(name="shop", root=root, clean_targets=targets)


def left(root: Path) -> list[str]:
    return sorted(path.name for path in root.iterdir())


def test_targets_are_deleted(tmp_path: Path) -> None:
    deleted = list(clean(project(tmp_path, "target", "logs", "target", "not_there")))
    assert deleted == [tmp_path / "target", tmp_path / "logs", tmp_path / "not_there"]
    assert left(tmp_path) == ["models"]


@pytest.mark.parametrize("target", ["models", ".", "./", "models/../models", "../{name}"])
def test_sources_are_refused_before_anything_is_deleted(tmp_path: Path, target: str) -> None:
    config = project(tmp_path, "target", target.format(name=tmp_path.name))
    with pytest.raises(ConfigurationError) as caught:
        clean(config)
    assert caught.value.fault.code == "clean-sources"
    assert "dbt will not clean the following source paths" in str(caught.value)
    assert left(tmp_path) == ["logs", "models", "target"]


def test_folders_outside_are_refused(tmp_path: Path) -> None:
    root, outside = tmp_path / "shop", tmp_path / "precious"
    root.mkdir()
    outside.mkdir()
    config = project(root, "target", "../precious")
    with pytest.raises(ConfigurationError) as caught:
        clean(config)
    assert caught.value.fault.code == "clean-outside"
    assert "dbt will not clean the following directories outside the project" in str(caught.value)
    assert left(root) == ["logs", "models", "target"]

    list(clean(config, project_only=False))
    assert not outside.exists()


def test_a_link_leads_outside(tmp_path: Path) -> None:
    root, outside = tmp_path / "shop", tmp_path / "precious"
    root.mkdir()
    outside.mkdir()
    (root / "link").symlink_to(outside)
    with pytest.raises(ConfigurationError):
        clean(project(root, "link"))
    assert outside.is_dir()
