"""Tidemill builds what the generator writes, twice, with every test passing."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from benchmarks.generator.project import load_sources, write_project
from benchmarks.generator.shape import make_shape
from tidemill import Project


def test_a_generated_project_builds_twice(tmp_path: Path) -> None:
    shape = make_shape(20)
    write_project(tmp_path, shape)
    load_sources(tmp_path, shape)

    for _ in range(2):
        with Project(tmp_path) as project:
            run = project.build(exclude="resource_type:snapshot")
            for _ in run:
                pass
        ephemeral = sum(model.materialized == "ephemeral" for model in shape.models)
        statuses = Counter(each.status for each in run.result.results)
        assert set(statuses) == {"success", "pass"}
        assert statuses["success"] == len(shape.models) - ephemeral + len(shape.seeds)
