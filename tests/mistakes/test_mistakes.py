"""What is said to the most common mistakes in dbt projects: where, what, and what to do."""

from __future__ import annotations

import contextlib
import io
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from tidemill.cli.main import main
from tidemill.commands.init import init_project

MISTAKES: dict[str, dict[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("mistakes.yml").read_text("utf-8")
)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the project that ``init`` writes: copy it."""
    return init_project(tmp_path_factory.mktemp("mistakes"), "shop").root


def test_there_are_enough_of_them() -> None:
    assert len(MISTAKES) >= 40


@pytest.mark.parametrize("mistake", list(MISTAKES))
def test_what_is_said(
    shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mistake: str
) -> None:
    case = MISTAKES[mistake]
    root = tmp_path / "shop"
    shutil.copytree(shop, root)
    monkeypatch.chdir(root)
    for name, text in case.get("files", {}).items():
        _write(root / name, text)
    code, said = _run(case["run"].split())
    assert (code, _missing(case["says"].splitlines(), said)) == (case.get("code", 2), []), said


def _write(path: Path, text: str | None) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if text is None:
        path.unlink()
    else:
        path.write_text(text)


def _run(words: list[str]) -> tuple[int, list[str]]:
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        code = main(words)
    here = str(Path.cwd())
    lines = out.getvalue().replace(here, "<here>").splitlines()
    return code, [line[10:] if line[2:3] == line[5:6] == ":" else line for line in lines]


def _missing(expected: list[str], said: list[str]) -> list[str]:
    """Those of the expected lines that are not said, or not in this order."""
    left = iter(line.strip() for line in said)
    return [line for line in expected if line.strip() not in left]
