from __future__ import annotations

from pathlib import Path

from tests.engine.running.building import model
from tidemill.engine.compiling.code_files import CodeFiles


def test_a_text_replaces_a_longer_or_shorter_one(tmp_path: Path) -> None:
    node = model("orders")
    for text in ("select 1", "select 'ünïcode', 2 -- longer", "", "x"):
        path = CodeFiles(tmp_path, "target").write("compiled", node, text)
        assert path == "target/compiled/shop/models/orders.sql"
        assert (tmp_path / path).read_text(encoding="utf-8") == text


def test_a_target_folder_elsewhere(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    CodeFiles(tmp_path / "project", str(elsewhere)).write("run", model("orders"), "select 1")
    assert (elsewhere / "run/shop/models/orders.sql").read_text() == "select 1"
