"""Tidemill builds what the generator writes, twice, with every test passing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from benchmarks.generator.project import load_sources, write_project
from benchmarks.generator.shape import make_shape
from tidemill import Project
from tidemill.engine.nodes import NodeResult


def built(results: Iterable[NodeResult]) -> list[NodeResult]:
    """Return what ended well."""
    return [each for each in results if each.status in {"success", "pass"}]


def test_a_generated_project_builds_twice(tmp_path: Path) -> None:
    shape = make_shape(20)
    write_project(tmp_path, shape)
    load_sources(tmp_path, shape)

    for _ in range(2):
        with Project(tmp_path) as project:
            run = project.build()
            for _ in run:
                pass
        kinds = Counter(each.unique_id.partition(".")[0] for each in built(run.result.results))
        assert kinds["test"] > len(shape.models)
        assert kinds["model"] == sum(each.materialized != "ephemeral" for each in shape.models)
        assert kinds["seed"] == len(shape.seeds)
        assert kinds["snapshot"] == len(shape.snapshots)
