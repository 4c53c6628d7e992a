"""Rules about a whole project: names, relations, groups, access."""

from __future__ import annotations

from pathlib import Path

import msgspec

from tests.engine.parsing.test_linking import manifest_of, named
from tests.engine.running.hosting import make_host
from tidemill.engine.nodes import Model, Seed
from tidemill.engine.parsing.governance import UNIQUE_NAMES, governance_faults, shared_names


def faults(tmp_path: Path, *nodes: Model) -> list[tuple[str, str | None]]:
    found = governance_faults(manifest_of(*nodes), make_host(tmp_path))
    return [(fault.code, fault.node) for fault in found]


def test_a_sound_project_has_no_faults(tmp_path: Path) -> None:
    assert faults(tmp_path, named("a", alias="a"), named("b", alias="b", access="public")) == []


def test_groups_must_exist(tmp_path: Path) -> None:
    (fault,) = governance_faults(manifest_of(named("a", group="sales")), make_host(tmp_path))
    assert fault.message == "Invalid group 'sales', expected one of []"


def test_an_ephemeral_model_is_not_public(tmp_path: Path) -> None:
    model = named("a", access="public", config={"materialized": "ephemeral"})
    assert faults(tmp_path, model) == [("access-ephemeral", "model.shop.a")]


def test_one_relation_for_two_models(tmp_path: Path) -> None:
    models = named("a", alias="same"), named("b", alias="same")
    (fault,) = governance_faults(manifest_of(*models), make_host(tmp_path))
    assert fault.code == "relation-duplicate"
    assert "dbt found two resources with the database representation" in fault.message
    assert "models/a.sql" in fault.message
    assert "models/b.sql" in fault.message


def test_a_version_beside_a_model_without(tmp_path: Path) -> None:
    models = (
        named("a", alias="a"),
        named("a", unique_id="model.shop.a.v1", alias="a_v1", version=1, latest_version=1),
    )
    assert faults(tmp_path, *models) == [("version-mixed", "model.shop.a")]


def test_a_seed_may_share_a_models_name_unless_the_flag_says_no(tmp_path: Path) -> None:
    model = named("a", alias="a_model")
    seed = Seed(
        unique_id="seed.shop.a",
        resource_type="seed",
        name="a",
        package_name="shop",
        path="a.csv",
        original_file_path="seeds/a.csv",
        fqn=("shop", "a"),
        alias="a_seed",
        schema="main",
        database="shop",
        config={},
    )
    manifest = msgspec.structs.replace(
        manifest_of(model), nodes={model.unique_id: model, seed.unique_id: seed}
    )
    host = make_host(tmp_path)
    assert [*governance_faults(manifest, host)] == []
    assert [*shared_names(manifest)] == [(model, seed)]
    host.config.project.flags[UNIQUE_NAMES] = True
    (fault,) = governance_faults(manifest, host)
    assert 'dbt found two resources with the name "a"' in fault.message
