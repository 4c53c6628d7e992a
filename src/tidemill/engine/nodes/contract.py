"""The checksum of a model's contract: changes when a consumer could notice. dbt's value, so that states compare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from tidemill.engine.nodes.nodes import Model, Node

_ENFORCED_BY = frozenset({"table", "incremental"})
"""Materialisations that put constraints into the table's definition."""

_FIELDS = ("name", "expression", "warn_unenforced", "warn_unsupported", "to", "to_columns")


def contract_checksum(node: Node) -> str | None:
    """Hex SHA-256 over columns, types and constraints where the contract is enforced, else None."""
    contract = node.config.get("contract") or {}
    if not isinstance(node, Model) or not contract.get("enforced"):
        return None
    parts = [
        f"|{column.name}{column.data_type}{_constraints('Column', column.constraints)}"
        for _, column in sorted(node.columns.items())
    ]
    if node.materialized in _ENFORCED_BY:
        parts.append(node.materialized + _constraints("Model", node.constraints))
    return sha256("".join(parts).encode()).hexdigest()


def _constraints(level: str, constraints: Sequence[Mapping[str, Any]]) -> str:
    """Constraints as text in the form that dbt hashes: the display of its own values."""
    return f"[{', '.join(_constraint(level, constraint) for constraint in constraints)}]"


def _constraint(level: str, constraint: Mapping[str, Any]) -> str:
    kind = constraint["type"]
    fields = _FIELDS if level == "Column" else (*_FIELDS, "columns")
    values = ", ".join(f"{name}={constraint[name]!r}" for name in fields)
    return f"{level}LevelConstraint(type=<ConstraintType.{kind}: {kind!r}>, {values})"
