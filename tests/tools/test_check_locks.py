"""The locks name public registries, and the check finds what does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import check_locks


def test_the_locks_of_this_repository_are_clean() -> None:
    assert check_locks.main() == 0


def test_hosts_paths_and_addresses_elsewhere_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(check_locks, "ROOT", tmp_path)
    (tmp_path / "web").mkdir()
    (tmp_path / "uv.lock").write_text(
        "[[package]]\n"
        'name = "one"\n'
        'source = { registry = "../wheels" }\n'
        "[[package]]\n"
        'name = "two"\n'
        'source = { registry = "https://pypi.org/simple" }\n'
        'sdist = { url = "https://mirror.example.com/two.tar.gz" }\n'
    )
    (tmp_path / "web" / "package-lock.json").write_text(
        '{"resolved": "https://registry.npmjs.org/a.tgz"}\n'
        '{"resolved": "http://localhost:4873/b.tgz"}\n'
    )

    assert check_locks.main() == 1
    assert capsys.readouterr().err.splitlines() == [
        "uv.lock:7: mirror.example.com is not a public registry",
        "uv.lock: one comes from {'registry': '../wheels'}",
        "web/package-lock.json: http://localhost:4873/b.tgz is not in the public registry",
    ]
