"""Finds the adapter for a profile's ``type``. Drivers are imported only when their adapter is asked for."""

from __future__ import annotations

from importlib import import_module

from tidemill.adapters.base import Adapter
from tidemill.errors import ConfigurationError, did_you_mean

ADAPTERS: dict[str, tuple[str, str]] = {
    "duckdb": ("tidemill.adapters.duckdb.adapter", "DuckDBAdapter"),
    "postgres": ("tidemill.adapters.postgres.adapter", "PostgresAdapter"),
}
"""Adapter types that exist, with the module and class of each."""

DBT_TYPES = frozenset(
    {
        *(
            "athena",
            "bigquery",
            "clickhouse",
            "databricks",
            "dremio",
            "exasol",
            "fabric",
            "greenplum",
        ),
        *(
            "hive",
            "impala",
            "materialize",
            "mysql",
            "oracle",
            "redshift",
            "singlestore",
            "snowflake",
        ),
        *("spark", "sqlite", "sqlserver", "starrocks", "synapse", "teradata", "trino", "vertica"),
    }
)
"""Types of well-known dbt adapters: valid in a profile, but not available here."""


def adapter_for(type_name: str) -> type[Adapter]:
    """The adapter class for a profile's ``type``.

    Raises ConfigurationError that says which types exist when this one does not, or when its
    driver is not installed.
    """
    if type_name not in ADAPTERS:
        raise _unknown_type(type_name)
    module, name = ADAPTERS[type_name]
    try:
        found: type[Adapter] = getattr(import_module(module), name)
    except ModuleNotFoundError as error:
        raise ConfigurationError(
            f"the '{type_name}' adapter needs the Python package '{error.name}', which is missing",
            code="adapter-driver",
            hint=f"pip install {error.name}",
        ) from error
    return found


def _unknown_type(type_name: str) -> ConfigurationError:
    available = ", ".join(sorted(ADAPTERS))
    if type_name in DBT_TYPES:
        message = f"there is no adapter for type '{type_name}' yet; available: {available}"
        return ConfigurationError(message, code="adapter-unavailable")
    return ConfigurationError(
        f"unknown adapter type '{type_name}' in the profile; available: {available}",
        code="adapter-unknown",
        hint=did_you_mean(type_name, [*ADAPTERS, *DBT_TYPES]),
    )
