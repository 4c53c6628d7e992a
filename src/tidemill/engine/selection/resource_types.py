"""Which kinds of resource each command is about, with ``--resource-type`` and its opposite."""

from __future__ import annotations

from collections.abc import Iterable

from tidemill.errors import UsageError, did_you_mean
from tidemill.keys import RESOURCE_TYPES

_BUILT = frozenset(
    {"model", "seed", "snapshot", "test", "unit_test", "saved_query", "exposure", "function"}
)
_LISTED = _BUILT | {"source", "metric", "semantic_model"}
_COMPILED = frozenset({"model", "test", "snapshot", "analysis", "operation", "seed", "function"})
_TESTED = frozenset({"test", "unit_test"})

_DEFAULTS: dict[str, frozenset[str]] = {
    "build": _BUILT,
    "clone": frozenset({"model", "seed", "snapshot"}),
    "compile": _COMPILED,
    "freshness": frozenset({"source"}),
    "list": _LISTED,
    "run": frozenset({"model"}),
    "seed": frozenset({"seed"}),
    "show": _COMPILED,
    "snapshot": frozenset({"snapshot"}),
    "test": _TESTED,
}
_ALL = _DEFAULTS | {"list": _LISTED | {"analysis"}}
_NAMES = {"data_test": "test", "ls": "list"}


def resource_types_for(
    command: str, include: Iterable[str] = (), exclude: Iterable[str] = ()
) -> frozenset[str]:
    """The resource types that ``command`` acts on; both options take dbt's words ``all`` and ``default``.

    Raises UsageError for a word that is no resource type, and KeyError for an unknown command.
    """
    command = _NAMES.get(command, command)
    default = _DEFAULTS[command]
    chosen: set[str] = set()
    for word in include:
        chosen |= {"all": _ALL[command], "default": default}.get(word) or {_resource_type(word)}
    types = frozenset(chosen) or default
    if command == "test":
        types &= _TESTED
    return types - {_resource_type(word) for word in exclude}


def _resource_type(word: str) -> str:
    name = _NAMES.get(word, word)
    if name not in RESOURCE_TYPES:
        raise UsageError(
            f"'{word}' is no resource type",
            code="resource-type",
            hint=did_you_mean(word, RESOURCE_TYPES) or f"choose from {', '.join(RESOURCE_TYPES)}",
        )
    return name
