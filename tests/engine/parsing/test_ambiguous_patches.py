"""A property file that switches on a model which several files define."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.running.projects import manifest, run, write
from tidemill.errors import ProjectFaults

OFF = "{{ config(enabled=false) }} select 1 as id"
FILES = {
    "models/one/twice.sql": OFF,
    "models/two/twice.sql": OFF,
    "models/s.yml": "models: [{name: twice, config: {enabled: true}}]\n",
}


def test_nobody_knows_which_is_meant(tmp_path: Path) -> None:
    with pytest.raises(ProjectFaults, match="Found 2 matching disabled nodes for model 'twice'"):
        run(write(tmp_path, FILES), "compile")


@pytest.mark.parametrize(
    "change",
    [
        {"models/s.yml": "models: [{name: twice}]\n"},
        {"models/two/twice.sql": "select 2 as id"},
    ],
)
def test_what_is_clear(tmp_path: Path, change: dict[str, str]) -> None:
    root = write(tmp_path, {**FILES, **change})
    run(root, "compile")
    assert "model.shop.twice" in {**manifest(root)["nodes"], **manifest(root)["disabled"]}
