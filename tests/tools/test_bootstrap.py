"""Setting up looks before it works, and says what to do when it cannot."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools import bootstrap


@pytest.mark.parametrize(
    ("version", "enough"),
    [
        ("v20.19.0", True),
        ("v24.1.2", True),
        ("v20.18.3", False),
        ("v18.20.1", False),
        ("", False),
        (None, False),
    ],
)
def test_node_is_judged_by_its_version(version: str | None, enough: bool) -> None:
    assert bootstrap._is_new_enough(version) is enough


def test_work_is_fresh_until_its_source_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    source, stamp = tmp_path / "app.ts", tmp_path / "stamp"
    source.write_text("one")
    stamp.write_text(bootstrap.digest([source]))
    assert bootstrap.is_fresh(stamp, bootstrap.digest([source]))

    source.write_text("two")
    assert not bootstrap.is_fresh(stamp, bootstrap.digest([source]))

    source.write_text("one")
    source.rename(tmp_path / "other.ts")
    assert not bootstrap.is_fresh(stamp, bootstrap.digest([tmp_path / "other.ts"]))


def test_an_unknown_step_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert bootstrap.main(["runtime", "wep"]) == 2
    assert capsys.readouterr().err == (
        "setup: no step wep; there are runtime, development, peer, bridge, spark, sqlmesh, web, chromium, npm\n"
    )


def test_a_failing_command_is_reported_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fail = [sys.executable, "-c", "raise SystemExit(4)"]
    monkeypatch.setitem(bootstrap.STEPS, "web", lambda: bootstrap.run(fail))

    assert bootstrap.main(["web"]) == 1
    assert capsys.readouterr().err == (
        f"setup: `{' '.join(fail)}` ended with exit code 4; see above.\n"
    )


def test_only_root_installs_packages_of_the_system(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert bootstrap.apt_install("chromium") is False
    assert capsys.readouterr().out == (
        "setup: chromium is missing, and only root with apt-get can add it\n"
    )


def test_make_without_python_says_what_it_needs() -> None:
    done = subprocess.run(
        ["make", "setup", "PYTHON="], cwd=bootstrap.ROOT, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "Tidemill needs Python 3.11 or newer on the PATH" in done.stderr
