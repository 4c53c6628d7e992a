"""Who owns a node, as dbt's log tells it: the group of a model, or of the model that a test is about."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tidemill.cli.rendering.node_info import Lookup
    from tidemill.engine.nodes import Group, Resource

GroupLookup = Callable[[str], "Group | None"]
"""Finds a group by its unique id."""

Owner = Callable[["Resource | None"], dict[str, Any]]
"""Gives the field ``group`` of a node's events."""


def group_data(node: Resource | None, lookup: Lookup, groups: GroupLookup) -> dict[str, Any]:
    """The field ``group`` of an event about ``node``; empty where nobody owns it."""
    attached = getattr(node, "attached_node", None)
    owned = lookup(attached) if attached else node
    name = owned.config.get("group") if owned is not None else None
    group = groups(f"group.{owned.package_name}.{name}") if owned is not None and name else None
    if group is None:
        return {}
    owner = {key: str(value) for key, value in group.owner.items()}
    return {"group": {"name": group.name, "package_name": group.package_name, "owner": owner}}
