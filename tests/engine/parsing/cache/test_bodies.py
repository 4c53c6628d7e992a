"""manifest.json made of its own last body: only while nothing has changed, and nobody has touched the file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.engine.parsing.cache.edits import PROJECTS, copied, loaded
from tidemill.adapters.registry import adapter_for
from tidemill.engine.artifacts import (
    CompiledPart,
    graph_summary_json,
    semantic_manifest_json,
    write_graph_summary,
    write_manifest,
    write_semantic_manifest,
)
from tidemill.engine.artifacts import manifest as manifest_writing
from tidemill.engine.nodes import Manifest
from tidemill.engine.nodes.section import Section
from tidemill.engine.parsing.cache.bodies import is_made_of, keep_body, kept_body
from tidemill.engine.parsing.cached import parse_cached
from tidemill.engine.parsing.project import parse_project

MODEL = "models/marts/arrivals.sql"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return copied(PROJECTS / "pilots", tmp_path / "pilots")


def parsed(root: Path) -> Manifest:
    config = loaded(root)
    return parse_cached(
        config, adapter_for("duckdb")(config.target.credentials, root)
    ).project.manifest


def content(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text())
    for section in ("metadata", "macros"):
        del found[section]
    return {name: _timeless(section) for name, section in found.items()}


def _timeless(section: Any) -> Any:
    if not isinstance(section, dict):
        return section
    return {key: _timeless(value) for key, value in section.items() if key != "created_at"}


def is_kept(path: Path, manifest: Manifest) -> bool:
    assert isinstance(manifest.nodes, Section)
    identity = manifest.nodes.identity
    found = kept_body(path, None if identity is None else identity + b"{}")
    if found is not None:
        found.file.close()
    return found is not None


def test_a_body_is_used_again(root: Path) -> None:
    path = root / "target" / "manifest.json"
    write_manifest(path, parsed(root))
    first = json.loads(path.read_text())
    again = parsed(root)
    assert is_kept(path, again)
    write_manifest(path, again, started_at=1.0)
    second = json.loads(path.read_text())
    assert second["metadata"]["invocation_id"] == again.metadata.invocation_id
    assert second["metadata"]["invocation_id"] != first["metadata"]["invocation_id"]
    assert second.keys() == first.keys()
    assert content(path) == {key: _timeless(first[key]) for key in content(path)}


def test_not_when_the_project_has_changed(root: Path) -> None:
    path = root / "target" / "manifest.json"
    write_manifest(path, parsed(root))
    (root / MODEL).write_text((root / MODEL).read_text() + "\n-- changed")
    changed = parsed(root)
    assert not is_kept(path, changed)
    write_manifest(path, changed)
    assert (
        "-- changed" in json.loads(path.read_text())["nodes"]["model.pilots.arrivals"]["raw_code"]
    )


def test_not_when_it_has_compiled_parts(root: Path) -> None:
    path = root / "target" / "manifest.json"
    part = {"model.pilots.arrivals": CompiledPart(code="select 1", path="there")}
    write_manifest(path, parsed(root), compiled=part)
    assert not is_kept(path, parsed(root))
    write_manifest(path, parsed(root))
    assert "compiled_code" not in json.loads(path.read_text())["nodes"]["model.pilots.arrivals"]


def test_not_when_somebody_touched_it(root: Path) -> None:
    path = root / "target" / "manifest.json"
    write_manifest(path, parsed(root))
    path.write_text(path.read_text().replace("arrivals", "departed"))
    assert not is_kept(path, parsed(root))
    write_manifest(path, parsed(root))
    config = loaded(root)
    whole = parse_project(config, adapter_for("duckdb")(config.target.credentials, root)).manifest
    assert json.loads(path.read_text())["nodes"].keys() == whole.nodes.keys()


def test_only_the_head_is_written_where_the_body_is_the_same(root: Path) -> None:
    path = root / "target" / "manifest.json"
    write_manifest(path, parsed(root))
    number, content_before = path.stat().st_ino, content(path)
    again = parsed(root)
    write_manifest(path, again, started_at=1.5)
    assert path.stat().st_ino == number
    assert content(path) == content_before
    metadata = json.loads(path.read_text())["metadata"]
    assert metadata["invocation_id"] == again.metadata.invocation_id
    write_manifest(path, parsed(root), started_at=2.5)
    assert path.stat().st_ino == number


@pytest.mark.parametrize("how", ["linked", "pointed at", "longer"])
def test_a_file_that_others_know_is_replaced(
    root: Path, tmp_path: Path, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = root / "target" / "manifest.json"
    write_manifest(path, parsed(root))
    copy = tmp_path / "copy.json"
    if how == "linked":
        copy.hardlink_to(path)
    elif how == "pointed at":
        path.rename(copy)
        path.symlink_to(copy)
    else:
        copy.write_bytes(path.read_bytes())
        monkeypatch.setenv("DBT_ENV_CUSTOM_ENV_TEAM", "fleet")
    before = copy.read_bytes()
    write_manifest(path, parsed(root))
    assert copy.read_bytes() == before
    assert content(path) == content(copy)
    env = {"TEAM": "fleet"} if how == "longer" else {}
    assert json.loads(path.read_text())["metadata"]["env"] == env


def test_a_file_that_another_process_put_there_is_not_taken_for_ours(root: Path) -> None:
    path = root / "target" / "manifest.json"
    write_manifest(path, parsed(root))
    number = path.stat().st_ino
    other = path.with_name("other.json")
    other.write_bytes(path.read_bytes())
    other.replace(path)
    keep_body(path, number, b"of ours", 10)
    assert not is_made_of(path, b"of ours")


def test_the_semantic_manifest_is_written_when_something_has_changed(root: Path) -> None:
    path = root / "target" / "semantic_manifest.json"
    write_semantic_manifest(path, parsed(root))
    number = path.stat().st_ino
    write_semantic_manifest(path, parsed(root))
    assert path.stat().st_ino == number
    path.unlink()
    write_semantic_manifest(path, parsed(root))
    assert path.read_bytes() == semantic_manifest_json(parsed(root))
    (root / MODEL).write_text((root / MODEL).read_text() + "\n-- changed")
    number = path.stat().st_ino
    write_semantic_manifest(path, parsed(root))
    assert path.stat().st_ino != number


def test_a_body_is_used_again_after_an_edit(root: Path) -> None:
    path = root / "target" / "manifest.json"
    write_manifest(path, parsed(root))
    (root / MODEL).write_text((root / MODEL).read_text() + "\n-- changed")
    write_manifest(path, parsed(root))
    number = path.stat().st_ino
    again = parsed(root)
    assert is_kept(path, again)
    write_manifest(path, again)
    assert path.stat().st_ino == number
    config = loaded(root)
    whole = parse_project(config, adapter_for("duckdb")(config.target.credentials, root)).manifest
    fresh = path.with_name("fresh.json")
    write_manifest(fresh, whole)
    assert content(path) == content(fresh)


def test_a_macro_that_nobody_calls_is_in_the_manifest_as_it_is(root: Path) -> None:
    path = root / "target" / "manifest.json"
    macro = root / "macros" / "alone.sql"
    macro.parent.mkdir(exist_ok=True)
    macro.write_text("{% macro alone() %}1{% endmacro %}")
    write_manifest(path, parsed(root))
    macro.write_text("{% macro alone() %}2{% endmacro %}")
    write_manifest(path, parsed(root))
    found = json.loads(path.read_text())["macros"]["macro.pilots.alone"]
    assert found["macro_sql"] == "{% macro alone() %}2{% endmacro %}"


def test_other_times_of_files_are_no_other_project(root: Path) -> None:
    path = root / "target" / "manifest.json"
    write_manifest(path, parsed(root))
    (root / MODEL).touch()
    assert is_kept(path, parsed(root))


def _count_calls(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> list[None]:
    calls: list[None] = []
    real = getattr(module, name)

    def counted(*arguments: Any) -> Any:
        calls.append(None)
        return real(*arguments)

    monkeypatch.setattr(module, name, counted)
    return calls


@pytest.mark.parametrize("compiled", [False, True])
def test_edges_are_taken_from_the_last_manifest(
    root: Path, monkeypatch: pytest.MonkeyPatch, compiled: bool
) -> None:
    calls = _count_calls(monkeypatch, manifest_writing, "_links")
    path = root / "target" / "manifest.json"
    parts = {"model.pilots.arrivals": CompiledPart(code="select 1", path="there")}
    write_manifest(path, parsed(root), compiled=parts if compiled else None)
    for text, made in (("-- changed", 0), ("-- {{ ref('stg_ships') }}", 1), ("-- again", 0)):
        calls.clear()
        (root / MODEL).write_text((root / MODEL).read_text() + f"\n{text}")
        write_manifest(path, parsed(root), compiled=parts if compiled else None)
        assert len(calls) == made, text
        config = loaded(root)
        whole = parse_project(config, adapter_for("duckdb")(config.target.credentials, root))
        fresh = path.with_name("fresh.json")
        write_manifest(fresh, whole.manifest, compiled=parts if compiled else None)
        assert content(path) == content(fresh)
    (path.write_text(path.read_text().replace("arrivals", "departed")))
    calls.clear()
    (root / MODEL).write_text((root / MODEL).read_text() + "\n-- at last")
    write_manifest(path, parsed(root))
    assert len(calls) == 1


def test_the_graph_in_short_is_written_when_an_edge_has_changed(root: Path) -> None:
    path = root / "target" / "graph_summary.json"
    write_graph_summary(path, parsed(root), "1" * 36, None)
    number = path.stat().st_ino
    (root / MODEL).write_text((root / MODEL).read_text() + "\n-- changed")
    write_graph_summary(path, parsed(root), "2" * 36, None)
    assert path.stat().st_ino == number
    assert path.read_bytes() == graph_summary_json(parsed(root), "2" * 36)
    (root / MODEL).write_text((root / MODEL).read_text() + "\n-- {{ ref('stg_ships') }}")
    write_graph_summary(path, parsed(root), "3" * 36, None)
    assert path.read_bytes() == graph_summary_json(parsed(root), "3" * 36)
    assert path.stat().st_ino != number
