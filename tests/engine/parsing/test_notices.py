"""Warnings about sound projects."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.engine.parsing.test_linking import manifest_of, named
from tests.engine.running.hosting import make_host
from tidemill.engine.nodes import DependsOn, Model
from tidemill.engine.parsing.microbatch import batch_notices
from tidemill.engine.parsing.notices import notices

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
FOUND = "While compiling 'b': Found a reference to a.v1, which"
PAST, FUTURE = "2025-12-31T00:00:00+00:00", "2026-01-02T00:00:00+00:00"


def warned(tmp_path: Path, *models: Model, batches: bool = True) -> list[tuple[str, str]]:
    config = make_host(tmp_path).config
    found = notices(manifest_of(*models), config, now=NOW, batches=batches)
    return [(fault.code, fault.message) for fault in found]


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        (
            PAST,
            [
                ("model-retired", f"Model a.v1 has passed its deprecation date of {PAST}"),
                (
                    "ref-retired",
                    f"{FOUND} was deprecated on '{PAST}'",
                ),
            ],
        ),
        (
            FUTURE,
            [
                (
                    "ref-retiring",
                    f"{FOUND} is slated for deprecation on '{FUTURE}'",
                )
            ],
        ),
        (None, []),
    ],
)
def test_models_and_their_dates(
    tmp_path: Path, date: str | None, expected: list[tuple[str, str]]
) -> None:
    retired = named(
        "a", unique_id="model.shop.a.v1", version=1, latest_version=2, deprecation_date=date
    )
    reader = named("b", depends_on=DependsOn(("model.shop.a.v1",)))
    assert warned(tmp_path, retired, reader) == expected


@pytest.mark.parametrize(
    ("event_time", "batches", "codes"),
    [("at", True, []), (None, True, ["microbatch-unfiltered"]), (None, False, [])],
)
def test_microbatches_want_something_to_filter_by(
    tmp_path: Path, event_time: str | None, batches: bool, codes: list[str]
) -> None:
    source = named("a", config={"event_time": event_time})
    config = {"materialized": "incremental", "incremental_strategy": "microbatch"}
    model = named("b", config=config, depends_on=DependsOn(("model.shop.a",)))
    assert [code for code, _ in warned(tmp_path, source, model, batches=batches)] == codes


@pytest.mark.parametrize(
    ("runs_batches", "concurrent", "expected"),
    [
        (True, True, []),
        (True, False, ["microbatch-concurrency"]),
        (False, False, ["deprecated-microbatch-macro"]),
    ],
)
def test_batches_that_do_not_run_as_asked(
    runs_batches: bool, concurrent: bool, expected: list[str]
) -> None:
    config = {
        "materialized": "incremental",
        "incremental_strategy": "microbatch",
        "concurrent_batches": True,
    }
    manifest = manifest_of(named("a", config=config))
    found = batch_notices(
        manifest, runs_batches=runs_batches, concurrent=concurrent, adapter="postgres"
    )
    assert [fault.code for fault in found] == expected
