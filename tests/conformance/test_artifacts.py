"""dbt-core's own classes and JSON schemas read what Tidemill writes."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import jsonschema
import pytest

from tests.conformance.peer import Peer
from tests.conformance.scenarios import NAMES, Played, scenario
from tidemill.engine.artifacts import manifest_json, read_manifest

pytestmark = pytest.mark.conformance


@pytest.mark.parametrize("played", NAMES, indirect=True)
def test_dbt_reads_our_artifacts(peer: Peer, played: Played) -> None:
    for step, _, ours in played.steps():
        paths = {name: ours / f"{name}.json" for name in ("manifest", "run_results")}
        found = {name: str(path) for name, path in paths.items() if path.exists()}
        assert found, step
        read = peer.ask("validate", found)
        written = json.loads(paths["manifest"].read_text()) if "manifest" in found else {}
        for section in written.keys() - {"metadata"}:
            assert read["manifest"][section].keys() == written[section].keys()


@pytest.mark.parametrize("played", NAMES, indirect=True)
def test_our_artifacts_fit_dbts_schemas(peer: Peer, played: Played) -> None:
    schemas = _schemas(peer)
    for _, _, ours in played.steps():
        for name, schema in schemas.items():
            path = ours / f"{name}.json"
            if path.exists():
                jsonschema.validate(json.loads(path.read_text()), schema)


@cache
def _schemas(peer: Peer) -> dict[str, Any]:
    schemas: dict[str, Any] = peer.ask("validate", {"schemas": True})["schemas"]
    return schemas


@pytest.mark.parametrize("name", NAMES)
def test_a_manifest_of_dbt_read_and_written_is_the_same(peer: Peer, name: str) -> None:
    outcome = peer.outcome(scenario(name))
    original = json.loads((outcome / "step-1" / "manifest.json").read_text())
    again = json.loads(manifest_json(read_manifest(outcome / "step-1" / "manifest.json")))
    assert list(again) == list(original)
    for section in original.keys() - {"metadata"}:
        assert _bare(again[section]) == _bare(original[section]), section
        assert list(again[section]) == list(original[section])


_RUN_TIME = {
    "created_at",
    "compiled",
    "compiled_code",
    "compiled_path",
    "extra_ctes",
    "extra_ctes_injected",
    "build_path",
}


def _bare(section: dict[str, Any]) -> dict[str, Any]:
    """Resources without what a run added, with tags in order."""
    return {key: _bare_resource(value) for key, value in section.items()}


def _bare_resource(value: Any) -> Any:
    if isinstance(value, list):
        return [_bare_resource(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    found = {key: inner for key, inner in value.items() if key not in _RUN_TIME}
    if isinstance(found.get("tags"), list):
        found["tags"] = sorted(found["tags"])
    return found
