"""Which commands a resident process is asked for, and whose sockets are trusted."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tidemill.cli.resident.address import (
    FILE,
    is_wanted,
    program,
    project_root,
    read_address,
)


@pytest.mark.parametrize(
    ("words", "environment", "expected"),
    [
        (("ls",), {}, True),
        (("--quiet", "build", "-s", "x"), {}, True),
        (("ls", "--no-daemon"), {}, False),
        (("ls",), {"DBT_DAEMON": "false"}, False),
        (("ls",), {"DBT_ENGINE_DAEMON": "0"}, False),
        (("ls",), {"DBT_DAEMON": "1"}, True),
        (("serve",), {}, False),
        (("debug",), {}, False),
        ((), {}, False),
    ],
)
def test_is_wanted(words: tuple[str, ...], environment: dict[str, str], expected: bool) -> None:
    assert is_wanted(words, environment) is expected


def test_project_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop, other = tmp_path / "shop", tmp_path / "other"
    (shop / "models").mkdir(parents=True)
    other.mkdir()
    (shop / "dbt_project.yml").write_text("name: shop")
    monkeypatch.chdir(shop / "models")
    assert project_root(("ls",), {}) == str(shop)
    assert project_root(("ls", "--project-dir", str(other)), {}) == str(other)
    assert project_root(("ls", "--project-dir=../../other"), {}) == str(other)
    assert project_root(("ls",), {"DBT_PROJECT_DIR": str(other)}) == str(other)
    monkeypatch.chdir(other)
    assert project_root(("ls",), {}) is None
    assert project_root(("ls", "--project-dir"), {}) is None


@pytest.mark.parametrize(
    "content",
    [b"", b"junk", b"\xff\xfe", b"/x/socket", f"/\0/tidemill-x/socket\n{program()}".encode()],
    ids=["empty", "junk", "bytes", "half", "no path"],
)
def test_a_damaged_address_is_none(content: bytes, tmp_path: Path) -> None:
    (tmp_path / FILE).parent.mkdir()
    (tmp_path / FILE).write_bytes(content)
    assert read_address(str(tmp_path)) is None


@pytest.mark.parametrize(("mode", "trusted"), [(0o700, True), (0o770, False), (0o707, False)])
def test_a_socket_that_others_could_have_made_is_not_trusted(
    mode: int, trusted: bool, tmp_path: Path
) -> None:
    folder = tmp_path / "tidemill-1"
    folder.mkdir(mode=mode)
    folder.chmod(mode)
    (tmp_path / FILE).parent.mkdir()
    (tmp_path / FILE).write_text(f"{folder}/socket\n{program()}")
    assert (read_address(str(tmp_path)) is not None) is trusted


@pytest.mark.parametrize("name", ["agents/socket", "tidemill-1/agent"])
def test_a_socket_for_something_else_is_not_trusted(name: str, tmp_path: Path) -> None:
    (tmp_path / name).parent.mkdir(mode=0o700)
    (tmp_path / FILE).parent.mkdir()
    (tmp_path / FILE).write_text(f"{tmp_path}/{name}\n{program()}")
    assert read_address(str(tmp_path)) is None


def test_asking_is_light() -> None:
    """Every command asks; what it loads, all wait for."""
    script = (
        "import sys; before = set(sys.modules); import tidemill.cli.resident.client; "
        "print(sorted({m.partition('.')[0] for m in set(sys.modules) - before}))"
    )
    command = [sys.executable, "-c", script]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    heavy = {"argparse", "asyncio", "json", "logging", "msgspec", "pathlib", "re", "typing"}
    assert heavy.isdisjoint(eval(out))
