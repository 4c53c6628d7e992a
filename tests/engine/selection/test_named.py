"""Names looked up in an index mean what they mean without it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.engine.parsing.cache.edits import PROJECTS, copied, loaded
from tidemill.adapters.registry import adapter_for
from tidemill.engine.nodes import Manifest
from tidemill.engine.parsing.project import parse_project
from tidemill.engine.selection.expressions import Criterion
from tidemill.engine.selection.methods.named import index_names
from tidemill.engine.selection.methods.names import fqn
from tidemill.engine.selection.scope import Scope

WORDS = (
    "arrivals",
    "berths.v2",
    "berths_v2",
    "berths",
    "with.dot",
    "with",
    "pilots",
    "pilots.marts",
    "marts",
    "marts.arrivals",
    "pilots.marts.arrivals",
    "nowhere.arrivals",
    "x.berths.v2",
    "arr*",
    "*",
    "",
    ".",
)
MODELS: Mapping[str, str] = {
    "models/marts/with.dot.sql": "select 1 as one",
    "models/versions/berths_v1.sql": "select 1 as one",
    "models/versions/berths_v2.sql": "select 2 as one",
    "models/versions/versions.yml": "models: [{name: berths_of, versions: "
    "[{v: 1, defined_in: berths_v1}, {v: 2, defined_in: berths_v2}]}]",
}


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    root = copied(PROJECTS / "pilots", tmp_path_factory.mktemp("named") / "pilots")
    for name, text in MODELS.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text)
    config = loaded(root)
    adapter = adapter_for(config.target.type)(config.target.credentials, config.root)
    return parse_project(config, adapter).manifest


@pytest.mark.parametrize(
    "words", [*WORDS, "berths_of", "berths_of.v2", "berths_of_v1", "x.berths_of.v1"]
)
def test_the_index_changes_nothing(words: str, manifest: Manifest) -> None:
    criterion = Criterion(method="fqn", value=words, raw=words)
    manifest.made.pop(index_names, None)
    expected = set(fqn(scope(manifest), criterion))
    index_names(manifest)
    assert set(fqn(scope(manifest), criterion)) == expected
    assert index_names in manifest.made


def scope(manifest: Manifest) -> Scope:
    from tidemill.engine.graph import Dag

    return Scope(manifest=manifest, dag=Dag.of(manifest), root=Path(), named=lambda _: set())
