"""The whole parsed project as one value: every resource by unique id, with look-ups by name."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cached_property
from typing import Any, TypeVar, cast

import msgspec

from tidemill.engine.nodes.nodes import Function, Hook, Node
from tidemill.engine.nodes.parts import Ref
from tidemill.engine.nodes.resources import (
    Doc,
    Exposure,
    Group,
    Macro,
    Source,
    UnitTest,
)
from tidemill.engine.nodes.section import Looked, is_enabled, outlines_of, same_names, same_outlines
from tidemill.engine.nodes.semantics import Metric, SavedQuery, SemanticModel

Resource = Node | Source | Exposure | UnitTest | Metric | SemanticModel | SavedQuery
"""What a project is made of, as far as it can be selected."""


_SECTION_OF_LOOK_UP = {"refable": "nodes", "sources_by_name": "sources", "tests_of": "nodes"}
_BY_NAME = frozenset({"refable", "sources_by_name"})
Made = TypeVar("Made")


def made_once(make: Callable[[Manifest], Made]) -> Made:
    """A property that is made when somebody first asks, and shared by manifests with the same outlines."""
    name = make.__name__

    def get(manifest: Manifest) -> Made:
        made = manifest.made
        if name not in made:
            made[name] = make(manifest)
        found: Made = made[name]
        return found

    get.__doc__ = make.__doc__
    return cast("Made", property(get))


class ManifestMetadata(msgspec.Struct, frozen=True, kw_only=True):
    """Where the manifest comes from."""

    project_name: str
    adapter_type: str
    project_id: str
    """dbt's: MD5 hex of the project name."""
    generated_at: float
    invocation_id: str
    env: dict[str, str] = {}
    """Environment variables that start with DBT_ENV_CUSTOM_ENV_, without that prefix."""
    quoting: dict[str, bool | None] = {}


class Manifest(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """Everything that was parsed. Mappings keep the order of parsing; treat them as read-only."""

    metadata: ManifestMetadata
    nodes: Mapping[str, Node] = {}
    sources: Mapping[str, Source] = {}
    macros: Mapping[str, Macro] = {}
    docs: Mapping[str, Doc] = {}
    exposures: Mapping[str, Exposure] = {}
    groups: Mapping[str, Group] = {}
    unit_tests: Mapping[str, UnitTest] = {}
    metrics: Mapping[str, Metric] = {}
    semantic_models: Mapping[str, SemanticModel] = {}
    saved_queries: Mapping[str, SavedQuery] = {}
    functions: Mapping[str, Function] = {}
    selectors: Mapping[str, dict[str, Any]] = {}
    disabled: Mapping[str, tuple[Resource, ...]] = {}
    own_package_first: bool = False
    """dbt's flag ``require_ref_searches_node_package_before_root``."""
    hooks: tuple[Hook, ...] = ()
    """on-run-start and on-run-end statements; also members of ``nodes``."""

    def with_equal(self, **changes: Any) -> Manifest:
        """A copy with other fields, of which resources are the same. What was made of them is shared."""
        other = msgspec.structs.replace(self, **changes)
        other.__dict__["made"] = self.made
        return other

    def with_resources(self, changed: Mapping[str, Collection[str]], **changes: Any) -> Manifest:
        """A copy with other fields, of which these ids by section differ, came or went.

        What was made of their outlines is kept where those stayed the same.
        """
        other = msgspec.structs.replace(self, **changes)
        pairs = [(getattr(self, n), getattr(other, n), ids) for n, ids in changed.items()]
        same = all(same_outlines(*pair) for pair in pairs)
        if same or all(same_names(*pair) for pair in pairs):
            for key, value in self.made.items():
                section = _SECTION_OF_LOOK_UP.get(key)
                if section is not None and (same or key in _BY_NAME):
                    other.made[key] = value.into(getattr(other, section))
                elif same:
                    other.made[key] = value
        return other

    @cached_property
    def made(self) -> dict[Any, Any]:
        """What was made of the outlines of resources, by what it is: look-ups, a graph."""
        return {}

    def resource(self, unique_id: str) -> Resource | None:
        """The selectable resource of that id, or None."""
        for group in (self.nodes, *self._beside_nodes()):
            found = group.get(unique_id)
            if found is not None:
                return found
        return None

    def selectable(self) -> Iterator[Resource]:
        """All that ``--select`` can name, in manifest order, without hooks.

        Tests whose parents are gone stay in the manifest, switched off (dbt's rule); they are left out here.
        """
        for node in self.nodes.values():
            if node.resource_type != "operation" and node.config.get("enabled", True):
                yield node
        for section in self._beside_nodes():
            yield from section.values()

    @made_once
    def refable(self) -> Mapping[str, tuple[Node, ...]]:
        """Models, seeds and snapshots by name; versions of one model share it."""
        found: dict[str, list[str]] = {}
        for node in outlines_of(self.nodes):
            if node.is_relational:
                found.setdefault(node.name, []).append(node.unique_id)
        return Looked(found, self.nodes)

    @made_once
    def sources_by_name(self) -> Mapping[tuple[str, str], tuple[Source, ...]]:
        """Sources by (source name, table name), over all packages."""
        found: dict[tuple[str, str], list[str]] = {}
        for source in outlines_of(self.sources):
            found.setdefault((source.source_name, source.name), []).append(source.unique_id)
        return Looked(found, self.sources)

    def find_ref(self, ref: Ref, *, package: str, root: str) -> Node | None:
        """The node that ``ref`` means inside ``package``, by dbt's order.

        A named package wins; otherwise the root project, then the node's own package, then any.
        Without a version, a versioned model resolves to its latest version.
        """
        candidates = self.refable.get(ref.name, ())
        places = (ref.package,) if ref.package is not None else self._places(package, root)
        for place in places:
            found = [n for n in candidates if place is None or n.package_name == place]
            match = _matching_version(found, ref)
            if match is not None:
                return match
        return None

    def find_function(
        self, name: str, named_package: str | None, *, package: str, root: str
    ) -> Function | None:
        """The function of that name, looked for like a ref."""
        places = (named_package,) if named_package is not None else self._places(package, root)
        for place in places:
            for candidate in self.functions.values():
                if candidate.name == name and place in {None, candidate.package_name}:
                    return candidate
        return None

    def find_source(self, source: str, table: str, *, package: str, root: str) -> Source | None:
        """The source table of that name, by dbt's order: root project, own package, any."""
        candidates = self.sources_by_name.get((source, table), ())
        for place in self._places(package, root):
            for candidate in candidates:
                if place is None or candidate.package_name == place:
                    return candidate
        return None

    def _places(self, package: str, root: str) -> tuple[str | None, ...]:
        return (package, root, None) if self.own_package_first else (root, package, None)

    @made_once
    def tests_of(self) -> Mapping[str, tuple[Node, ...]]:
        """Data tests by the unique id of each node or source that they read."""
        found: dict[str, list[str]] = {}
        for node in outlines_of(self.nodes):
            if node.resource_type == "test":
                for parent in node.depends_on.nodes:
                    found.setdefault(parent, []).append(node.unique_id)
        return Looked(found, self.nodes)

    @made_once
    def children(self) -> Mapping[str, tuple[str, ...]]:
        """Unique id to those that read it directly: dbt's ``child_map``."""
        resources = list(self.selectable_outlines())
        found: dict[str, list[str]] = {r.unique_id: [] for r in resources}
        for resource in resources:
            for parent in resource.depends_on.nodes:
                if parent in found:
                    found[parent].append(resource.unique_id)
        return {parent: tuple(sorted(ids)) for parent, ids in found.items()}

    @made_once
    def counts(self) -> Mapping[str, int]:
        """How many resources there are of each type, of those that can be selected."""
        counts: dict[str, int] = {}
        for resource in self.selectable_outlines():
            counts[resource.resource_type] = counts.get(resource.resource_type, 0) + 1
        return counts

    def selectable_outlines(self) -> Iterator[Any]:
        """``selectable``, in outline where the resources are not at hand."""
        for node in outlines_of(self.nodes):
            if node.resource_type != "operation" and is_enabled(node):
                yield node
        yield from self.outlines_beside_nodes()

    def outlines_beside_nodes(self) -> Iterator[Any]:
        """What can be selected and is no node: sources, exposures and the like."""
        for section in self._beside_nodes():
            yield from outlines_of(section)

    def _beside_nodes(self) -> tuple[Mapping[str, Resource], ...]:
        return (
            self.sources,
            self.exposures,
            self.unit_tests,
            self.metrics,
            self.semantic_models,
            self.saved_queries,
            self.functions,
        )


def _matching_version(candidates: list[Node], ref: Ref) -> Node | None:
    if ref.version is not None:
        wanted = str(ref.version)
        return next((n for n in candidates if str(getattr(n, "version", None)) == wanted), None)
    for node in candidates:
        if getattr(node, "version", None) is None or getattr(node, "is_latest_version", False):
            return node
    return None


def section_of(manifest: Manifest, unique_id: str) -> Mapping[str, Any]:
    """Where a resource that can be selected stands, if it is there."""
    name = _SECTION_OF_KIND.get(unique_id.partition(".")[0], "nodes")
    found: Mapping[str, Any] = getattr(manifest, name)
    return found


_SECTION_OF_KIND = {
    "source": "sources",
    "exposure": "exposures",
    "unit_test": "unit_tests",
    "metric": "metrics",
    "semantic_model": "semantic_models",
    "saved_query": "saved_queries",
    "function": "functions",
}
