"""Commands beside an earlier state: what changed, deferring, cloning, and what is left to retry."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tidemill.commands.build import build
from tidemill.commands.clone import clone
from tidemill.commands.compile import compile_selected
from tidemill.commands.opening import Opening, OpenProject, open_project
from tidemill.commands.parse import parse
from tidemill.commands.retry import Retry, read_retry
from tidemill.commands.run import run
from tidemill.commands.running_nodes import RunOptions
from tidemill.commands.selecting import Selecting, select_ids
from tidemill.errors import ConfigurationError, UsageError

PROFILE = """
shop:
  target: dev
  outputs:
    dev: {type: duckdb, path: shop.duckdb, threads: 2}
    ci: {type: duckdb, path: shop.duckdb, schema: ci, threads: 2}
"""


@pytest.fixture
def state(shop: Path) -> str:
    """Return the artifacts of a build in the first target."""
    (shop / "profiles.yml").write_text(PROFILE)
    with open_project(shop) as project:
        assert build(project).finish().success
    shutil.copytree(shop / "target", shop / "state")
    return str(shop / "state")


@pytest.fixture
def ci(shop: Path, state: str) -> Iterator[OpenProject]:
    """The project in a target in which nothing is built, with a new model."""
    (shop / "models" / "best.sql").write_text("select customer_id from {{ ref('customers') }}")
    with open_project(shop, Opening(target="ci")) as project:
        yield project


def _sql(project: OpenProject, **options: object) -> str:
    chosen = RunOptions(select=("best",), write_json=False, **options)  # type: ignore[arg-type]
    result = compile_selected(project, chosen).finish()
    return next(r.compiled_code for r in result.results if r.unique_id == "model.shop.best") or ""


def test_what_is_new_and_what_failed_can_be_selected(ci: OpenProject, state: str) -> None:
    def chosen(words: str) -> list[str]:
        return select_ids(ci, "run", Selecting(select=(words,), state=state))

    assert chosen("state:new") == ["model.shop.best"]
    assert chosen("state:modified") == ["model.shop.best"]
    assert chosen("state:old,customers") == ["model.shop.customers"]
    assert chosen("result:success,stg_*") == ["model.shop.stg_customers", "model.shop.stg_orders"]


def test_refs_defer_to_what_another_target_built(ci: OpenProject, state: str) -> None:
    assert '"ci"."customers"' in _sql(ci)
    assert '"main"."customers"' in _sql(ci, state=state, defer=True)
    assert '"main"."customers"' in _sql(ci, defer_state=state, defer=True)
    assert '"ci"."customers"' in _sql(ci, state=state)


def test_what_is_built_here_wins_unless_the_state_is_in_favour(ci: OpenProject, state: str) -> None:
    assert clone(ci, RunOptions(state=state, select=("customers",))).finish().success
    assert '"ci"."customers"' in _sql(ci, state=state, defer=True)
    assert '"main"."customers"' in _sql(ci, state=state, defer=True, favor_state=True)


def test_clones_show_the_rows_of_the_other_target(ci: OpenProject, state: str) -> None:
    result = clone(ci, RunOptions(state=state, resource_types=("model",))).finish()
    assert {r.unique_id: (r.status, r.message) for r in result.results} == {
        "model.shop.best": ("success", "No-op"),
        "model.shop.customers": ("success", "OK"),
        "model.shop.stg_customers": ("success", "OK"),
        "model.shop.stg_orders": ("success", "OK"),
    }
    assert run(ci, RunOptions(select=("best",))).finish().success
    again = clone(ci, RunOptions(state=state, select=("customers",))).finish()
    assert [r.message for r in again.results] == ["No-op"]


@pytest.mark.parametrize("options", [{"defer": True}, {"defer": True, "state": "nowhere"}])
def test_deferring_needs_a_manifest(project: OpenProject, options: dict[str, object]) -> None:
    with pytest.raises(UsageError) as raised:
        run(project, RunOptions(**options)).finish()  # type: ignore[arg-type]
    assert raised.value.fault.code == "state-missing"


@pytest.mark.parametrize(
    "schema", ["https://x/manifest/v3.json", "https://x/manifest/v13.json", None]
)
def test_manifests_of_unknown_versions_are_refused(
    project: OpenProject, shop: Path, schema: str | None
) -> None:
    (shop / "manifest.json").write_text(json.dumps({"metadata": {"dbt_schema_version": schema}}))
    with pytest.raises(ConfigurationError, match="schema version"):
        select_ids(project, "run", Selecting(select=("state:new",), state=str(shop)))


def test_what_failed_or_was_skipped_is_left_to_retry(shop: Path, project: OpenProject) -> None:
    (shop / "models" / "broken.sql").write_text("select nothing from {{ ref('customers') }}")
    (shop / "models" / "behind.sql").write_text("select * from {{ ref('broken') }}")
    options = RunOptions(select=("+behind",), exclude=("resource_type:test",), full_refresh=True)
    assert not build(project, options).finish().success
    retry = read_retry(shop / "target")
    assert retry.verb == "build"
    assert retry.unique_ids == ("model.shop.broken", "model.shop.behind")
    assert retry.arguments["select"] == ["+behind"]
    assert retry.arguments["full_refresh"] is True


def test_only_the_failed_batches_are_left(tmp_path: Path) -> None:
    first = ["2024-01-01T00:00:00+00:00", "2024-01-02T00:00:00+00:00"]
    second = ["2024-01-02T00:00:00+00:00", "2024-01-03T00:00:00+00:00"]
    entry = {
        "unique_id": "model.shop.days",
        "status": "partial success",
        "batch_results": {"successful": [first], "failed": [second]},
    }
    results = {
        "args": {"which": "run"},
        "metadata": {"invocation_started_at": "2024-01-05T06:00:00.5Z"},
        "results": [entry, {**entry, "status": "success"}],
    }
    (tmp_path / "run_results.json").write_text(json.dumps(results))
    found: Retry = read_retry(tmp_path)
    assert found.unique_ids == ("model.shop.days",)
    [failed] = found.batches["model.shop.days"].failed
    assert (failed.start.day, failed.end.day) == (2, 3)
    assert found.began == dt.datetime(2024, 1, 5, 6, 0, 0, 500_000, dt.UTC).timestamp()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "Could not find previous run in"),
        ('{"args": {"which": "freshness"}}', "the previous command was 'freshness'"),
        ("[]", "cannot be read as an artifact"),
    ],
)
def test_what_cannot_be_retried(tmp_path: Path, content: str | None, message: str) -> None:
    if content is not None:
        (tmp_path / "run_results.json").write_text(content)
    with pytest.raises((UsageError, ConfigurationError), match=message):
        read_retry(tmp_path)


def test_large_seeds_are_known_by_their_path(shop: Path) -> None:
    seed = shop / "seeds" / "raw_orders.csv"
    small = seed.read_text()
    said: list[str] = []

    def modified(state: str) -> list[str]:
        with open_project(shop) as project:
            words = Selecting(select=("state:modified",), state=str(shop / state))
            return select_ids(
                project, "seed", words, emit=lambda message: said.append(message.code or "")
            )

    def keep(state: str) -> None:
        with open_project(shop) as project:
            parse(project)
        shutil.copytree(shop / "target", shop / state)

    keep("small")
    seed.write_text(small + small.splitlines()[-1] * 90_000)
    assert (modified("small"), said) == (["seed.shop.raw_orders"], ["I052"])
    keep("large")
    seed.write_text(seed.read_text() + "and more")
    said.clear()
    assert (modified("large"), said) == ([], ["I053", "M030"])


def test_a_retry_of_what_is_gone_says_so(shop: Path, project: OpenProject) -> None:
    with pytest.raises(UsageError, match=r"Couldn.t find model .model\.shop\.gone"):
        run(project, RunOptions(only=("model.shop.gone",))).finish()
