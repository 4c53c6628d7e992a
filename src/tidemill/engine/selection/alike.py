"""Whether two resources of one kind are the same, as far as two entries of manifests tell: the plain ones of dbt's rules.

Entries are mappings in the manifest's shape, and one may come from a manifest of another version or tool.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from typing import Any

Shape = Mapping[str, Any]

_ELSEWHERE = frozenset({"alias", "schema", "database", "tags", "group"})
"""Configuration that is compared as the relation, or not at all."""

_CONSTANT = re.compile(r"Keyword\(key='[^']*', value=Const\(value=(.*)\)\)")
"""A literal in ``config()``, as dbt keeps what it did not render."""

_OF_TESTS = (
    "severity",
    "where",
    "limit",
    "fail_calc",
    "warn_if",
    "error_if",
    "store_failures",
    "store_failures_as",
)

NODES = frozenset({"model", "seed", "snapshot", "analysis", "test", "operation", "function"})
CONFIGURED = NODES | {"source", "exposure", "metric", "semantic_model", "saved_query"}
NEVER_BUILT = frozenset({"source", "exposure", "metric", "semantic_model", "saved_query"})


def same(*keys: str) -> Callable[[Shape, Shape], bool]:
    """A comparison of these entries."""
    return lambda old, new: all(old.get(key) == new.get(key) for key in keys)


def same_signature(old: Shape, new: Shape) -> bool:
    """Of a function. What older manifests do not have is no change."""
    return [without_none(each) for each in old.get("arguments") or []] == [
        without_none(each) for each in new.get("arguments") or []
    ] and without_none(old.get("returns")) == without_none(new.get("returns"))


def unrendered(shape: Shape) -> Shape:
    """The configuration as written. Literals count the same whether they were kept as syntax or as values."""
    written: Shape = shape.get("unrendered_config") or {}
    return {key: _literal(value) for key, value in written.items()}


def _literal(value: Any) -> Any:
    found = _CONSTANT.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return value
    try:
        return ast.literal_eval(found[1])
    except (SyntaxError, ValueError):
        return value


def same_config(old: Shape, new: Shape) -> bool:
    """The configuration as it was written: values of a target are no change."""
    kind = new["resource_type"]
    if kind in {"semantic_model", "saved_query"}:
        return bool(without_none(old.get("config")) == without_none(new.get("config")))
    return configuration(old) == configuration(new)


def configuration(shape: Shape) -> dict[str, Any]:
    """The configuration as it was written, as far as its changes count."""
    kind = shape["resource_type"]
    written = unrendered(shape)
    if kind == "test":
        return {key: value for key, value in written.items() if key in _OF_TESTS}
    excluded = _ELSEWHERE if kind in NODES else {"group"} if kind == "metric" else set[str]()
    return {key: value for key, value in written.items() if key not in excluded}


def same_persisted_description(old: Shape, new: Shape) -> bool:
    """Descriptions count where the warehouse is told them."""
    persisted: Shape = (new.get("config") or {}).get("persist_docs") or {}
    if persisted.get("relation") and old.get("description") != new.get("description"):
        return False
    return not persisted.get("columns") or _column_words(old) == _column_words(new)


def _column_words(shape: Shape) -> dict[str, Any]:
    return {name: column["description"] for name, column in (shape.get("columns") or {}).items()}


def same_for_readers(old: Shape, new: Shape) -> bool:
    """What may break those who refer to a model."""
    access = old.get("access", "protected") == new.get("access")
    return access and same("latest_version", "deprecation_date")(old, new)


def same_exposure(old: Shape, new: Shape) -> bool:
    """Of an exposure."""
    words = same("fqn", "type", "owner", "maturity", "url", "description", "label")(old, new)
    parents = [set((shape.get("depends_on") or {}).get("nodes") or ()) for shape in (old, new)]
    return words and parents[0] == parents[1] and same_config(old, new)


def same_metric(old: Shape, new: Shape) -> bool:
    """Of a metric."""
    return same("type", "description", "label")(old, new) and same_config(old, new)


def same_semantic_model(old: Shape, new: Shape) -> bool:
    """Of a semantic model."""
    keys = ("model", "description", "primary_entity", "group")
    parts = ("defaults", "entities", "dimensions", "measures")
    same_parts = all(without_none(old.get(key)) == without_none(new.get(key)) for key in parts)
    return same(*keys)(old, new) and same_parts and same_config(old, new)


def same_saved_query(old: Shape, new: Shape) -> bool:
    """Of a saved query."""
    first, second = (without_none(shape.get("query_params")) for shape in (old, new))
    words = same("description", "label", "group", "tags")(old, new)
    return words and first == second and _exports(old) == _exports(new) and same_config(old, new)


def _exports(shape: Shape) -> list[Any]:
    return [
        (export["name"], [unrendered(export).get(key) for key in ("export_as", "schema", "alias")])
        for export in shape.get("exports") or ()
    ]


def without_none(value: Any) -> Any:
    """A mapping without keys that say nothing: manifests of other versions may lack them."""
    if isinstance(value, Mapping):
        return {key: without_none(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [without_none(inner) for inner in value]
    return value
