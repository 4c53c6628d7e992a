"""What a process keeps between two parses: it reads nothing again, and is never behind the disk."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.engine.parsing.cache.edits import PROJECTS, Outcome, cold, copied, loaded, warm
from tidemill.engine.artifacts import manifest_json
from tidemill.engine.parsing.memory import Memory


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return copied(PROJECTS / "pilots", tmp_path / "pilots")


def parsed(outcome: Outcome) -> list[str]:
    assert outcome.reasons is not None, outcome.faults
    assert outcome.reasons.whole is None
    return sorted(path for _, path in outcome.reasons.parsed)


def comment(root: Path, text: str = "seen") -> None:
    model = root / "models" / "marts" / "arrivals.sql"
    model.write_text(f"{model.read_text()}\n-- {text}")


def test_an_edit_is_parsed_once(root: Path) -> None:
    memory = Memory()
    warm(loaded(root), memory)
    comment(root)
    found = warm(loaded(root), memory)
    assert parsed(found) == ["models/marts/arrivals.sql"]
    assert found.content == cold(loaded(root)).content
    assert parsed(warm(loaded(root), memory)) == []


def test_others_see_it_once_it_is_written(root: Path) -> None:
    memory = Memory()
    warm(loaded(root), memory)
    comment(root)
    warm(loaded(root), memory)
    memory.flush()
    assert parsed(warm(loaded(root))) == []
    assert parsed(warm(loaded(root), memory)) == []


def test_what_others_wrote_meanwhile_counts(root: Path) -> None:
    memory = Memory()
    warm(loaded(root), memory)
    comment(root)
    assert parsed(warm(loaded(root))) == ["models/marts/arrivals.sql"]
    assert parsed(warm(loaded(root), memory)) == []
    comment(root, "again")
    warm(loaded(root), memory)
    comment(root, "and again")
    warm(loaded(root))
    memory.flush()
    assert parsed(warm(loaded(root))) == []
    found = warm(loaded(root), memory)
    assert parsed(found) == []
    assert found.content == cold(loaded(root)).content


def test_a_process_that_serves_once_writes_at_once(root: Path) -> None:
    comment(root, "{{ var('day', 1) }}")
    memory = Memory()
    warm(loaded(root), memory)
    memory.serve_once()
    assert parsed(warm(loaded(root, {"day": 3}), memory)) == ["models/marts/arrivals.sql"]
    assert parsed(warm(loaded(root, {"day": 3}))) == []
    comment(root)
    assert parsed(warm(loaded(root, {"day": 3}), memory)) == []  # it takes the files as they were
    assert parsed(warm(loaded(root, {"day": 3}))) == ["models/marts/arrivals.sql"]


def test_a_fault_loses_nothing(root: Path) -> None:
    memory = Memory()
    before = warm(loaded(root), memory)
    model = root / "models" / "marts" / "arrivals.sql"
    text = model.read_text()
    model.write_text("select * from {{ ref('nowhere') }}")
    assert "nowhere" in warm(loaded(root), memory).faults[0]
    model.write_text(text)
    assert warm(loaded(root), memory).content == before.content


def test_the_manifest_is_the_same_text(root: Path) -> None:
    from tidemill.adapters.registry import adapter_for
    from tidemill.engine.parsing.cached import parse_cached

    def text(memory: Memory | None) -> bytes:
        config = loaded(root)
        adapter = adapter_for(config.target.type)(config.target.credentials, config.root)
        manifest = parse_cached(config, adapter, memory=memory).project.manifest
        body = manifest_json(manifest).partition(b'"nodes"')[2]
        # When an edited node was made is not noted before it is written.
        return re.sub(rb'"created_at":[0-9.]+', b"", body)

    memory = Memory()
    text(memory)
    for step in range(3):
        comment(root, str(step))
        found = text(memory)
        memory.flush()
        assert found == text(None) == text(memory)
