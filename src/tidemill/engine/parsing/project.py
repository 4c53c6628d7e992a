"""The whole way from a project's files to its manifest, written out once.

    parsed = parse_project(config, adapter)
    parsed.manifest, parsed.host

Faults are gathered file by file and raised together; what only warns comes as events.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from tidemill.adapters.base import Adapter
from tidemill.engine.jinja.macro_host import MacroHost, search_places
from tidemill.engine.jinja.registry import MacroRegistry
from tidemill.engine.nodes import Doc, Function, Hook, Macro, Manifest, Node
from tidemill.engine.parsing import macro_arguments
from tidemill.engine.parsing.deprecated import semantic_spellings
from tidemill.engine.parsing.described import Described, describe
from tidemill.engine.parsing.describing import rendered_descriptions
from tidemill.engine.parsing.docs import docs_of_file
from tidemill.engine.parsing.gathering import Gathering
from tidemill.engine.parsing.generic_test_nodes import GenericTests
from tidemill.engine.parsing.governance import governance_faults
from tidemill.engine.parsing.hooks import parse_hooks
from tidemill.engine.parsing.linking import duplicates, link
from tidemill.engine.parsing.macros import gather_macros, macros_of_file, with_dependencies
from tidemill.engine.parsing.microbatch import batch_notices, with_batch_configs
from tidemill.engine.parsing.naming import Naming
from tidemill.engine.parsing.notices import notices
from tidemill.engine.parsing.parsed import (
    FoundFiles,
    ParsedProject,
    by_enabled,
    code_path,
    counts_of,
    find_files,
    metadata_of,
)
from tidemill.engine.parsing.patching import SECTION_OF, PatchIndex, patched_macros
from tidemill.engine.parsing.primary_keys import with_primary_keys
from tidemill.engine.parsing.property_entries import Patch
from tidemill.engine.parsing.replaced import replaced_files
from tidemill.engine.parsing.seeds import parse_seed
from tidemill.engine.parsing.semantic_linking import link_semantics
from tidemill.engine.parsing.semantic_rules import check_semantics
from tidemill.engine.parsing.sql_files import SqlParser
from tidemill.engine.parsing.unused_configs import unused_configs
from tidemill.engine.project.config import RuntimeConfig
from tidemill.engine.project.files import ProjectFile
from tidemill.engine.project.reads import HOOKS, reading
from tidemill.errors import Fault, Place
from tidemill.events import Event, ParseFinished, ParseStarted

_OWN_PACKAGE_FIRST = "require_ref_searches_node_package_before_root"
_SQL_KINDS = ("model", "snapshot", "function", "analysis", "test")


def parse_project(
    config: RuntimeConfig, adapter: Adapter, emit: Callable[[Event], None] | None = None
) -> ParsedProject:
    """Parse all files of the project and its packages.

    Raises ProjectFaults with everything that was found wrong. Nothing reaches the warehouse.
    """
    return ProjectParser(config, adapter, emit or (lambda _: None), find_files(config)).parse()


class ProjectParser:
    """One parse of everything: its files, its host, its faults."""

    def __init__(
        self,
        config: RuntimeConfig,
        adapter: Adapter,
        emit: Callable[[Event], None],
        files: FoundFiles,
    ) -> None:
        self._config = config
        self._adapter = adapter
        self._emit = emit
        self._gathering = Gathering(emit)
        self._files = files

    def parse(self) -> ParsedProject:
        """Parse all files. Raises ProjectFaults with everything that was found wrong."""
        started = time.time()
        project = self._config.project
        self._emit(ParseStarted(project=project.name, root=str(project.root)))
        macros = self._macros()
        host = MacroHost(
            self._config, macros.values(), self._adapter, code_path=code_path(self._config)
        )
        host.emit = self._emit
        manifest = self._manifest(host, macros)
        linked = link(manifest, root=project.name, restricted=self._restricted())
        self._gathering.add(linked.faults)
        self._gathering.add(governance_faults(linked.manifest, host))
        batched = with_batch_configs(linked.manifest)
        if host.runs_batches:
            self._gathering.add(batched.faults)
        self._gathering.warn(linked.warnings)
        now = dt.datetime.now().astimezone()
        self._gathering.warn(
            notices(linked.manifest, self._config, now=now, batches=host.runs_batches)
        )
        self._gathering.warn(
            batch_notices(
                linked.manifest,
                runs_batches=host.runs_batches,
                concurrent=self._adapter.concurrent_batches,
                adapter=self._config.target.type,
            )
        )
        semantic = link_semantics(batched.manifest, root=project.name)
        self._gathering.add(semantic.faults or check_semantics(semantic.manifest))
        self._gathering.warn(semantic_spellings(semantic.manifest, project.flags))
        self._gathering.check()
        host.save_code()
        finished = ParseFinished(
            project=project.name,
            seconds=time.time() - started,
            counts=counts_of(semantic.manifest),
        )
        self._emit(finished)
        return ParsedProject(with_primary_keys(semantic.manifest), lambda: host)

    # -- macros ------------------------------------------------------------------------------

    def _macros(self) -> dict[str, Macro]:
        return find_macros(self._config, self._adapter, self._files, self._gathering)

    # -- everything else ---------------------------------------------------------------------

    def _manifest(self, host: MacroHost, macros: dict[str, Macro]) -> Manifest:
        described = self._described(host)
        patches = PatchIndex(described.patches, self._names(), self._replaced())
        naming = Naming(host)
        snapshots = [patch for patch in described.patches if patch.relation]
        parser = SqlParser(host, naming, patches)
        nodes = [*self._sql_nodes(parser, snapshots), *self._seeds(host, naming, patches)]
        self._gathering.add(patches.faults)
        self._gathering.warn(patches.unused())
        tests = [
            *GenericTests(host, naming, self._gathering).nodes(
                described.patches, described.source_tests, nodes
            )
        ]
        hooks = tuple(self._hooks(host, naming))
        self._gathering.add(duplicates(_enabled([*nodes, *tests, *described.resources])))
        enabled, disabled = by_enabled([*nodes, *tests, *hooks])
        self._gathering.add(patches.ambiguous(enabled, disabled))
        check = bool(self._config.project.flags.get(macro_arguments.FLAG))
        macros, warnings = patched_macros(macros, described.macros, check_arguments=check)
        self._gathering.warn(warnings)
        sources, exposures, unit_tests, metrics, models, queries = (
            by_enabled(group)
            for group in (
                described.sources,
                described.exposures,
                described.unit_tests,
                described.metrics,
                described.semantic_models,
                described.saved_queries,
            )
        )
        for _, off in (sources, exposures, unit_tests, metrics, models, queries):
            disabled |= off
        manifest = Manifest(
            metadata=metadata_of(self._config, self._adapter),
            nodes={k: n for k, n in enabled.items() if not isinstance(n, Function)},
            functions={k: n for k, n in enabled.items() if isinstance(n, Function)},
            sources=sources[0],
            macros=macros,
            exposures=exposures[0],
            groups={group.unique_id: group for group in described.groups},
            unit_tests=unit_tests[0],
            metrics=metrics[0],
            semantic_models=models[0],
            saved_queries=queries[0],
            disabled=disabled,
            own_package_first=bool(self._config.project.flags.get(_OWN_PACKAGE_FIRST)),
            hooks=tuple(_enabled(hooks)),
        )
        self._gathering.warn(unused_configs(manifest, self._config))
        return rendered_descriptions(manifest, self._docs(), self._config, self._gathering)

    def _docs(self) -> Iterator[Doc]:
        for files in self._files.values():
            for file in files["docs"]:
                with self._gathering.each():
                    yield from docs_of_file(file)

    def _described(self, host: MacroHost) -> Described:
        return describe(
            host,
            self._gathering,
            properties=self._project_files("properties"),
            fixtures=self._project_files("fixture"),
        )

    def _project_files(self, kind: str) -> Iterator[ProjectFile]:
        """Files of a kind in all packages but the built-in ones, which have macros only."""
        for name, files in self._files.items():
            if name not in self._config.internal_packages:
                yield from files[kind]

    def _names(self) -> set[tuple[str, str, str]]:
        return {
            (section, file.package, file.stem)
            for kind, section in SECTION_OF.items()
            for file in self._project_files(kind)
        }

    def _replaced(self) -> set[tuple[str, str, str]]:
        files = {kind: [*self._project_files(kind)] for kind in ("model", "seed")}
        return replaced_files(self._config, files)

    def _sql_nodes(self, parser: SqlParser, snapshots: Iterable[Patch]) -> Iterator[Node]:
        for kind in _SQL_KINDS:
            for file in self._project_files(kind):
                with self._gathering.each(), reading(file.package, file.path):
                    yield from parser.nodes_of(file, kind)
        for patch in snapshots:
            with self._gathering.each(), reading(patch.package, patch.file):
                yield parser.yaml_snapshot(patch)

    def _seeds(self, host: MacroHost, naming: Naming, patches: PatchIndex) -> Iterator[Node]:
        for file in self._project_files("seed"):
            with self._gathering.each(), reading(file.package, file.path):
                yield parse_seed(host, naming, file, patches)

    def _hooks(self, host: MacroHost, naming: Naming) -> Iterator[Hook]:
        for name, project in self._config.packages.items():
            if name not in self._config.internal_packages:
                with self._gathering.each(), reading(*HOOKS):
                    yield from parse_hooks(host, naming, project)

    def _restricted(self) -> frozenset[str]:
        packages = self._config.packages.values()
        return frozenset(package.name for package in packages if package.restrict_access)


def find_macros(
    config: RuntimeConfig, adapter: Adapter, files: FoundFiles, gathering: Gathering
) -> dict[str, Macro]:
    """All macros of a project, with what they call. Raises ProjectFaults."""
    found: list[Macro] = []
    for kinds in files.values():
        for file in (*kinds["macro"], *kinds["generic_test"]):
            with gathering.each(), reading(file.package, file.path):
                found += macros_of_file(
                    file.read(),
                    file=file.path,
                    package=file.package,
                    unexpected=partial(_unexpected_block, gathering),
                )
    macros, errors = gather_macros(found)
    gathering.add(fault for error in errors for fault in error.faults)
    gathering.check()
    registry = MacroRegistry(
        macros.values(), root=config.project.name, internal=config.internal_packages
    )
    prefixes = (*adapter.type_names, "default")
    return with_dependencies(macros, registry, prefixes, partial(search_places, config))


def _unexpected_block(gathering: Gathering, word: str, place: Place) -> None:
    """dbt passes over tags that begin or end nothing here, and says so."""
    gathering.warn(
        [
            Fault(
                code="deprecated-jinja-block",
                label="Warning",
                message=f"the tag '{word}' belongs to no block, and is passed over",
                place=place,
                hint="remove it",
            )
        ]
    )


def _enabled(resources: Iterable[Any]) -> Iterator[Any]:
    return (resource for resource in resources if resource.config.get("enabled", True))
