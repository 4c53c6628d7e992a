"""Entries of ``sources`` to source tables, with dbt's rules for what a table takes over from its source.

    found = make_sources(entries, config)
    found.sources, found.tests, found.faults, found.warnings

The names of their relations are given later, by those who know the adapter. Descriptions are not rendered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from tidemill.engine.nodes import Source
from tidemill.engine.parsing.patches import entries_of_tests
from tidemill.engine.parsing.property_columns import columns_of
from tidemill.engine.parsing.property_entries import Entry, TestEntry
from tidemill.engine.parsing.source_freshness import loaded_at, merged_freshness
from tidemill.engine.project.config import RuntimeConfig
from tidemill.engine.project.config_merging import listed
from tidemill.engine.project.config_trees import (
    Layer,
    configs_for,
    merge_configs,
    unrendered_config,
)
from tidemill.errors import Fault, Place, TidemillError
from tidemill.keys import unique_id

_QUOTING = ("database", "schema", "identifier", "column")
_EXTERNAL = ("location", "file_format", "row_format", "tbl_properties", "partitions")
_NOT_PATCHED = frozenset({"name", "overrides", "tables"})


class SourceTests(msgspec.Struct, frozen=True):
    """The tests under one source table."""

    source: Source
    tests: tuple[TestEntry, ...]


class Sources(msgspec.Struct, frozen=True):
    """All source tables of a project, enabled or not, and what is wrong with them."""

    sources: tuple[Source, ...]
    tests: tuple[SourceTests, ...]
    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]


def make_sources(entries: Iterable[Entry], config: RuntimeConfig) -> Sources:
    """The source tables of all entries; an entry with ``overrides`` changes another package's source."""
    gathered = list(entries)
    overrides: dict[tuple[str, str], Entry] = {}
    twice: list[Fault] = []
    for entry in gathered:
        if "overrides" in entry.values:
            first = overrides.setdefault((entry.values["overrides"], entry.name), entry)
            if first is not entry:
                twice.append(_overridden_twice(first, entry))
    maker = _Maker(config, overrides, twice)
    for entry in gathered:
        if "overrides" not in entry.values:
            maker.add(entry)
    return maker.result()


class _Maker:
    def __init__(
        self, config: RuntimeConfig, overrides: dict[tuple[str, str], Entry], faults: list[Fault]
    ) -> None:
        self.config = config
        self.overrides = overrides
        self.used: set[tuple[str, str]] = set()
        self.sources: list[Source] = []
        self.tests: list[SourceTests] = []
        self.faults = faults

    def add(self, entry: Entry) -> None:
        """The tables of one source."""
        key = (entry.file.package, entry.name)
        override = self.overrides.get(key)
        self.used.add(key)
        for index, table in enumerate(entry.values.get("tables") or ()):
            try:
                source_values, table_values = _patched(entry.values, table, override)
                source = self.source(entry, source_values, table_values, index, override)
            except TidemillError as error:
                self.faults += error.faults
                continue
            self.sources.append(source)
            tests = _tests(entry, source_values, table_values, index)
            if tests:
                self.tests.append(SourceTests(source, tests))

    def source(
        self,
        entry: Entry,
        values: Mapping[str, Any],
        table: Mapping[str, Any],
        index: int,
        override: Entry | None,
    ) -> Source:
        file, name = entry.file, str(table["name"])
        fqn = (file.package, *file.relative_path.split("/")[:-1], entry.name, name)
        place = entry.place_of(("tables", index))
        layer = _layer(entry, values, table, index)
        layers = configs_for(self.config, "sources", fqn, file.package)
        written = configs_for(self.config, "sources", fqn, file.package, rendered=False)
        target = self.config.target
        return Source(
            unique_id=unique_id("source", file.package, entry.name, name),
            name=name,
            source_name=entry.name,
            package_name=file.package,
            path=file.path,
            original_file_path=file.path,
            fqn=fqn,
            database=values.get("database") or target.database,
            schema=values.get("schema") or entry.name,
            identifier=table.get("identifier") or name,
            loader=values.get("loader") or "",
            description=table.get("description") or "",
            source_description=values.get("description") or "",
            source_meta=_meta(values),
            columns=columns_of(table.get("columns")),
            quoting=_quoting(values, table),
            config=merge_configs([*layers.own, layer, *layers.root], "source"),
            unrendered_config=unrendered_config([*written.own, layer, *written.root]),
            external=_external(table.get("external")),
            unrendered_database=entry.written.get("database"),
            unrendered_schema=entry.written.get("schema"),
            patch_path=override.file.path if override else None,
            line=place.line or 1,
        )

    def result(self) -> Sources:
        unused = [
            Fault(
                code="unused-override",
                label="Warning",
                message=f"there is no source '{name}' in the package '{package}' to override",
                place=entry.place,
            )
            for (package, name), entry in self.overrides.items()
            if (package, name) not in self.used
        ]
        unknowable = filter(None, map(_unknowable, self.sources))
        warnings = (*unused, *unknowable)
        return Sources(tuple(self.sources), tuple(self.tests), tuple(self.faults), warnings)


def _patched(
    values: Mapping[str, Any], table: Mapping[str, Any], override: Entry | None
) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Source and table with another package's override laid over them."""
    if override is None:
        return values, table
    changes = _changes(override.values)
    tables = override.values.get("tables") or ()
    found: Mapping[str, Any] = next(
        (other for other in tables if other.get("name") == table["name"]), {}
    )
    return {**values, **changes}, {**table, **(_changes(found) if found else {})}


def _changes(values: Mapping[str, Any]) -> dict[str, Any]:
    """What an override changes: null means nothing, except for freshness, which is replaced in any case (dbt's rule)."""
    kept = {k: v for k, v in values.items() if k not in _NOT_PATCHED and v is not None}
    return {**kept, "freshness": values.get("freshness", {})}


def _unknowable(source: Source) -> Fault | None:
    """A warning where limits of freshness are set, and nothing says when the table was loaded."""
    limits = source.config.get("freshness") or {}
    is_limited = any(
        (limits.get(name) or {}).get("count") for name in ("warn_after", "error_after")
    )
    is_known = source.config.get("loaded_at_field") or source.config.get("loaded_at_query")
    if not is_limited or is_known or not source.config.get("enabled", True):
        return None
    return Fault(
        code="freshness-unknowable",
        label="Warning",
        message="The configured adapter does not support metadata-based freshness. A loaded_at_field must "
        f"be specified for source '{source.source_name}.{source.name}'.",
        place=Place(file=source.original_file_path, line=source.line),
    )


def _overridden_twice(first: Entry, second: Entry) -> Fault:
    package = second.values["overrides"]
    return Fault(
        code="patch-duplicate",
        label="Compilation Error",
        message=f"dbt found two schema.yml entries for the same source named {second.name} in package "
        f"{package}. Sources may only be overridden a single time.\n"
        f"  {first.place}\n  {second.place}",
        place=second.place,
        hint="remove the entry from one of these files",
    )


def _layer(entry: Entry, values: Mapping[str, Any], table: Mapping[str, Any], index: int) -> Layer:
    """The configuration of one table as the property file gives it."""
    place = entry.place_of(("tables", index))
    layer = {**(values.get("config") or {}), **(table.get("config") or {})}
    freshness = merged_freshness(values, table)
    if freshness or freshness is None:
        layer["freshness"] = freshness
    else:
        layer.pop("freshness", None)
    layer["loaded_at_field"], layer["loaded_at_query"] = loaded_at(values, table, place)
    layer["meta"] = {**_meta(values), **_meta(table)}
    layer["tags"] = sorted({*_tags(values), *_tags(table)})
    return Layer(layer, lambda key: entry.place_of(("tables", index, "config", key)))


def _meta(values: Mapping[str, Any]) -> dict[str, Any]:
    configured = (values.get("config") or {}).get("meta")
    return {**(values.get("meta") or {}), **(configured if isinstance(configured, dict) else {})}


def _tags(values: Mapping[str, Any]) -> Iterator[str]:
    yield from values.get("tags") or ()
    configured = (values.get("config") or {}).get("tags") or ()
    yield from (tag for tag in listed(configured) if isinstance(tag, str))


def _quoting(values: Mapping[str, Any], table: Mapping[str, Any]) -> dict[str, bool | None]:
    """The table's choices over the source's."""
    chosen: dict[str, bool | None] = dict.fromkeys(_QUOTING)
    for level in (values, table):
        written = level.get("quoting") or {}
        chosen |= {key: value for key, value in written.items() if value is not None}
    return chosen


def _external(written: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Where an external table's data is, with all of dbt's keys."""
    return None if written is None else {**dict.fromkeys(_EXTERNAL), **written}


def _tests(
    entry: Entry, values: Mapping[str, Any], table: Mapping[str, Any], index: int
) -> tuple[TestEntry, ...]:
    """Tests of the table before those of its columns, as in dbt; the tags of both levels pass to them."""
    return entries_of_tests(
        table,
        entry,
        ("tables", index),
        quote_columns=bool(_quoting(values, table)["column"]),
        tags=(*(values.get("tags") or ()), *(table.get("tags") or ())),
        columns_first=False,
    )
