"""Manifests made by hand, for tests of plans and schedulers that need no files."""

from __future__ import annotations

from typing import Any

from tidemill.engine.nodes import (
    DependsOn,
    GenericTest,
    Manifest,
    ManifestMetadata,
    Model,
    Node,
    Source,
    TestMetadata,
)

METADATA = ManifestMetadata(
    project_name="shop", adapter_type="duckdb", project_id="", generated_at=0.0, invocation_id=""
)


def model(name: str, *parents: str, materialized: str = "table", **fields: Any) -> Model:
    """A model ``model.shop.<name>`` that reads ``parents`` (model names or unique ids)."""
    return Model(
        unique_id=f"model.shop.{name}",
        resource_type="model",
        name=name,
        package_name="shop",
        path=f"{name}.sql",
        original_file_path=f"models/{name}.sql",
        fqn=("shop", name),
        alias=name,
        schema="main",
        database="shop",
        config={"materialized": materialized},
        depends_on=DependsOn(tuple(map(unique_id, parents))),
        **fields,
    )


def data_test(name: str, *parents: str, **config: Any) -> GenericTest:
    """A test ``test.shop.<name>`` that reads ``parents``."""
    return GenericTest(
        unique_id=f"test.shop.{name}",
        resource_type="test",
        name=name,
        package_name="shop",
        path=f"{name}.sql",
        original_file_path="models/schema.yml",
        fqn=("shop", name),
        alias=name,
        schema="main_dbt_test__audit",
        database="shop",
        config={"materialized": "test", **config},
        depends_on=DependsOn(tuple(map(unique_id, parents))),
        test_metadata=TestMetadata(name="unique"),
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
    )


def unique_id(name: str) -> str:
    """``orders`` as ``model.shop.orders``; a unique id as it is."""
    return name if "." in name else f"model.shop.{name}"
