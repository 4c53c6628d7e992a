"""What ``ls`` prints: one line for each selected resource, in dbt's four forms."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from tidemill.engine.nodes import Manifest, Model, Source, UnitTest
from tidemill.engine.nodes.shape import resource_dict
from tidemill.engine.selection.scope import Selectable
from tidemill.errors import UsageError, did_you_mean

LIST_OUTPUTS = ("selector", "name", "path", "json")

_KEYS = (
    "name",
    "resource_type",
    "package_name",
    "original_file_path",
    "unique_id",
    "alias",
    "source_name",
    "tags",
    "config",
    "depends_on",
)
_NODE_KEYS = (*_KEYS[:6], "config", "tags", "depends_on")
_HAVE_OWN_SELECTOR = {"exposure", "metric", "saved_query", "semantic_model"}


def list_output(
    manifest: Manifest,
    unique_ids: Iterable[str],
    output: str = "selector",
    *,
    keys: Sequence[str] = (),
    created_at: float | None = None,
) -> Iterator[str]:
    """One line for each of ``unique_ids``, as ``ls --output`` prints them.

    ``keys`` chooses the keys of ``json``; one with dots looks inside (``config.materialized``).
    Raises UsageError for an unknown ``output``.
    """
    if output not in LIST_OUTPUTS:
        raise UsageError(
            f"'{output}' is no form of output",
            code="output",
            hint=did_you_mean(output, LIST_OUTPUTS) or f"choose from {', '.join(LIST_OUTPUTS)}",
        )
    at = manifest.metadata.generated_at if created_at is None else created_at
    lines: dict[str, Callable[[Selectable], str]] = {
        "selector": selector_of,
        "name": name_of,
        "path": lambda resource: resource.original_file_path,
        "json": lambda resource: _json(resource, keys, at),
    }
    line = lines[output]
    found = (manifest.resource(key) for key in unique_ids)
    return (line(resource) for resource in found if resource is not None)


def selector_of(resource: Selectable) -> str:
    """The words that select exactly this resource."""
    own = f"{resource.package_name}.{resource.name}"
    if isinstance(resource, Source):
        return f"source:{resource.package_name}.{resource.source_name}.{resource.name}"
    if isinstance(resource, UnitTest):
        version = "" if resource.version is None else f"_v{resource.version}"
        return f"unit_test:{own}{version}"
    if resource.resource_type in _HAVE_OWN_SELECTOR:
        return f"{resource.resource_type}:{own}"
    return ".".join(resource.fqn)


def name_of(resource: Selectable) -> str:
    """The name that people search by: with its source, or with its version."""
    if isinstance(resource, Source):
        return f"{resource.source_name}.{resource.name}"
    if isinstance(resource, Model) and resource.version is not None:
        return f"{resource.name}.v{resource.version}"
    return resource.name


def _json(resource: Any, keys: Sequence[str], created_at: float) -> str:
    shape: Mapping[str, Any] = resource_dict(resource, created_at=created_at)
    if keys:
        chosen = dict(_chosen(shape, keys))
    else:
        order = _NODE_KEYS if "alias" in shape else _KEYS
        chosen = {key: shape[key] for key in order if key in shape}
    return json.dumps(chosen, default=msgspec.to_builtins)  # dbt's spaces: scripts compare lines


def _chosen(shape: Mapping[str, Any], keys: Sequence[str]) -> Iterator[tuple[str, Any]]:
    for key in keys:
        if "." in key:
            value = _inside(shape, key.split("."))
            if value is not None:
                yield key, value
        elif key in shape:
            yield key, shape[key]


def _inside(shape: Any, path: Sequence[str]) -> Any:
    for key in path:
        if not isinstance(shape, Mapping) or key not in shape:
            return None
        shape = shape[key]
    return shape
