"""Parses a few files anew and puts what they make into a manifest that is known already.

Where other files notice it, they are asked for with WiderNeededError; where that cannot be told of single files, the
whole project is, with WholeNeededError. So a partial parse is either equal to a whole one or not done.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

import msgspec

from tidemill.engine.jinja.macro_host import MacroHost
from tidemill.engine.nodes import Function, Macro, Manifest, Node
from tidemill.engine.nodes.section import changed_section, made_by, outlines_of
from tidemill.engine.parsing import macro_arguments
from tidemill.engine.parsing.beyond import Beyond
from tidemill.engine.parsing.cache.changes import (
    FileKey,
    Files,
    WholeNeededError,
    WiderNeededError,
)
from tidemill.engine.parsing.deprecated import semantic_spellings
from tidemill.engine.parsing.described import Described, describe
from tidemill.engine.parsing.described_macros import described_again
from tidemill.engine.parsing.describing import rendered_descriptions
from tidemill.engine.parsing.gathering import Gathering
from tidemill.engine.parsing.generic_test_nodes import GenericTests
from tidemill.engine.parsing.governance import faults_of_each
from tidemill.engine.parsing.linking import duplicates, link
from tidemill.engine.parsing.microbatch import with_batch_configs
from tidemill.engine.parsing.naming import Naming
from tidemill.engine.parsing.notices import notices_of_each
from tidemill.engine.parsing.parsed import Updated, by_enabled
from tidemill.engine.parsing.patching import SECTION_OF, PatchIndex
from tidemill.engine.parsing.primary_keys import with_keys_of
from tidemill.engine.parsing.property_entries import Patch
from tidemill.engine.parsing.reach import (
    LAYER,
    NODE_KINDS,
    SECTIONS,
    check_described,
    check_twice,
    without_files,
)
from tidemill.engine.parsing.replaced import replaced_files
from tidemill.engine.parsing.seeds import parse_seed
from tidemill.engine.parsing.semantic_linking import link_semantics
from tidemill.engine.parsing.semantic_rules import check_semantics, is_spine
from tidemill.engine.parsing.sql_files import SqlParser
from tidemill.engine.project.config import RuntimeConfig
from tidemill.engine.project.files import KINDS, ProjectFile
from tidemill.engine.project.reads import Unit, reading


class PartialParser:
    """One partial parse of ``files``, on top of ``old``."""

    def __init__(
        self,
        config: RuntimeConfig,
        host: MacroHost,
        files: Files,
        old: Manifest,
        emit: Callable[[Any], None],
    ) -> None:
        self._config = config
        self._host = host
        self._files = files
        self._old = old
        self._gathering = Gathering(emit)
        self._quiet = Gathering(lambda _: None)
        self._naming = Naming(host)
        self._gone: frozenset[Unit] = frozenset()
        """Files that are to be parsed and are not there any more."""
        self._stale_paths: set[str] = set()
        """Of property files that are parsed or gone, as patches give them."""
        self._off: Mapping[str, tuple[Any, ...]] = old.disabled
        """What stays switched off, whatever is parsed."""

    def parse(self, units: Collection[Unit]) -> Updated:
        """Parse the files of ``units`` anew, of which some may be gone.

        Raises WiderNeededError, WholeNeededError, or ProjectFaults with all that is wrong.
        """
        stale = self._by_kind(units)
        properties = stale.pop("properties", [])
        self._gone = frozenset(units) - {key[1:] for keys in stale.values() for key in keys}
        self._gone -= {key[1:] for key in properties}
        stale_files = (*self._gone, *(key[1:] for key in properties))
        self._stale_paths = {f"{package}://{path}" for package, path in stale_files}
        self._check_old(properties)
        described = self._describe(properties, self._gathering)
        check_described(described)
        files = self._node_files(stale, properties, described)
        parsed = self._gone | {key[1:] for key in (*files, *properties)}
        replaced = self._ids_of(parsed)
        self._off = without_files(self._old.disabled, parsed)
        nodes = self._nodes(files, properties, described)
        part = self._part(nodes, described, replaced["nodes"])
        check_twice(part, self._old, replaced)
        beyond = Beyond(self._old, part, replaced, parsed, self._host)
        wider = beyond.units()
        if wider:
            raise WiderNeededError(wider)
        linked = self._linked(part, replaced)
        part = with_keys_of(linked, self._tests(linked, replaced["nodes"]))
        changed = {
            (section, key)
            for section in SECTIONS
            for key in (*replaced[section], *getattr(part, section))
        }
        changed |= {("macros", key) for key in part.macros}
        overlaid = self._overlaid(part, replaced)
        before, after = self._old.disabled, overlaid.disabled
        changed |= {
            ("disabled", key)
            for key in dict.fromkeys((*before, *after))
            if before.get(key) != after.get(key)
        }
        return Updated(overlaid, frozenset(changed), parsed, beyond.names_differ)

    # -- which files -------------------------------------------------------------------------

    def _by_kind(self, units: Collection[Unit]) -> dict[str, list[FileKey]]:
        found: dict[str, list[FileKey]] = {}
        for unit in units:
            for key in ((kind, *unit) for kind in KINDS if (kind, *unit) in self._files):
                if key[0] not in (*NODE_KINDS, "properties"):
                    raise WholeNeededError(f"{key[2]} is a {key[0]} file")
                found.setdefault(key[0], []).append(key)
        return {
            kind: sorted(keys, key=lambda key: self._order[key[1:]]) for kind, keys in found.items()
        }

    @cached_property
    def _order(self) -> dict[Unit, int]:
        """Files in the order in which a project is read."""
        return {key[1:]: place for place, key in enumerate(self._files)}

    def _place(self, patch: Patch) -> int:
        return self._order[patch.package, patch.file]

    def _node_files(
        self, stale: dict[str, list[FileKey]], properties: list[FileKey], described: Described
    ) -> list[FileKey]:
        """The files of nodes: those that changed, and those that changed property files describe or did."""
        wanted = dict.fromkeys(key for keys in stale.values() for key in keys)
        if properties or self._gone:
            wanted |= dict.fromkeys(self._described_files(properties, described))
        return sorted(wanted, key=lambda key: (NODE_KINDS.index(key[0]), self._order[key[1:]]))

    def _described_files(
        self, properties: list[FileKey], described: Described
    ) -> Iterator[FileKey]:
        paths = self._stale_paths
        names = {
            (single.section, name)
            for patch in described.patches
            for single in patch.versions or (patch,)
            for name in single.file_names
        }
        # The blocks of a snapshot's file have names of their own.
        blocks = {name for section, name in names if section == "snapshots"}
        units = {
            (node.package_name, node.original_file_path)
            for node in (
                *outlines_of(self._old.nodes),
                *outlines_of(self._old.functions),
                *self._switched_off(),
            )
            if getattr(node, "patch_path", None) in paths or node.name in blocks
        }
        for unit in units - self._gone - {key[1:] for key in properties}:
            if ("properties", *unit) in self._files:
                raise WholeNeededError(f"{unit[1]} makes a snapshot that is described elsewhere")
        for key, file in self._files.items():
            if key[0] in NODE_KINDS and (
                key[1:] in units or (SECTION_OF[key[0]], file.stem) in names
            ):
                yield key

    def _switched_off(self) -> Iterator[Any]:
        return (resource for found in self._old.disabled.values() for resource in found)

    def _check_old(self, properties: Iterable[FileKey]) -> None:
        """Refuse property files that make what other files hang on."""
        units = {key[1:] for key in properties} | self._gone
        paths = {path for _, path in units}
        if any(source.patch_path in paths for source in outlines_of(self._old.sources)):
            raise WholeNeededError("it overrides sources")

    def _ids_of(self, units: Collection[Unit]) -> dict[str, set[str]]:
        """Ids by section of what these files made before."""
        return {
            section: {
                found.unique_id
                for unit in units
                for found in made_by(getattr(self._old, section), unit)
                if section == "groups" or found.resource_type != "operation"
            }
            for section in SECTIONS
        }

    # -- parsing -----------------------------------------------------------------------------

    def _describe(self, keys: Iterable[FileKey], gathering: Gathering) -> Described:
        fixtures = (file for key, file in self._files.items() if key[0] == "fixture")
        files = (self._files[key] for key in keys)
        return describe(self._host, gathering, properties=files, fixtures=fixtures)

    def _nodes(
        self, keys: list[FileKey], properties: list[FileKey], described: Described
    ) -> list[Node]:
        helpers = self._describe(self._helping_files(keys, properties), self._quiet)
        replaced = replaced_files(self._config, self._files_of("model", "seed"))
        said = sorted((*described.patches, *helpers.patches), key=self._place)
        patches = PatchIndex(said, self._names(), replaced)
        parser = SqlParser(self._host, self._naming, patches)
        nodes = [node for key in keys for node in self._nodes_of(key, parser, patches)]
        for patch in (patch for patch in described.patches if patch.relation):
            with self._gathering.each(), reading(patch.package, patch.file):
                nodes.append(parser.yaml_snapshot(patch))
        self._gathering.add(patches.faults)
        stale = {self._files[key].path for key in properties}
        self._gathering.warn(patches.unused(stale))
        self._gathering.check()
        return nodes

    def _helping_files(self, keys: list[FileKey], properties: list[FileKey]) -> Iterator[FileKey]:
        """Property files that did not change and describe what is parsed anew."""
        units = {key[1:] for key in keys}
        ids = self._ids_of(units)
        nodes = [self._old.nodes[key] for key in ids["nodes"]]
        nodes += [self._old.functions[key] for key in ids["functions"]]
        nodes += [
            r for r in self._switched_off() if (r.package_name, r.original_file_path) in units
        ]
        paths = {getattr(node, "patch_path", None) for node in nodes}
        for path in sorted(path for path in paths if path is not None):
            package, _, file = path.partition("://")
            key = ("properties", package, file)
            if key not in self._files and key[1:] not in self._gone:
                raise WholeNeededError(f"{path} is gone")
            if key in self._files and key not in properties:
                yield key

    def _files_of(self, *kinds: str) -> dict[str, list[ProjectFile]]:
        internal = self._config.internal_packages
        return {
            kind: [f for key, f in self._files.items() if key[0] == kind and key[1] not in internal]
            for kind in kinds
        }

    def _names(self) -> set[tuple[str, str, str]]:
        return {
            (SECTION_OF[kind], file.package, file.stem)
            for (kind, _, _), file in self._files.items()
            if kind in SECTION_OF
        }

    def _nodes_of(self, key: FileKey, parser: SqlParser, patches: PatchIndex) -> Iterator[Node]:
        file = self._files[key]
        with self._gathering.each(), reading(file.package, file.path):
            if key[0] == "seed":
                yield parse_seed(self._host, self._naming, file, patches)
            else:
                yield from parser.nodes_of(file, key[0])

    def _part(self, nodes: list[Node], described: Described, replaced: Collection[str]) -> Manifest:
        """The new resources as a manifest of their own."""
        kept = [n for n in self._tested(described) if n.unique_id not in replaced]
        tests = [
            *GenericTests(self._host, self._naming, self._gathering).nodes(
                described.patches, described.source_tests, [*nodes, *kept]
            )
        ]
        found = (*nodes, *tests, *described.resources)
        self._gathering.add(duplicates(r for r in found if r.config.get("enabled", True)))
        self._gathering.check()
        sections: dict[str, tuple[dict[str, Any], dict[str, tuple[Any, ...]]]] = {
            "nodes": by_enabled([*(n for n in nodes if not isinstance(n, Function)), *tests]),
            "functions": by_enabled(n for n in nodes if isinstance(n, Function)),
            "sources": by_enabled(described.sources),
            "exposures": by_enabled(described.exposures),
            "unit_tests": by_enabled(described.unit_tests),
            **{name: by_enabled(getattr(described, name)) for name in LAYER},
        }
        part = Manifest(
            metadata=self._old.metadata,
            groups={group.unique_id: group for group in described.groups},
            macros=self._macros(described),
            disabled={key: found for _, off in sections.values() for key, found in off.items()},
            nodes=sections["nodes"][0],
            functions=sections["functions"][0],
            sources=sections["sources"][0],
            exposures=sections["exposures"][0],
            unit_tests=sections["unit_tests"][0],
            metrics=sections["metrics"][0],
            semantic_models=sections["semantic_models"][0],
            saved_queries=sections["saved_queries"][0],
        )
        docs = self._old.docs.values()
        return rendered_descriptions(part, docs, self._config, self._gathering)

    def _macros(self, described: Described) -> dict[str, Macro]:
        if described.macros and self._config.project.flags.get(macro_arguments.FLAG):
            raise WholeNeededError("arguments of macros are held against their descriptions")
        found, warnings = described_again(self._old.macros, described.macros, self._stale_paths)
        self._gathering.warn(warnings)
        return found

    def _tested(self, described: Described) -> Iterator[Node]:
        """Nodes that stay as they were and may stand above a test."""
        for patch in described.patches:
            yield from self._old.refable.get(patch.name, ())

    # -- what it means for the project -------------------------------------------------------

    def _linked(self, part: Manifest, replaced: dict[str, set[str]]) -> Manifest:
        """``part`` with its dependencies, by the rules that hold for a whole project."""
        known = self._overlaid(part, replaced)
        linked = link(
            part, root=self._config.project.name, restricted=self._restricted(), known=known
        )
        self._gathering.add(linked.faults)
        grouped = msgspec.structs.replace(linked.manifest, groups=known.groups)
        self._gathering.add(faults_of_each(grouped))
        self._gathering.warn(linked.warnings)
        now = dt.datetime.now().astimezone()
        batches = self._host.runs_batches
        batched = with_batch_configs(linked.manifest)
        if batches:
            self._gathering.add(batched.faults)
        self._gathering.warn(
            notices_of_each(linked.manifest, now=now, batches=batches, known=known)
        )
        semantic = link_semantics(batched.manifest, root=self._config.project.name, known=known)
        layer = self._layer(semantic.manifest)
        self._gathering.add(semantic.faults or check_semantics(layer))
        self._gathering.warn(semantic_spellings(layer, self._config.project.flags))
        self._gathering.check()
        return semantic.manifest

    def _layer(self, part: Manifest) -> Manifest:
        """The semantic layer, if ``part`` has it, with nothing beside it but the time spines."""
        nodes = {key: node for key, node in part.nodes.items() if is_spine(node)}
        return msgspec.structs.replace(part, nodes=nodes)

    def _restricted(self) -> frozenset[str]:
        packages = self._config.packages.values()
        return frozenset(package.name for package in packages if package.restrict_access)

    def _tests(self, part: Manifest, replaced: Collection[str]) -> Iterator[Any]:
        """Tests of the models of ``part``, old and new ones, and others."""
        yield from part.nodes.values()
        old = (test for key in part.nodes for test in self._old.tests_of.get(key, ()))
        yield from {t.unique_id: t for t in old if t.unique_id not in replaced}.values()
        for resources in (*self._off.values(), *part.disabled.values()):
            yield from resources

    def _in_order(self, resources: tuple[Any, ...]) -> tuple[Any, ...]:
        """Resources of one id in the order of their files."""
        if len(resources) == 1:
            return resources
        return tuple(
            sorted(resources, key=lambda r: self._order[r.package_name, r.original_file_path])
        )

    def _overlaid(self, part: Manifest, replaced: dict[str, set[str]]) -> Manifest:
        """The old manifest with ``part`` in the place of what was replaced."""
        sections = {
            section: changed_section(
                getattr(self._old, section), replaced[section], getattr(part, section)
            )
            for section in SECTIONS
        }
        new = {
            key: self._in_order((*self._off.get(key, ()), *found))
            for key, found in part.disabled.items()
        }
        macros = {**self._old.macros, **part.macros} if part.macros else self._old.macros
        changed = {name: {*replaced[name], *getattr(part, name)} for name in SECTIONS}
        changed["macros"] = set(part.macros)
        return self._old.with_resources(
            changed, **sections, macros=macros, disabled={**self._off, **new}
        )
