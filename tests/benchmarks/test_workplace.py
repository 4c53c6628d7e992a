"""Edits change what they say, each time to something new."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.contenders import TIDEMILL
from benchmarks.workplace import Workplace, generated, given


def _contents(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in folder.rglob("*")
        if path.suffix in {".sql", ".yml"}
    }


@pytest.mark.parametrize(
    ("edit", "suffix"),
    [
        (Workplace.edit_one_model, ".sql"),
        (Workplace.edit_the_mart, ".sql"),
        (Workplace.edit_one_properties_file, ".yml"),
        (Workplace.edit_one_macro, ".sql"),
        (Workplace.change_the_var, "dbt_project.yml"),
    ],
)
def test_an_edit_changes_one_file(
    tmp_path: Path, edit: Callable[[Workplace], None], suffix: str
) -> None:
    place = Workplace(tmp_path / "project", generated(20, 0), TIDEMILL)
    place.make()
    seen = [_contents(place.folder)]
    for _ in range(2):
        edit(place)
        seen.append(_contents(place.folder))
        changed = [name for name in seen[-1] if seen[-1][name] != seen[-2][name]]
        assert len(changed) == 1
        assert changed[0].endswith(suffix)


def test_a_given_project_is_copied(tmp_path: Path) -> None:
    first = Workplace(tmp_path / "first", generated(20, 0), TIDEMILL)
    first.make()
    second = Workplace(tmp_path / "second", given(first.folder), TIDEMILL)
    second.make()
    assert second.source.size == 20
    assert _contents(second.folder) == _contents(first.folder)
    second.edit_the_mart()
    assert _contents(second.folder) != _contents(first.folder)
