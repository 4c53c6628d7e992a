"""What is certainly the same is what the rules call the same, whichever entry of a resource differs."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.engine.parsing.cache.edits import PROJECTS, copied, loaded
from tidemill.adapters.registry import adapter_for
from tidemill.engine.artifacts import manifest_json
from tidemill.engine.artifacts.state import State
from tidemill.engine.artifacts.state_manifest import cut_manifest
from tidemill.engine.nodes import Manifest
from tidemill.engine.nodes.section import Section
from tidemill.engine.parsing.cached import parse_cached
from tidemill.engine.project.config import RuntimeConfig
from tidemill.engine.selection.changes import Changes
from tidemill.engine.selection.selecting import changes_since
from tidemill.engine.selection.untouched import Untouched
from tidemill.errors import TidemillError
from tidemill.events import Message

Answer = tuple[object, ...]

_QUESTIONS = (
    Changes.is_modified,
    Changes.body_modified,
    Changes.configs_modified,
    Changes.descriptions_modified,
    Changes.relation_modified,
    Changes.contract_modified,
)
_SECTIONS = ("nodes", "sources", "exposures", "unit_tests", "metrics", "semantic_models")


@pytest.fixture(params=["pilots", "harbour", "cargo"])
def project(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[RuntimeConfig, Manifest]:
    root = copied(PROJECTS / request.param, tmp_path / request.param)
    config = loaded(root)
    adapter = adapter_for(config.target.type)(config.target.credentials, config.root)
    parse_cached(config, adapter)
    manifest = parse_cached(config, adapter).project.manifest
    assert isinstance(manifest.nodes, Section)
    return config, manifest


def _answers(
    config: RuntimeConfig, manifest: Manifest, entries: Mapping[str, Any], key: str
) -> Answer | None:
    state = State(
        folder=config.root / "nowhere",
        manifest=cut_manifest(msgspec.json.encode(entries), config.root),
    )
    said: list[Message] = []
    changes = changes_since(state, manifest, config, said.append)
    assert changes is not None
    try:
        answers: Answer = tuple(question(changes, key) for question in _QUESTIONS)
    except TidemillError as error:
        answers = (type(error),)
    except (AttributeError, KeyError, TypeError):
        return None  # no manifest has such an entry
    return *answers, *(message.text for message in said)


def _edited(entry: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for name, value in entry.items():
        if isinstance(value, dict):
            yield {**entry, name: {**value, "created_at": 1, "materialized": "x"}}
            yield from ({**entry, name: {**value, inner: "y"}} for inner in value)
        yield {**entry, name: None}
        yield {**entry, name: 7 if isinstance(value, float) else f"{value} "}
        yield {key: kept for key, kept in entry.items() if key != name}


def test_each_entry_of_each_resource(
    project: tuple[RuntimeConfig, Manifest], monkeypatch: pytest.MonkeyPatch
) -> None:
    config, manifest = project
    entries = msgspec.json.decode(manifest_json(manifest))
    seen: dict[tuple[str, str], int] = {}
    for section in _SECTIONS:
        for key, entry in entries[section].items():
            kind = (entry["resource_type"], str("test_metadata" in entry))
            seen[kind] = seen.get(kind, 0) + 1
            if seen[kind] > 3 or entry["resource_type"] == "operation":
                continue
            for edited in (entry, *_edited(entry)):
                state = {section: {key: edited}}
                found = _answers(config, manifest, state, key)
                with monkeypatch.context() as patched:
                    patched.setattr(Untouched, "__contains__", lambda *_: False)
                    expected = _answers(config, manifest, state, key)
                assert expected is None or found == expected


def test_most_is_certain(project: tuple[RuntimeConfig, Manifest]) -> None:
    config, manifest = project
    entries = msgspec.json.decode(manifest_json(manifest))

    def uncertain(state: Mapping[str, Any]) -> set[str]:
        content = cut_manifest(msgspec.json.encode(state), config.root)
        found = Untouched(manifest, content)
        return {
            key.partition(".")[0] for s in _SECTIONS for key in entries[s] if key not in found
        } - {"seed"}

    assert uncertain(entries) <= {"operation"}
    compiled = copy.deepcopy(entries)
    for node in compiled["nodes"].values():
        node |= {
            "compiled_code": "select 1",
            "relation_name": "x",
            "build_path": "y",
            "schema": "z",
        }
    assert uncertain(compiled) <= {"operation"}


def test_a_key_in_meta_that_is_called_like_the_time(tmp_path: Path) -> None:
    root = copied(PROJECTS / "pilots", tmp_path / "pilots")
    model = root / "models" / "marts" / "arrivals.sql"
    text = model.read_text()
    model.write_text("{{ config(meta={'created_at': 1}) }}" + text)
    config = loaded(root)
    adapter = adapter_for(config.target.type)(config.target.credentials, config.root)
    before = manifest_json(parse_cached(config, adapter).project.manifest)
    model.write_text("{{ config(meta={'created_at': 2}) }}" + text)
    manifest = parse_cached(config, adapter).project.manifest
    assert "model.pilots.arrivals" not in Untouched(manifest, cut_manifest(before, root))
