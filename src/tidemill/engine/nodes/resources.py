"""Resources that are known to the graph but are not built: sources, macros, exposures, docs, groups."""

from __future__ import annotations

from typing import Any

import msgspec

from tidemill.engine.nodes.parts import Column, DependsOn, Ref


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """One table of a source: data that others load."""

    unique_id: str
    name: str
    source_name: str
    package_name: str
    path: str
    original_file_path: str
    fqn: tuple[str, ...]
    database: str | None
    schema: str
    identifier: str
    relation_name: str | None = None
    loader: str = ""
    description: str = ""
    source_description: str = ""
    source_meta: dict[str, Any] = {}
    columns: dict[str, Column] = {}
    quoting: dict[str, bool | None] = {}
    config: dict[str, Any] = {}
    """Merged configuration: enabled, event_time, freshness, loaded_at_field, meta, tags ..."""
    unrendered_config: dict[str, Any] = {}
    external: dict[str, Any] | None = None
    unrendered_database: str | None = None
    unrendered_schema: str | None = None
    patch_path: str | None = None
    doc_blocks: tuple[str, ...] = ()
    line: int = 1
    resource_type: str = "source"

    @property
    def tags(self) -> list[str]:
        return self.config.get("tags") or []

    @property
    def meta(self) -> dict[str, Any]:
        return self.config.get("meta") or {}

    @property
    def depends_on(self) -> DependsOn:
        return DependsOn()


class MacroArgument(msgspec.Struct, frozen=True, kw_only=True):
    """A documented argument of a macro."""

    name: str
    type: str | None = None
    description: str = ""


class Macro(msgspec.Struct, frozen=True, kw_only=True):
    """One macro, generic test or materialisation.

    ``name`` is the callable name: a generic test ``unique`` is ``test_unique``, a materialisation is
    ``materialization_table_default``. ``macro_sql`` is the block's text including its tags.
    """

    unique_id: str
    name: str
    package_name: str
    path: str
    original_file_path: str
    macro_sql: str
    line: int = 1
    """Line of the file on which ``macro_sql`` begins."""
    depends_on_macros: tuple[str, ...] = ()
    description: str = ""
    config: dict[str, Any] = {}
    arguments: tuple[MacroArgument, ...] = ()
    patch_path: str | None = None
    supported_languages: tuple[str, ...] | None = None

    @property
    def meta(self) -> dict[str, Any]:
        return self.config.get("meta") or {}


class Doc(msgspec.Struct, frozen=True, kw_only=True):
    """One ``{% docs %}`` block."""

    unique_id: str
    name: str
    package_name: str
    path: str
    original_file_path: str
    block_contents: str


class Exposure(msgspec.Struct, frozen=True, kw_only=True):
    """A use of the data outside the project: a dashboard, a notebook, an application."""

    unique_id: str
    name: str
    package_name: str
    path: str
    original_file_path: str
    fqn: tuple[str, ...]
    type: str
    owner: dict[str, Any]
    description: str = ""
    label: str | None = None
    maturity: str | None = None
    url: str | None = None
    config: dict[str, Any] = {}
    unrendered_config: dict[str, Any] = {}
    refs: tuple[Ref, ...] = ()
    sources: tuple[tuple[str, str], ...] = ()
    metrics: tuple[tuple[str, ...], ...] = ()
    depends_on: DependsOn = DependsOn()
    line: int = 1
    resource_type: str = "exposure"

    @property
    def tags(self) -> list[str]:
        return self.config.get("tags") or []

    @property
    def meta(self) -> dict[str, Any]:
        return self.config.get("meta") or {}


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """An owner of models."""

    unique_id: str
    name: str
    package_name: str
    path: str
    original_file_path: str
    owner: dict[str, Any]
    description: str | None = None
    config: dict[str, Any] = {}


class UnitTest(msgspec.Struct, frozen=True, kw_only=True):
    """A unit test of a model: inputs given, rows expected."""

    unique_id: str
    name: str
    model: str
    package_name: str
    path: str
    original_file_path: str
    fqn: tuple[str, ...]
    given: tuple[dict[str, Any], ...]
    expect: dict[str, Any]
    overrides: dict[str, Any] | None = None
    description: str = ""
    config: dict[str, Any] = {}
    version: str | int | float | None = None
    versions: dict[str, Any] | None = None
    """``include`` and ``exclude``: which versions of the model are tested; None means all."""
    schema: str | None = None
    depends_on: DependsOn = DependsOn()
    line: int = 1
    resource_type: str = "unit_test"
    checksum: str | None = None

    @property
    def tags(self) -> list[str]:
        return self.config.get("tags") or []

    @property
    def meta(self) -> dict[str, Any]:
        return self.config.get("meta") or {}
