"""Property files (``schema.yml``) to typed entries: what they say of models, seeds, sources and the rest.

    properties = parse_properties(file, context)
    properties.patches, properties.sources, properties.faults

Entries are not joined to the nodes that they describe, and descriptions are not rendered: both need the
whole project. The neighbours ``sources``, ``exposures``, ``unit_tests`` and ``generic_tests`` make resources
of entries. Faults are gathered, so that one file reports all that is wrong with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from tidemill.engine.parsing.patches import make_macro_patch, make_patch
from tidemill.engine.parsing.property_columns import check_columns, check_constraints
from tidemill.engine.parsing.property_entries import Entry, MacroPatch, Patch, Properties
from tidemill.engine.parsing.property_rendering import render_entry
from tidemill.engine.parsing.property_schema import (
    MACRO_ARGUMENT,
    SHAPES,
    TABLE,
    TOP_KEYS,
    UNIT_TEST_ROWS,
    VERSION_SHAPE,
    Checked,
    Path,
    both_spellings,
    check_entry,
)
from tidemill.engine.project.config import RuntimeConfig
from tidemill.engine.project.config_context import ConfigContext
from tidemill.engine.project.files import ProjectFile
from tidemill.engine.project.loading import vars_for
from tidemill.engine.project.target_names import target_names
from tidemill.engine.project.yaml_loader import Document, describe_type, load_yaml
from tidemill.errors import Fault, TidemillError, did_you_mean

_PATCHED = ("models", "seeds", "snapshots", "functions", "analyses", "data_tests")


def properties_context(config: RuntimeConfig, package: str) -> ConfigContext:
    """What the Jinja in property files of ``package`` may call."""
    return ConfigContext(
        variables=vars_for(config, package),
        target=target_names(config.target),
        extra={"project_name": config.project.name},
        rendered_vars=False,
        package=package,
    )


def parse_properties(file: ProjectFile, context: ConfigContext) -> Properties:
    """Everything in one property file. Never raises for what the user wrote: see ``faults``."""
    try:
        # As in dbt, white space at the end does not count: not even that of a last block of text.
        document = load_yaml(file.read().rstrip(), file.path)
    except TidemillError as error:
        return Properties(file=file, faults=error.faults)
    return _Reader(file, document, context).read()


class _Reader:
    """One pass over the sections of one file."""

    def __init__(self, file: ProjectFile, document: Document, context: ConfigContext) -> None:
        self.file = file
        self.document = document
        self.context = context
        self.faults: list[Fault] = []
        self.warnings: list[Fault] = list(document.warnings)

    def read(self) -> Properties:
        if not isinstance(self.document.value, dict):
            if self.document.value is not None:
                found = describe_type(self.document.value)
                self.fault(
                    (), f"Dictionary expected: the file must hold a mapping, and holds {found}"
                )
            return self.properties({}, (), ())
        self.check_sections(self.document.value)
        entries = {section: tuple(self.entries(section)) for section in SHAPES}
        patches = [patch for section in _PATCHED for patch in self.patches(entries[section])]
        macros = tuple(make_macro_patch(entry) for entry in entries["macros"])
        return self.properties(entries, tuple(patches), macros)

    def properties(
        self,
        entries: dict[str, tuple[Entry, ...]],
        patches: tuple[Patch, ...],
        macros: tuple[MacroPatch, ...],
    ) -> Properties:
        return Properties(
            file=self.file,
            patches=patches,
            macros=macros,
            sources=entries.get("sources", ()),
            exposures=entries.get("exposures", ()),
            groups=entries.get("groups", ()),
            unit_tests=entries.get("unit_tests", ()),
            metrics=entries.get("metrics", ()),
            semantic_models=entries.get("semantic_models", ()),
            saved_queries=entries.get("saved_queries", ()),
            faults=tuple(self.faults),
            warnings=tuple(self.warnings),
        )

    def check_sections(self, sections: dict[Any, Any]) -> None:
        for key in sections:
            if key not in TOP_KEYS:
                hint = did_you_mean(str(key), TOP_KEYS) or "it has no effect"
                self.warning((key,), f"unknown key '{key}' at the top of the file", hint)

    def entries(self, section: str) -> Iterator[Entry]:
        """The sound entries of one section."""
        written = self.document.value.get(section)
        if written is None:
            return
        if not isinstance(written, list):
            found = describe_type(written)
            self.fault((section,), f"'{section}' is not a list: it is {found}")
            return
        for index, values in enumerate(written):
            path: Path = (section, index)
            if not isinstance(values, dict):
                found = describe_type(values)
                message = f"an entry of '{section}' must be a mapping, and is {found}"
                self.fault(path, message, "write it as '- name: ...'")
            else:
                yield from self.checked(path, values)

    def checked(self, path: Path, written: dict[str, Any]) -> Iterator[Entry]:
        """The entry at ``path``, if nothing is wrong with it."""
        section = str(path[0])
        if section in {"data_tests", "tests"} and not written.get("name"):
            self.warnings.append(self.nameless(section, path))
            return
        values, faults = render_entry(written, path, self.document, self.context)
        found = Checked(tuple(faults))
        found += check_entry(values, SHAPES[section], path, self.document)
        if not found.faults:
            found += self.check_inside(section, values, path)
        self.faults += found.faults
        self.warnings += found.warnings
        if not found.faults:
            yield self.entry(path, values, written)

    def nameless(self, section: str, path: Path) -> Fault:
        """dbt passes over an entry of singular tests without a name, and says so."""
        return Fault(
            code="patch-nameless",
            label="Warning",
            message=f"Unable to parse '{section}' section of file '{self.document.file}'\n"
            "Entry did not contain a name",
            place=self.document.place_of(path),
        )

    def check_inside(self, section: str, values: dict[str, Any], path: Path) -> Checked:
        """What is wrong with the lists inside an entry whose own keys are right."""
        document = self.document
        found = both_spellings(values, path, document)
        found += check_columns(values.get("columns"), (*path, "columns"), document)
        found += check_constraints(values.get("constraints"), (*path, "constraints"), document)
        found += self.check_each(values, path, "arguments", MACRO_ARGUMENT, section == "macros")
        found += self.check_each(values, path, "versions", VERSION_SHAPE, section == "models")
        found += self.check_each(values, path, "tables", TABLE, section == "sources")
        if section == "unit_tests":
            found += self.check_each(values, path, "given", UNIT_TEST_ROWS, True)
            expect = (*path, "expect")
            found += check_entry(values["expect"], UNIT_TEST_ROWS, expect, document)
        return found

    def check_each(
        self, values: dict[str, Any], path: Path, key: str, shape: Any, applies: bool
    ) -> Checked:
        """What is wrong with the mappings in the list ``key``, and with the columns in those."""
        found = Checked()
        for index, item in enumerate((values.get(key) or ()) if applies else ()):
            place = (*path, key, index)
            found += check_entry(item, shape, place, self.document)
            found += both_spellings(item, place, self.document)
            found += check_columns(item.get("columns"), (*place, "columns"), self.document)
        return found

    def entry(self, path: Path, values: dict[str, Any], written: dict[str, Any]) -> Entry:
        document = self.document
        return Entry(
            section=str(path[0]),
            name=str(values.get("name", "")),
            values=values,
            written=written,
            file=self.file,
            place_of=lambda inner: document.place_of((*path, *inner)),
        )

    def patches(self, entries: tuple[Entry, ...]) -> Iterator[Patch]:
        for entry in entries:
            try:
                yield make_patch(entry)
            except TidemillError as error:
                self.faults += error.faults

    def fault(self, path: Path, message: str, hint: str | None = None) -> None:
        self.faults.append(self.make(path, message, hint))

    def warning(self, path: Path, message: str, hint: str | None = None) -> None:
        fault = self.make(path, message, hint)
        self.warnings.append(msgspec.structs.replace(fault, label="Warning"))

    def make(self, path: Path, message: str, hint: str | None) -> Fault:
        return Fault(
            code="properties",
            label="Parsing Error",
            message=message,
            place=self.document.place_of(path),
            hint=hint,
        )
