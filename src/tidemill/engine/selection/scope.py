"""What selection looks at: the resources of a project by kind, as one interface."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from tidemill.engine.graph import Dag
from tidemill.engine.nodes import (
    Exposure,
    Function,
    Manifest,
    Metric,
    Node,
    SavedQuery,
    SemanticModel,
    Source,
    UnitTest,
)
from tidemill.engine.nodes.section import outline_in, outlines_of

if TYPE_CHECKING:
    from tidemill.engine.artifacts.state import State
    from tidemill.engine.selection.changes import Changes


class Selectable(Protocol):
    """What every resource that can be selected says about itself."""

    @property
    def unique_id(self) -> str: ...
    @property
    def resource_type(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def package_name(self) -> str: ...
    @property
    def original_file_path(self) -> str: ...
    @property
    def fqn(self) -> tuple[str, ...]: ...
    @property
    def tags(self) -> Sequence[str]: ...


class Configured(Selectable, Protocol):
    """A resource that is there as a whole."""

    @property
    def config(self) -> dict[str, Any]: ...


class Scope(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A project to select from."""

    manifest: Manifest
    dag: Dag
    root: Path
    """The root project's folder, in which ``path:`` looks for files."""
    named: Callable[[str], set[str]]
    """What the selector of a name in selectors.yml selects."""
    state: State | None = None
    """The artifacts that ``state:``, ``result:`` and ``source_status:`` compare with."""
    changes: Changes | None = None
    """The comparison with the manifest among them, if there is one."""

    @property
    def nodes(self) -> Iterator[Node]:
        return iter(self.manifest.nodes.values())

    @property
    def sources(self) -> Iterator[Source]:
        return iter(self.manifest.sources.values())

    @property
    def exposures(self) -> Iterator[Exposure]:
        return iter(self.manifest.exposures.values())

    @property
    def unit_tests(self) -> Iterator[UnitTest]:
        return iter(self.manifest.unit_tests.values())

    @property
    def metrics(self) -> Iterator[Metric]:
        return iter(self.manifest.metrics.values())

    @property
    def semantic_models(self) -> Iterator[SemanticModel]:
        return iter(self.manifest.semantic_models.values())

    @property
    def saved_queries(self) -> Iterator[SavedQuery]:
        return iter(self.manifest.saved_queries.values())

    @property
    def functions(self) -> Iterator[Function]:
        return iter(self.manifest.functions.values())

    def all_but_sources(self) -> Iterator[Selectable]:
        """Everything in the graph that is not a source, in dbt's order; in outline, where that is at hand."""
        return all_but_sources(self.manifest)

    def configured(self) -> Iterator[Configured]:
        """Nodes and sources: what ``config.`` asks."""
        yield from self.nodes
        yield from self.sources

    def everything(self) -> Iterator[Selectable]:
        """Everything in the graph, likewise."""
        yield from self.all_but_sources()
        yield from outlines_of(self.manifest.sources)

    def read_by_test(self, unique_id: str) -> frozenset[str] | None:
        """What a data test or a unit test reads; None for anything else."""
        for section in (self.manifest.nodes, self.manifest.unit_tests):
            found = outline_in(section, unique_id)
            if found is not None and found.resource_type in {"test", "unit_test"}:
                return frozenset(found.depends_on.nodes)
        return None


def all_but_sources(manifest: Manifest) -> Iterator[Selectable]:
    """Everything that is not a source, in dbt's order; in outline, where that is at hand."""
    for section in (
        manifest.nodes,
        manifest.exposures,
        manifest.metrics,
        manifest.unit_tests,
        manifest.semantic_models,
        manifest.saved_queries,
        manifest.functions,
    ):
        yield from outlines_of(section)
