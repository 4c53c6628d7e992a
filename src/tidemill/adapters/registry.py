"""Finds the adapter for a profile's ``type``: a native one, else the bridge to an installed plugin of dbt.

Drivers and plugins are imported only when their adapter is asked for.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import Literal

import msgspec

from tidemill.adapters.base import Adapter
from tidemill.adapters.bridge.finding import (
    described,
    distribution,
    installed_types,
    is_installed,
)
from tidemill.errors import ConfigurationError, did_you_mean

NATIVE: dict[str, tuple[str, str]] = {
    "duckdb": ("tidemill.adapters.duckdb.adapter", "DuckDBAdapter"),
    "postgres": ("tidemill.adapters.postgres.adapter", "PostgresAdapter"),
}
"""Types that Tidemill serves by itself, with the module and class of each."""

DBT_TYPES = frozenset(
    {
        *("athena", "bigquery", "clickhouse", "databricks", "decodable", "doris", "dremio"),
        *("exasol", "fabric", "fabricspark", "firebolt", "glue", "greenplum", "hive", "impala"),
        *("materialize", "mysql", "oracle", "redshift", "risingwave", "singlestore", "snowflake"),
        *("spark", "sqlite", "sqlserver", "starrocks", "synapse", "teradata", "trino", "vertica"),
    }
)
"""Types of well-known plugins of dbt, each published as ``dbt-<type>``."""

CHOICE = "TIDEMILL_ADAPTER"
"""``bridge`` in this environment variable takes the plugin where there is a native adapter as well."""

_CHOICES = frozenset({"", "native", "bridge"})

Way = Literal["native", "plugin", "missing", "unknown"]


class Served(msgspec.Struct, frozen=True, kw_only=True):
    """How a type is served on this machine, or what is missing for that."""

    type: str
    way: Way
    by: str
    """Who serves it, or would."""
    hint: str | None = None
    """What to do where it is not served."""


def served(type_name: str) -> Served:
    """How a profile's ``type`` is served here. Imports nothing.

    Raises ConfigurationError for a value of ``TIDEMILL_ADAPTER`` that means nothing.
    """
    if type_name in NATIVE and not _wants_bridge():
        return Served(type=type_name, way="native", by="native adapter")
    if is_installed(type_name):
        return Served(type=type_name, way="plugin", by=f"plugin {described(type_name)}")
    if type_name in DBT_TYPES or type_name in NATIVE:
        plugin = distribution(type_name)
        hint = f'pip install "tidemill[bridge]" {plugin}'
        return Served(type=type_name, way="missing", by=f"plugin {plugin}", hint=hint)
    return Served(
        type=type_name,
        way="unknown",
        by="nothing that is known",
        hint=did_you_mean(type_name, {*NATIVE, *DBT_TYPES, *installed_types()}),
    )


def adapter_for(type_name: str) -> type[Adapter]:
    """The adapter class for a profile's ``type``.

    Raises ConfigurationError that says what to install when nothing serves the type, or which types
    there are when nobody knows it.
    """
    found = served(type_name)
    if found.way == "native":
        return _native(type_name)
    if found.way == "plugin":
        from tidemill.adapters.bridge.adapter import bridge_to

        return bridge_to(type_name)
    raise _not_served(found)


def _wants_bridge() -> bool:
    """Whether the plugin is chosen. Raises ConfigurationError for a choice that there is not."""
    choice = os.environ.get(CHOICE, "").strip().lower()
    if choice not in _CHOICES:
        raise ConfigurationError(
            f"the environment variable {CHOICE} is '{choice}', which is no kind of adapter",
            code="adapter-choice",
            hint=did_you_mean(choice, _CHOICES - {""}) or "set it to 'bridge', or unset it",
        )
    return choice == "bridge"


def _native(type_name: str) -> type[Adapter]:
    module, name = NATIVE[type_name]
    try:
        found: type[Adapter] = getattr(import_module(module), name)
    except ModuleNotFoundError as error:
        raise ConfigurationError(
            f"the '{type_name}' adapter needs the Python package '{error.name}', which is missing",
            code="adapter-driver",
            hint=f"pip install {error.name}",
        ) from error
    return found


def _not_served(found: Served) -> ConfigurationError:
    here = ", ".join(sorted({*NATIVE, *installed_types()}))
    if found.way == "missing":
        return ConfigurationError(
            f"type '{found.type}' needs the {found.by}, which is not installed; available: {here}",
            code="adapter-unavailable",
            hint=found.hint,
        )
    return ConfigurationError(
        f"unknown adapter type '{found.type}' in the profile; available: {here}",
        code="adapter-unknown",
        hint=found.hint or f"a plugin for it would be called {distribution(found.type)}",
    )
