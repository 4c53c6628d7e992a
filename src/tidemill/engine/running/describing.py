"""Nodes and outcomes in dbt's words, as its users know them from the terminal and from run_results.json."""

from __future__ import annotations

from tidemill.engine.nodes import Node, UnitTestNode
from tidemill.errors import Fault


def describe(node: Node, default_database: str | None) -> str:
    """What is done with a node: ``sql table model main.orders``, ``test unique_orders_id``."""
    if node.resource_type == "model":
        strategy = node.config.get("incremental_strategy")
        is_batched = node.materialized == "incremental" and strategy == "microbatch"
        how = "microbatch" if is_batched else node.materialized
        return f"{node.language} {how} model {relation_words(node, default_database)}"
    if node.resource_type == "seed":
        return f"seed file {relation_words(node, default_database)}"
    if node.resource_type in {"snapshot", "function"}:
        return f"{node.resource_type} {relation_words(node, default_database)}"
    if isinstance(node, UnitTestNode):
        return f"unit_test {node.tested_node.split('.')[2]}::{node.name}"
    kind = "saved query" if node.resource_type == "saved_query" else node.resource_type
    return f"{kind} {node.name}"


def relation_words(node: Node, default_database: str | None) -> str:
    """``main.orders``; with the database in front where it is not the target's."""
    parts = [node.schema, node.alias]
    if node.database and node.database != default_database:
        parts.insert(0, node.database)
    return ".".join(parts)


def count_of(number: int, word: str) -> str:
    """``1 result``, ``2 results``."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def first_line(fault: Fault) -> str:
    """What went wrong, in one line."""
    lines = [line.strip() for line in fault.message.splitlines() if line.strip()]
    return lines[0] if lines else fault.label
