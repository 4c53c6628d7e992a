"""dbt's ``node_info``: what the log says of a node, beside every event about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tidemill.engine.nodes import Resource

Lookup = Callable[[str], "Resource | None"]
"""Finds a resource by its unique id; None when the project is not known (yet)."""


def node_info(
    node: Resource | None,
    *,
    status: str = "None",
    started_at: float | None = None,
    finished_at: float | None = None,
) -> dict[str, Any]:
    """The mapping as dbt logs it. Empty when the node is not known."""
    if node is None:
        return {}
    return {
        "materialized": _materialized(node),
        "meta": node.meta,
        "node_checksum": getattr(node, "checksum", "") or "",
        "node_finished_at": _moment(finished_at),
        "node_name": node.name,
        "node_path": node.path,
        "node_relation": {
            "alias": getattr(node, "alias", ""),
            "database": getattr(node, "database", "") or "",
            "relation_name": getattr(node, "relation_name", "") or "",
            "schema": getattr(node, "schema", "") or "",
        },
        "node_started_at": _moment(started_at),
        "node_status": status,
        "resource_type": node.resource_type,
        "unique_id": node.unique_id,
    }


def _materialized(node: Resource) -> Any:
    return getattr(node, "materialized", "")


def _moment(at: float | None) -> str:
    if at is None:
        return ""
    return datetime.fromtimestamp(at, tz=UTC).replace(tzinfo=None).isoformat()
