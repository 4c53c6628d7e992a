from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tools import generate_api


def test_the_types_of_the_web_app_are_those_of_the_server() -> None:
    assert generate_api.TARGET.read_text() == generate_api.generate()


def test_a_stale_file_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "generated.ts"
    monkeypatch.setattr(generate_api, "TARGET", target)
    monkeypatch.setattr(sys, "argv", ["generate_api.py", "--check"])
    assert generate_api.main() == 1
    assert "make generate" in capsys.readouterr().err

    monkeypatch.setattr(sys, "argv", ["generate_api.py"])
    assert generate_api.main() == 0
    monkeypatch.setattr(sys, "argv", ["generate_api.py", "--check"])
    assert generate_api.main() == 0
