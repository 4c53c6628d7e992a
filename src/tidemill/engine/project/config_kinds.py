"""Configuration by kind of resource: dbt's defaults, in dbt's order, and the types that keys must have.

A table of facts about dbt-core 1.11. Keys that stand nowhere here are allowed: adapters and packages
bring their own, and they come after the known ones.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from tidemill.engine.project.yaml_loader import describe_type

SECTION_OF_KIND = {
    "model": "models",
    "analysis": "models",
    "operation": "models",
    "sql_operation": "models",
    "seed": "seeds",
    "snapshot": "snapshots",
    "test": "data_tests",
    "unit_test": "unit_tests",
    "source": "sources",
    "exposure": "exposures",
    "metric": "metrics",
    "semantic_model": "semantic_models",
    "saved_query": "saved_queries",
    "function": "functions",
}
"""Where in ``dbt_project.yml`` each kind of resource is configured; analyses share with models."""

_COMMON: dict[str, Any] = {
    "enabled": True,
    "alias": None,
    "schema": None,
    "database": None,
    "tags": [],
    "meta": {},
    "group": None,
    "static_analysis": None,
    "materialized": "view",
}
_RELATION: dict[str, Any] = {
    **_COMMON,
    "incremental_strategy": None,
    "batch_size": None,
    "lookback": 1,
    "begin": None,
    "persist_docs": {},
    "post-hook": [],
    "pre-hook": [],
    "quoting": {},
    "column_types": {},
    "full_refresh": None,
    "unique_key": None,
    "on_schema_change": "ignore",
    "on_configuration_change": "apply",
    "grants": {},
    "packages": [],
    "docs": {"show": True, "node_color": None},
    "contract": {"enforced": False, "alias_types": True},
    "event_time": None,
    "concurrent_batches": None,
}
_NO_TIME = {"count": None, "period": None}

DEFAULTS: dict[str, dict[str, Any]] = {
    "model": {**_RELATION, "access": "protected", "freshness": None},
    "analysis": _RELATION,
    "operation": _RELATION,
    "sql_operation": _RELATION,
    "seed": {**_RELATION, "materialized": "seed", "delimiter": ",", "quote_columns": None},
    "snapshot": {
        **_RELATION,
        "materialized": "snapshot",
        "strategy": None,
        "target_schema": None,
        "target_database": None,
        "updated_at": None,
        "check_cols": None,
        "snapshot_meta_column_names": {
            "dbt_valid_to": None,
            "dbt_valid_from": None,
            "dbt_scd_id": None,
            "dbt_updated_at": None,
            "dbt_is_deleted": None,
        },
        "dbt_valid_to_current": None,
    },
    "test": {
        **_COMMON,
        "schema": "dbt_test__audit",
        "materialized": "test",
        "severity": "ERROR",
        "store_failures": None,
        "store_failures_as": None,
        "where": None,
        "limit": None,
        "fail_calc": "count(*)",
        "warn_if": "!= 0",
        "error_if": "!= 0",
    },
    "unit_test": {"tags": [], "meta": {}, "enabled": True, "static_analysis": None},
    "source": {
        "enabled": True,
        "event_time": None,
        "freshness": {"warn_after": _NO_TIME, "error_after": _NO_TIME, "filter": None},
        "loaded_at_field": None,
        "loaded_at_query": None,
        "meta": {},
        "tags": [],
        "static_analysis": None,
    },
    "exposure": {"enabled": True, "tags": [], "meta": {}},
    "metric": {"enabled": True, "group": None, "meta": {}},
    "semantic_model": {"enabled": True, "group": None, "meta": {}},
    "saved_query": {
        "enabled": True,
        "group": None,
        "meta": {},
        "export_as": None,
        "schema": None,
        "cache": {"enabled": False},
    },
    "function": {
        **_RELATION,
        "materialized": "function",
        "type": "scalar",
        "volatility": None,
        "runtime_version": None,
        "entry_point": None,
    },
    "group": {"meta": {}},
    "macro": {"meta": {}, "docs": {"show": True, "node_color": None}},
}

FIXED_KEYS = frozenset({"docs", "contract", "snapshot_meta_column_names"})
"""Mappings of which dbt keeps only the keys that it knows."""

FIXED_MATERIALIZATIONS = {"seed": "seed", "snapshot": "snapshot", "test": "test"}
"""Kinds that can be materialised in one way only."""

_SEVERITY = re.compile(r"warn|error", re.IGNORECASE)
_HEX_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3}){1,2}")

Check = Callable[[Any], bool]


def _is_colour(value: str) -> bool:
    from tidemill.engine.project.html_colours import HTML_COLOURS

    return _HEX_COLOUR.fullmatch(value) is not None or value.lower() in HTML_COLOURS


def _is(*types: type) -> Check:
    return lambda value: isinstance(value, types)


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _text_or_texts(value: Any) -> bool:
    return isinstance(value, str) or _texts(value)


def _one_of(*words: str) -> Check:
    return lambda value: value in words


def _whole_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


_YES_NO: tuple[Check, str] = (_is(bool), "true or false")
_TEXT: tuple[Check, str] = (_is(str), "a text")
_MAPPING: tuple[Check, str] = (_is(dict), "a mapping")
_ACCESS = ("private", "protected", "public")
_ON_CHANGE = ("apply", "continue", "fail")

TYPES: dict[str, tuple[Check, str]] = {
    "enabled": _YES_NO,
    **dict.fromkeys(
        (
            "alias",
            "schema",
            "database",
            "group",
            "materialized",
            "incremental_strategy",
            "on_schema_change",
            "delimiter",
            "strategy",
            "target_schema",
            "target_database",
            "updated_at",
            "dbt_valid_to_current",
            "store_failures_as",
            "where",
            "fail_calc",
            "warn_if",
            "error_if",
            "loaded_at_field",
            "loaded_at_query",
            "static_analysis",
        ),
        _TEXT,
    ),
    "tags": (_text_or_texts, "a text or a list of texts"),
    **dict.fromkeys(
        ("meta", "persist_docs", "quoting", "column_types", "grants", "docs", "contract"), _MAPPING
    ),
    "snapshot_meta_column_names": _MAPPING,
    "full_refresh": _YES_NO,
    "quote_columns": _YES_NO,
    "store_failures": _YES_NO,
    "unique_key": (_text_or_texts, "a column or a list of columns"),
    "check_cols": (_text_or_texts, "'all', or a list of columns"),
    "packages": (_texts, "a list of texts"),
    "on_configuration_change": (_one_of(*_ON_CHANGE), "one of " + ", ".join(_ON_CHANGE)),
    "on_error": (_one_of("skip_children", "continue"), "one of skip_children, continue"),
    "access": (_one_of(*_ACCESS), "one of " + ", ".join(_ACCESS)),
    "severity": (
        lambda value: isinstance(value, str) and _SEVERITY.fullmatch(value) is not None,
        "'warn' or 'error'",
    ),
    "limit": (_whole_number, "a whole number"),
}
_REQUIRED = frozenset(
    [
        "enabled",
        "tags",
        "meta",
        "materialized",
        "persist_docs",
        "quoting",
        "column_types",
        "grants",
        "docs",
        "contract",
        "on_configuration_change",
        "packages",
        "access",
        "severity",
        "fail_calc",
        "warn_if",
        "error_if",
        "delimiter",
    ]
)
"""Keys that may not be null."""
_INNER_TYPES: dict[str, dict[str, tuple[Check, str]]] = {
    "docs": {
        "show": _YES_NO,
        "node_color": (
            lambda value: isinstance(value, str) and _is_colour(value),
            "an HTML colour or a hex code such as '#12ab34'",
        ),
    },
    "contract": {"enforced": _YES_NO, "alias_types": _YES_NO},
}


def type_problem(key: str, value: Any) -> str | None:
    """What is wrong with the type of one merged value, in words; None when it is right."""
    if key not in TYPES:
        return None
    if value is None:
        return f"'{key}' must not be empty" if key in _REQUIRED else None
    problem = _problem(key, value, TYPES[key])
    if problem is not None:
        return problem
    for inner, checked in _INNER_TYPES.get(key, {}).items():
        if value.get(inner) is not None:
            problem = _problem(f"{key}.{inner}", value[inner], checked)
            if problem is not None:
                return problem
    return None


def _problem(key: str, value: Any, checked: tuple[Check, str]) -> str | None:
    check, words = checked
    if check(value):
        return None
    if words == _YES_NO[1]:
        return f"'{key}' must be {words}: {value!r} is not of type 'boolean'"
    found = describe_type(value)
    shown = f"{found} ({value!r})" if isinstance(value, str | int | float) else found
    return f"'{key}' must be {words}, and is {shown}"
