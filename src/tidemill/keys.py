"""Names of things. A unique id is dbt's: ``<resource type>.<package>.<name>[.<suffix>]``."""

from __future__ import annotations

from typing import Literal, get_args

ResourceType = Literal[
    "model",
    "seed",
    "snapshot",
    "test",
    "unit_test",
    "analysis",
    "operation",
    "source",
    "exposure",
    "macro",
    "doc",
    "group",
    "metric",
    "semantic_model",
    "saved_query",
    "function",
]
"""dbt's resource types, as they stand at the head of a unique id."""

RESOURCE_TYPES: tuple[str, ...] = get_args(ResourceType)


def unique_id(resource_type: str, package: str, *names: str) -> str:
    """Join the parts of a unique id: ``unique_id("model", "shop", "orders")``."""
    return ".".join((resource_type, package, *names))


def resource_type_of(node_id: str) -> str:
    """The head of a unique id: ``model`` for ``model.shop.orders``."""
    return node_id.partition(".")[0]


def package_of(node_id: str) -> str:
    """The package of a unique id: ``shop`` for ``model.shop.orders``."""
    return node_id.split(".", 2)[1]
