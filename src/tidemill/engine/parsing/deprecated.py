"""Spellings that dbt still takes and will not for ever: warnings, each with what to write instead.

Their codes are known to those who show them by dbt's names of the same deprecations.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tidemill.engine.nodes import Manifest, Metric, Model
from tidemill.engine.parsing.property_entries import Entry, TestEntry
from tidemill.errors import Fault, Place

_EXPOSURE_NAME = re.compile(r"[\w-]+")
_LEGACY_TIME_SPINE = "metricflow_time_spine"


def missing_arguments(
    entry: TestEntry, target: str, package: str, beside: Iterable[str]
) -> Iterator[Fault]:
    """A generic test whose arguments stand outside ``arguments:``. ``beside`` are keys that may."""
    name, written = _test_of(entry.written)
    if written.get("arguments") or not set(written) - {*beside, "arguments", "column_name"}:
        return
    yield _warning(
        "deprecated-test-arguments",
        f"the arguments of the test '{name}' of '{target}' in the package '{package}' stand"
        " beside its name",
        entry.place,
        f"write them below it: {name}: {{arguments: {{...}}}}",
    )


def arguments_as_argument(entry: TestEntry) -> Iterator[Fault]:
    """A generic test with an argument of the name ``arguments``, which dbt gives a meaning of its own."""
    name, written = _test_of(entry.written)
    if "arguments" in written:
        yield _warning(
            "deprecated-arguments-argument",
            f"the test '{name}' has an argument of the name 'arguments'",
            entry.place,
            "rename it; dbt takes this name for the place where arguments stand",
        )


def exposure_name(entry: Entry) -> Iterator[Fault]:
    """An exposure whose name is more than letters, digits, underscores and hyphens."""
    if not _EXPOSURE_NAME.fullmatch(entry.name):
        yield _warning(
            "deprecated-exposure-name",
            "Starting in v1.3, the 'name' of an exposure should contain only letters, numbers, and "
            f"underscores. '{entry.name}' has other characters",
            entry.place,
            "use a plain name, and put these words into 'label'",
        )


def source_override(entry: Entry) -> Iterator[Fault]:
    """A source that overrides another package's."""
    if entry.values.get("overrides"):
        yield _warning(
            "deprecated-source-override",
            f"the source '{entry.name}' overrides one of the package"
            f" '{entry.values['overrides']}', which dbt means to give up",
            entry.place,
            "define a source of your own, and switch the other one off in dbt_project.yml",
        )


def semantic_spellings(manifest: Manifest, flags: Mapping[str, Any]) -> Iterator[Fault]:
    """Old places of cumulative parameters, and a time spine that is one by its name alone."""
    if not (manifest.metrics and manifest.semantic_models):
        return
    if not flags.get("require_nested_cumulative_type_params"):
        for metric in manifest.metrics.values():
            yield from _cumulative(metric)
    if flags.get("require_yaml_configuration_for_mf_time_spines"):
        return
    spines = [n for n in manifest.nodes.values() if isinstance(n, Model) and n.time_spine]
    for node in manifest.refable.get(_LEGACY_TIME_SPINE, ()):
        if not spines:
            yield _warning(
                "deprecated-time-spine",
                f"'{_LEGACY_TIME_SPINE}' is a time spine by its name alone",
                Place(file=node.original_file_path),
                "give it 'time_spine: {standard_granularity_column: date_day}' in YAML",
            )


def _cumulative(metric: Metric) -> Iterator[Fault]:
    if metric.type_params.window or metric.type_params.grain_to_date:
        yield _warning(
            "deprecated-cumulative-parameters",
            f"'window' and 'grain_to_date' of the metric '{metric.name}' stand in their old place",
            Place(file=metric.original_file_path, line=metric.line),
            "move them below 'cumulative_type_params'",
        )


def _test_of(written: Any) -> tuple[str, Mapping[str, Any]]:
    """Name and entries of a test in any of its spellings; both empty where there is nothing to see."""
    if not isinstance(written, dict):
        return str(written), {}
    if "test_name" in written:
        return str(written["test_name"]), {k: v for k, v in written.items() if k != "test_name"}
    name, inner = next(iter(written.items()), ("", {}))
    return str(name), inner if isinstance(inner, dict) else {}


def _warning(code: str, message: str, place: Place, hint: str) -> Fault:
    return Fault(code=code, label="Warning", message=message, place=place, hint=hint)
