"""All that docs and property files say, gathered over the project: the material for patches and tests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from tidemill.engine.jinja.macro_host import MacroHost
from tidemill.engine.jinja.relations import source_relation
from tidemill.engine.nodes import (
    Exposure,
    Group,
    Metric,
    SavedQuery,
    SemanticModel,
    Source,
    UnitTest,
)
from tidemill.engine.parsing.deprecated import exposure_name, source_override
from tidemill.engine.parsing.export_names import ExportNames
from tidemill.engine.parsing.exposures import make_exposure, make_group
from tidemill.engine.parsing.gathering import Gathering
from tidemill.engine.parsing.properties import parse_properties, properties_context
from tidemill.engine.parsing.property_entries import Entry, MacroPatch, Patch, Properties
from tidemill.engine.parsing.semantics import (
    make_metric,
    make_saved_query,
    make_semantic_model,
    metrics_of_measures,
)
from tidemill.engine.parsing.sources import SourceTests, make_sources
from tidemill.engine.parsing.unit_tests import fixture_twice, make_unit_test
from tidemill.engine.project.files import ProjectFile
from tidemill.engine.project.reads import reading


class Described(msgspec.Struct, frozen=True, kw_only=True):
    """What property files say, as resources where they make some, else as patches."""

    patches: tuple[Patch, ...]
    macros: tuple[MacroPatch, ...]
    sources: tuple[Source, ...]
    source_tests: tuple[SourceTests, ...]
    exposures: tuple[Exposure, ...]
    groups: tuple[Group, ...]
    unit_tests: tuple[UnitTest, ...]
    metrics: tuple[Metric, ...]
    semantic_models: tuple[SemanticModel, ...]
    saved_queries: tuple[SavedQuery, ...]
    overrides: tuple[str, ...] = ()
    """Sources of packages that are overridden; the sources themselves are as the overrides make them."""

    @property
    def resources(self) -> Iterator[Any]:
        """All resources that property files make."""
        yield from self.sources
        yield from self.exposures
        yield from self.unit_tests
        yield from self.metrics
        yield from self.semantic_models
        yield from self.saved_queries


def describe(
    host: MacroHost,
    gathering: Gathering,
    *,
    properties: Iterable[ProjectFile],
    fixtures: Iterable[ProjectFile],
) -> Described:
    """Read all property files; what is wrong with them goes to ``gathering``."""
    files = tuple(_read(host, properties))
    for file in files:
        gathering.add(file.faults)
        gathering.warn(file.warnings)
    semantics = Semantics(host, gathering)
    for file in files:
        semantics.add(file)
    gathering.warn(
        fault for file in files for entry in file.sources for fault in source_override(entry)
    )
    sources = make_sources((entry for file in files for entry in file.sources), host.config)
    gathering.add(sources.faults)
    gathering.warn(sources.warnings)
    return Described(
        patches=tuple(patch for file in files for patch in file.patches),
        macros=tuple(patch for file in files for patch in file.macros),
        sources=tuple(_named(host, source) for source in sources.sources),
        source_tests=sources.tests,
        exposures=tuple(_exposures(host, gathering, files)),
        groups=tuple(_groups(host, gathering, files)),
        unit_tests=tuple(_unit_tests(host, gathering, files, fixtures)),
        metrics=tuple(semantics.metrics),
        semantic_models=tuple(semantics.models),
        saved_queries=tuple(semantics.queries),
        overrides=tuple(
            entry.name for file in files for entry in file.sources if "overrides" in entry.values
        ),
    )


class Semantics:
    """The semantic layer of all files: metrics as written, then those that measures make, file by file."""

    def __init__(self, host: MacroHost, gathering: Gathering) -> None:
        self._config = host.config
        self._namer = ExportNames(host)
        self._gathering = gathering
        self.metrics: list[Metric] = []
        self.models: list[SemanticModel] = []
        self.queries: list[SavedQuery] = []

    def add(self, file: Properties) -> None:
        for entry in file.metrics:
            with self._gathering.each():
                self.metrics.append(make_metric(entry, self._config))
        for entry in file.semantic_models:
            with self._gathering.each():
                model = make_semantic_model(entry, self._config)
                self.models.append(model)
                self.metrics += metrics_of_measures(entry, model, self._config)
        for entry in file.saved_queries:
            with self._gathering.each():
                self.queries.append(self._namer.named(make_saved_query(entry, self._config)))


def _read(host: MacroHost, files: Iterable[ProjectFile]) -> Iterator[Properties]:
    contexts: dict[str, Any] = {}
    for file in files:
        if file.package not in contexts:
            contexts[file.package] = properties_context(host.config, file.package)
        with reading(file.package, file.path):
            found = parse_properties(file, contexts[file.package])
        yield found


def _named(host: MacroHost, source: Source) -> Source:
    relation = source_relation(host.adapter, source, host.quoting)
    return msgspec.structs.replace(source, relation_name=relation.render())


def _exposures(
    host: MacroHost, gathering: Gathering, files: Iterable[Properties]
) -> Iterator[Exposure]:
    for file in files:
        for entry in file.exposures:
            gathering.warn(exposure_name(entry))
            with gathering.each():
                yield make_exposure(entry, host.config)


def _groups(host: MacroHost, gathering: Gathering, files: Iterable[Properties]) -> Iterator[Group]:
    for file in files:
        for entry in file.groups:
            with gathering.each():
                yield make_group(entry, host.config)


def _unit_tests(
    host: MacroHost,
    gathering: Gathering,
    files: Iterable[Properties],
    fixtures: Iterable[ProjectFile],
) -> Iterator[UnitTest]:
    by_name: dict[tuple[str, str], ProjectFile] = {}
    for fixture in fixtures:
        first = by_name.setdefault((fixture.package, fixture.stem), fixture)
        if first is not fixture:
            gathering.add([fixture_twice(first, fixture)])

    def made(entry: Entry) -> UnitTest:
        package = entry.file.package
        return make_unit_test(entry, host.config, lambda name: by_name.get((package, name)))

    for file in files:
        for entry in file.unit_tests:
            with gathering.each():
                yield made(entry)
