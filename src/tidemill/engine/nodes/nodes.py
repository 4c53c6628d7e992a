"""Nodes: what can be selected and executed. One struct each, on one common base.

``config`` is the merged, final configuration with dbt's keys and dbt's defaults: a plain mapping,
because its keys are open (adapters and packages add theirs). Treat it as read-only.
"""

from __future__ import annotations

from typing import Any

import msgspec

from tidemill.engine.nodes.parts import Batch, Column, DependsOn, Ref


class Node(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    """What all nodes have. Paths use ``/`` on every platform."""

    unique_id: str
    resource_type: str
    name: str
    package_name: str
    path: str
    """Relative to the folder that it was searched in (``models``): ``staging/stg_orders.sql``."""
    original_file_path: str
    """Relative to its package: ``models/staging/stg_orders.sql``."""
    fqn: tuple[str, ...]
    alias: str
    schema: str
    database: str | None
    relation_name: str | None = None
    """The rendered relation (``"shop"."main"."orders"``), None for what has no relation."""

    config: dict[str, Any] = {}
    unrendered_config: dict[str, Any] = {}
    """The configuration as written, before its Jinja was rendered."""
    config_call: dict[str, Any] = {}
    """What ``config()`` in the file set."""

    raw_code: str = ""
    language: str = "sql"
    checksum: str = ""
    """Hex SHA-256 of the file's content, as dbt computes it for this resource type."""
    line: int = 1
    """Line of ``original_file_path`` on which the raw code begins."""

    refs: tuple[Ref, ...] = ()
    sources: tuple[tuple[str, str], ...] = ()
    metrics: tuple[tuple[str, ...], ...] = ()
    functions: tuple[tuple[str, ...], ...] = ()
    depends_on: DependsOn = DependsOn()

    description: str = ""
    columns: dict[str, Column] = {}
    doc_blocks: tuple[str, ...] = ()
    patch_path: str | None = None
    """``package://path`` of the properties file that describes it."""
    group: str | None = None
    build_path: str | None = None

    @property
    def identifier(self) -> str:
        """The name of the relation (dbt's word for the last part)."""
        return self.alias

    @property
    def tags(self) -> list[str]:
        """Without repetition, where the configuration keeps it (dbt's rule)."""
        return list(dict.fromkeys(self.config.get("tags") or ()))

    @property
    def meta(self) -> dict[str, Any]:
        return self.config.get("meta") or {}

    @property
    def materialized(self) -> str:
        return self.config.get("materialized") or "view"

    @property
    def is_ephemeral(self) -> bool:
        return self.resource_type == "model" and self.materialized == "ephemeral"

    @property
    def is_relational(self) -> bool:
        """True for what becomes a relation in the warehouse or a CTE in others' SQL."""
        return self.resource_type in {"model", "seed", "snapshot"}


class Model(Node, frozen=True, kw_only=True, tag="model"):
    """A model. ``access`` and ``version`` follow dbt's model governance."""

    access: str = "protected"
    version: str | int | float | None = None
    latest_version: str | int | float | None = None
    deprecation_date: str | None = None
    constraints: tuple[dict[str, Any], ...] = ()
    primary_key: tuple[str, ...] = ()
    time_spine: dict[str, Any] | None = None
    batch: Batch | None = None
    """Set while one batch of a microbatch model is built."""
    cte_name: str | None = None
    """The name of its CTE, where that is not its alias: for the inputs of unit tests."""

    @property
    def is_latest_version(self) -> bool:
        return self.version is not None and self.version == self.latest_version


class Seed(Node, frozen=True, kw_only=True, tag="seed"):
    """A CSV file. ``root_path`` is the folder of the package it belongs to."""

    root_path: str | None = None


class Snapshot(Node, frozen=True, kw_only=True, tag="snapshot"):
    """A snapshot, from a ``{% snapshot %}`` block or from YAML."""


class Function(Node, frozen=True, kw_only=True, tag="function"):
    """A function of the warehouse, written in the project."""

    arguments: tuple[dict[str, Any], ...] = ()
    returns: dict[str, Any] | None = None


class Analysis(Node, frozen=True, kw_only=True, tag="analysis"):
    """SQL that is compiled and never run."""


class SingularTest(Node, frozen=True, kw_only=True, tag="singular_test"):
    """A data test written as one SQL file."""


class TestMetadata(msgspec.Struct, frozen=True, kw_only=True):
    """Which generic test, with which arguments: dbt's ``test_metadata``."""

    __test__ = False  # not a pytest class

    name: str
    namespace: str | None = None
    kwargs: dict[str, Any] = {}


class GenericTest(Node, frozen=True, kw_only=True, tag="generic_test"):
    """A data test made from a generic test and a YAML entry."""

    test_metadata: TestMetadata
    column_name: str | None = None
    attached_node: str | None = None
    """The unique id of the model, seed, snapshot or source it stands under, where that is a node."""
    file_key_name: str | None = None
    """dbt's ``models.orders``: the section and entry of the properties file."""
    inherited_tags: tuple[str, ...] = ()
    """Tags of its YAML entry, and of the column or source that it stands under."""

    @property
    def tags(self) -> list[str]:
        """Inherited tags count for selection, but are no part of the configuration (dbt's rule)."""
        return list(dict.fromkeys((*sorted(self.inherited_tags), *super().tags)))


class Hook(Node, frozen=True, kw_only=True, tag="hook"):
    """One on-run-start or on-run-end statement (dbt's resource type ``operation``)."""

    index: int = 0

    @property
    def tags(self) -> list[str]:
        """dbt tags these nodes, and only these, with where they run: ``on-run-start``."""
        when = "on-run-end" if "-on-run-end-" in self.name else "on-run-start"
        return [when, *super().tags]


class UnitTestNode(Node, frozen=True, kw_only=True, tag="unit_test_node"):
    """A unit test made ready to run: the model's SQL under the test's name. It is no part of a manifest."""

    tested_node: str
    this_input: str | None = None
    """The unique id of the input that stands for the model's own relation."""
    overrides: dict[str, Any] = {}
    """``macros``, ``vars`` and ``env_vars`` by name."""


AnyNode = Model | Seed | Snapshot | Analysis | SingularTest | GenericTest | Hook
"""Every kind of node, as a tagged union for decoding."""
