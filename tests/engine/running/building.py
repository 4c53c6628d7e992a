"""Manifests made by hand, for tests of plans and schedulers that need no files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tidemill.engine.nodes import (
    DependsOn,
    Hook,
    Manifest,
    ManifestMetadata,
    Model,
    Node,
    Seed,
    SingularTest,
    Source,
)

TEST_CONFIG = {
    "materialized": "test",
    "severity": "ERROR",
    "fail_calc": "count(*)",
    "warn_if": "!= 0",
    "error_if": "!= 0",
    "limit": None,
    "store_failures": None,
}
"""dbt's defaults."""
METADATA = ManifestMetadata(
    project_name="shop", adapter_type="duckdb", project_id="", generated_at=0.0, invocation_id=""
)


def model(name: str, *parents: str, materialized: str = "table", **fields: Any) -> Model:
    """A model ``model.shop.<name>`` that reads ``parents`` (model names or unique ids)."""
    values: dict[str, Any] = {
        "path": f"{name}.sql",
        "original_file_path": f"models/{name}.sql",
        "alias": name,
        "schema": "main",
        "config": {"materialized": materialized},
    }
    return Model(
        unique_id=f"model.shop.{name}",
        resource_type="model",
        name=name,
        package_name="shop",
        fqn=("shop", name),
        database="shop",
        depends_on=DependsOn(tuple(map(unique_id, parents))),
        **(values | fields),
    )


def data_test(name: str, *parents: str, raw_code: str = "", **config: Any) -> SingularTest:
    """A test ``test.shop.<name>`` that reads ``parents``."""
    return SingularTest(
        unique_id=f"test.shop.{name}",
        resource_type="test",
        name=name,
        package_name="shop",
        path=f"{name}.sql",
        original_file_path=f"tests/{name}.sql",
        fqn=("shop", name),
        alias=name,
        schema="main_dbt_test__audit",
        database="shop",
        config={**TEST_CONFIG, **config},
        depends_on=DependsOn(tuple(map(unique_id, parents))),
        raw_code=raw_code,
    )


def seed(name: str, root: Path, **config: Any) -> Seed:
    """A seed ``seed.shop.<name>`` of the file ``<root>/seeds/<name>.csv``."""
    return Seed(
        unique_id=f"seed.shop.{name}",
        resource_type="seed",
        name=name,
        package_name="shop",
        path=f"{name}.csv",
        original_file_path=f"seeds/{name}.csv",
        fqn=("shop", name),
        alias=name,
        schema="main",
        database="shop",
        config={"materialized": "seed", **config},
        root_path=str(root),
    )


def hook(sql: str, when: str, index: int = 0) -> Hook:
    """A hook ``operation.shop.shop-<when>-<index>``."""
    name = f"shop-{when}-{index}"
    return Hook(
        unique_id=f"operation.shop.{name}",
        resource_type="operation",
        name=name,
        package_name="shop",
        path=f"hooks/{name}.sql",
        original_file_path="./dbt_project.yml",
        fqn=("shop", "hooks", name),
        alias=name,
        schema="main",
        database="shop",
        config={"tags": [when], "materialized": "view"},
        raw_code=sql,
        index=index,
    )


def source(name: str) -> Source:
    """A source table ``source.shop.raw.<name>``."""
    return Source(
        unique_id=f"source.shop.raw.{name}",
        name=name,
        source_name="raw",
        package_name="shop",
        path="models/schema.yml",
        original_file_path="models/schema.yml",
        fqn=("shop", "raw", name),
        database="shop",
        schema="raw",
        identifier=name,
    )


def manifest(*nodes: Node | Source) -> Manifest:
    """A manifest of these nodes and sources."""
    return Manifest(
        metadata=METADATA,
        nodes={node.unique_id: node for node in nodes if isinstance(node, Node)},
        sources={node.unique_id: node for node in nodes if isinstance(node, Source)},
        hooks=tuple(node for node in nodes if isinstance(node, Hook)),
    )


def unique_id(name: str) -> str:
    """``orders`` as ``model.shop.orders``; a unique id as it is."""
    return name if "." in name else f"model.shop.{name}"
