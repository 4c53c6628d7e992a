"""Rules between the parts of a semantic layer, as dbt holds them before it accepts a project.

Each rule takes the whole layer and gives what breaks it. Like dbt, they apply once a project has both
semantic models and metrics.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tidemill.engine.nodes import Manifest, Model
from tidemill.engine.nodes.semantics import GRANULARITIES
from tidemill.engine.parsing.semantic_layer import Broken, Layer
from tidemill.engine.parsing.semantic_metric_rules import METRIC_RULES
from tidemill.engine.parsing.semantic_model_rules import MODEL_RULES
from tidemill.errors import Fault, Place

LEGACY_TIME_SPINE = "metricflow_time_spine"
"""A model of this name is a time spine of days without saying so."""


def check_semantics(manifest: Manifest) -> list[Fault]:
    """All that breaks a rule, with places."""
    faults = [_fault(broken) for broken in _time_spine(manifest)]
    if manifest.metrics and manifest.semantic_models:
        layer = Layer(manifest)
        faults += [
            _fault(broken) for rule in (*MODEL_RULES, *METRIC_RULES) for broken in rule(layer)
        ]
    return faults


def is_spine(node: Any) -> bool:
    """Whether a node, or its outline, may be a time spine."""
    return node.resource_type == "model" and bool(node.time_spine or node.name == LEGACY_TIME_SPINE)


def _fault(broken: Broken) -> Fault:
    resource = broken.resource
    return Fault(
        code="semantic-layer",
        label="Parsing Error",
        message=broken.message,
        place=Place(file=resource.original_file_path, line=resource.line),
        hint=broken.hint,
        node=resource.unique_id,
    )


def _time_spine(manifest: Manifest) -> Iterator[Broken]:
    """A project with semantic models needs a model that has a row for each day, or finer."""
    if not manifest.semantic_models:
        return
    for node in manifest.nodes.values():
        if not isinstance(node, Model):
            continue
        if node.name == LEGACY_TIME_SPINE:
            return
        if node.time_spine:
            column = node.columns.get(node.time_spine.get("standard_granularity_column", ""))
            grain = column.granularity if column else None
            if grain in GRANULARITIES[: GRANULARITIES.index("day") + 1]:
                return
    first = next(iter(manifest.semantic_models.values()))
    yield Broken(
        first,
        "The semantic layer requires a time spine model with granularity DAY or smaller, and there is none",
        "give a model 'time_spine: {standard_granularity_column: date_day}', and its column"
        " 'granularity: day'",
    )
