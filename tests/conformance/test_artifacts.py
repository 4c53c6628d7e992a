"""dbt-core's own classes and JSON schemas read what Tidemill writes."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from tests.conformance.peer import Peer
from tests.conformance.scenarios import EACH, Played, scenario
from tidemill.engine.artifacts import manifest_json, read_manifest

pytestmark = pytest.mark.conformance


@pytest.mark.parametrize("played", EACH, indirect=True)
def test_dbt_reads_our_artifacts(peer: Peer, played: Played) -> None:
    manifests = _files(played, "manifest")
    results = _files(played, "run_results")
    read = peer.ask("read", {"manifests": list(manifests), "run_results": list(results)})
    for found, written in zip(read["manifests"], manifests.values(), strict=True):
        for section in written.keys() - {"metadata"}:
            assert found[section] == sorted(written[section])
    for found, written in zip(read["run_results"], results.values(), strict=True):
        assert found == [result["unique_id"] for result in written["results"]]


@pytest.mark.parametrize("played", EACH, indirect=True)
def test_our_artifacts_fit_dbts_schemas(peer: Peer, played: Played) -> None:
    for name, schema in peer.schemas().items():
        validator = jsonschema.validators.validator_for(schema)(schema)
        files = _files(played, name)
        assert files
        for path, written in files.items():
            assert [error.message for error in validator.iter_errors(written)] == [], path


def _files(played: Played, name: str) -> dict[str, Any]:
    """Our artifacts of that name after each step, by path."""
    paths = [ours / f"{name}.json" for _, _, ours in played.steps()]
    return {str(path): json.loads(path.read_text()) for path in paths if path.exists()}


@pytest.mark.parametrize("name", EACH)
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
