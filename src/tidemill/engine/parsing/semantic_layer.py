"""The semantic layer of a project as rules see it, and what breaks one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

import msgspec

from tidemill.engine.nodes import Manifest, Model
from tidemill.engine.nodes.semantics import Measure, Metric, SavedQuery, SemanticModel


class Layer(msgspec.Struct, frozen=True, dict=True):
    """The semantic layer of a project."""

    manifest: Manifest

    @property
    def models(self) -> list[SemanticModel]:
        return list(self.manifest.semantic_models.values())

    @property
    def metrics(self) -> list[Metric]:
        return list(self.manifest.metrics.values())

    @property
    def queries(self) -> list[SavedQuery]:
        return list(self.manifest.saved_queries.values())

    @cached_property
    def measures(self) -> dict[str, tuple[SemanticModel, Measure]]:
        return {m.name: (model, m) for model in self.models for m in model.measures}

    @cached_property
    def custom_granularities(self) -> frozenset[str]:
        spines = [n.time_spine for n in self.manifest.nodes.values() if isinstance(n, Model)]
        custom = [g for spine in spines if spine for g in spine.get("custom_granularities") or ()]
        return frozenset(str(granularity["name"]) for granularity in custom)


class Broken(msgspec.Struct, frozen=True):
    """What breaks a rule, and in which resource."""

    resource: Any
    message: str
    hint: str | None = None


Rule = Callable[[Layer], Iterator[Broken]]
