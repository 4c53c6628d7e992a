"""One node, by what a person would call it."""

from __future__ import annotations

import pytest

from tidemill.commands.finding import find_node, find_resource
from tidemill.engine.nodes import Analysis, Manifest, ManifestMetadata, Model, Node, Source
from tidemill.errors import UsageError


def model(package: str, name: str, version: int | None = None, latest: int | None = None) -> Model:
    suffix = f".v{version}" if version else ""
    return Model(
        **_common(f"model.{package}.{name}{suffix}", package, name),
        resource_type="model",
        version=version,
        latest_version=latest,
    )


def analysis(package: str, name: str) -> Analysis:
    common = _common(f"analysis.{package}.{name}", package, name)
    return Analysis(**common, resource_type="analysis")


def _common(unique_id: str, package: str, name: str) -> dict[str, object]:
    return {
        "unique_id": unique_id, "name": name, "package_name": package, "path": "", "fqn": (),
        "original_file_path": "", "alias": name, "schema": "main", "database": None,
    }  # fmt: skip


RAW = Source(
    unique_id="source.shop.raw.orders", name="orders", source_name="raw", package_name="shop",
    path="", original_file_path="", fqn=(), database=None, schema="raw", identifier="orders",
)  # fmt: skip


def manifest(*nodes: Node) -> Manifest:
    metadata = ManifestMetadata(
        project_name="shop", adapter_type="duckdb", project_id="", generated_at=0, invocation_id=""
    )
    return Manifest(
        metadata=metadata,
        nodes={node.unique_id: node for node in nodes},
        sources={RAW.unique_id: RAW},
    )


PROJECT = manifest(
    model("shop", "orders"),
    model("other", "orders"),
    model("other", "events"),
    model("shop", "users", 1, 2),
    model("shop", "users", 2, 2),
    analysis("shop", "events"),
    model("one", "twin"),
    model("two", "twin"),
)


@pytest.mark.parametrize(
    ("name", "unique_id"),
    [
        ("orders", "model.shop.orders"),
        ("other.orders", "model.other.orders"),
        ("model.other.orders", "model.other.orders"),
        ("users", "model.shop.users.v2"),
        ("model.shop.users.v1", "model.shop.users.v1"),
        ("events", "model.other.events"),
        ("shop.events", "analysis.shop.events"),
    ],
)
def test_found(name: str, unique_id: str) -> None:
    assert find_node(PROJECT, name, root="shop").unique_id == unique_id


def test_the_nearest_is_named() -> None:
    with pytest.raises(UsageError) as caught:
        find_node(PROJECT, "ordes", root="shop")
    assert caught.value.fault.hint == "did you mean 'orders'?"


def test_several_are_listed() -> None:
    with pytest.raises(UsageError) as caught:
        find_node(PROJECT, "twin", root="shop")
    assert caught.value.fault.hint == "choose one: model.one.twin, model.two.twin"


@pytest.mark.parametrize(
    ("name", "unique_id"),
    [
        ("raw.orders", "source.shop.raw.orders"),
        ("source.shop.raw.orders", "source.shop.raw.orders"),
        ("orders", "model.shop.orders"),
    ],
)
def test_sources_too(name: str, unique_id: str) -> None:
    assert find_resource(PROJECT, name, root="shop").unique_id == unique_id
