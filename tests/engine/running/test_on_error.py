"""``on_error: continue``: what stands behind a model that failed runs all the same."""

from __future__ import annotations

from pathlib import Path

from tests.engine.running.projects import run, write

FILES = {
    "models/patient.sql": """
        {{ config(materialized='table', on_error='continue') }}
        select {{ 'nope' if var('broken', false) else 1 }} as id
    """,
    "models/strict.sql": "select {{ 'nope' if var('both', false) else 1 }} as id",
    "models/child.sql": "{{ config(materialized='table') }} select * from {{ ref('patient') }}",
    "models/joint.sql": """
        select a.id from {{ ref('patient') }} a, {{ ref('strict') }} b
    """,
}


def test_children_run_on_what_was_there_before(tmp_path: Path) -> None:
    root = write(tmp_path, FILES)
    run(root, "run")
    outcome = run(root, "run", variables={"broken": True})
    assert outcome.statuses == {
        "patient": "error", "strict": "success", "child": "success", "joint": "success",
    }  # fmt: skip


def test_a_parent_that_is_strict_wins_and_so_does_fail_fast(tmp_path: Path) -> None:
    root = write(tmp_path, FILES)
    run(root, "run")
    both = run(root, "run", variables={"broken": True, "both": True})
    assert (both.statuses["child"], both.statuses["joint"]) == ("success", "skipped")
    fast = run(root, "run", "patient", "child", variables={"broken": True}, fail_fast=True)
    assert fast.statuses == {"patient": "error", "child": "skipped"}
