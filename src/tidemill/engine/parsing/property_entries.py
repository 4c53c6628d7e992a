"""The values that property files are read into."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from tidemill.engine.nodes import Column, MacroArgument
from tidemill.engine.project.config_trees import Layer
from tidemill.engine.project.files import ProjectFile
from tidemill.errors import Fault, Place

Version = str | int | float


class TestEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One generic test as written under a model, a seed, a snapshot, a source table or a column."""

    __test__ = False  # not a pytest class

    written: Any
    """A name, or a mapping in one of dbt's spellings."""
    place: Place
    column: str | None = None
    quote: bool = False
    """Whether the column's name is to be quoted."""
    tags: tuple[str, ...] = ()
    """Tags of the column (and for sources of the source and the table), which pass to the test."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of a section, rendered and checked, from which a resource is made."""

    section: str
    name: str
    values: dict[str, Any]
    written: dict[str, Any]
    """The values before their Jinja was rendered."""
    file: ProjectFile
    place_of: Callable[[tuple[str | int, ...]], Place]
    """Places by path inside the entry."""

    @property
    def place(self) -> Place:
        return self.place_of(())

    @property
    def line(self) -> int:
        return self.place.line or 1

    @property
    def config(self) -> Layer:
        """The entry's ``config``, which can tell where its keys stand."""
        return Layer(self.values.get("config") or {}, lambda key: self.place_of(("config", key)))


class Patch(msgspec.Struct, frozen=True, kw_only=True):
    """What a property file says about one node: a model (or one version of it), a seed, a snapshot,
    an analysis or a singular test.
    """

    section: str
    """``models``, ``seeds``, ``snapshots``, ``analyses`` or ``data_tests``."""
    name: str
    package: str
    file: str
    place: Place
    description: str = ""
    columns: dict[str, Column] = {}
    config: Layer = msgspec.field(default_factory=lambda: Layer({}))
    """``config`` with ``meta``, ``docs``, ``group``, ``contract`` and ``access`` from the top level."""
    unrendered: dict[str, Any] = {}
    """``config`` as it is written, Jinja and all."""
    tests: tuple[TestEntry, ...] = ()
    constraints: tuple[dict[str, Any], ...] = ()
    deprecation_date: str | None = None
    time_spine: dict[str, Any] | None = None
    arguments: tuple[dict[str, Any], ...] = ()
    """Of a function."""
    returns: dict[str, Any] | None = None
    """Of a function."""
    relation: str | None = None
    """For a snapshot that is written in YAML alone: ``ref('orders')``."""
    version: Version | None = None
    latest_version: Version | None = None
    defined_in: str | None = None
    """For a version: the name of its file, where the entry gives one."""
    versions: tuple[Patch, ...] = ()
    """For a versioned model: one patch for each version, complete in itself."""

    @property
    def patch_path(self) -> str:
        """dbt's ``package://path``."""
        return f"{self.package}://{self.file}"

    @property
    def file_names(self) -> tuple[str, ...]:
        """Names that the file of this model may have, best first."""
        if self.version is None:
            return (self.name,)
        versioned = self.defined_in or f"{self.name}_v{self.version}"
        names = (versioned, self.name) if self.version == self.latest_version else (versioned,)
        return tuple(dict.fromkeys(names))


class MacroPatch(msgspec.Struct, frozen=True, kw_only=True):
    """What a property file says about one macro."""

    name: str
    package: str
    file: str
    place: Place
    description: str = ""
    arguments: tuple[MacroArgument, ...] = ()
    config: dict[str, Any] = {}
    """dbt's ``{"meta": {}, "docs": {}}``."""

    @property
    def patch_path(self) -> str:
        """dbt's ``package://path``."""
        return f"{self.package}://{self.file}"


class Properties(msgspec.Struct, frozen=True, kw_only=True):
    """All that one property file says, and all that is wrong with it."""

    file: ProjectFile
    patches: tuple[Patch, ...] = ()
    macros: tuple[MacroPatch, ...] = ()
    sources: tuple[Entry, ...] = ()
    exposures: tuple[Entry, ...] = ()
    groups: tuple[Entry, ...] = ()
    unit_tests: tuple[Entry, ...] = ()
    metrics: tuple[Entry, ...] = ()
    semantic_models: tuple[Entry, ...] = ()
    saved_queries: tuple[Entry, ...] = ()
    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()
