"""catalog.json, version 1: what of the project is in the warehouse, with columns, comments and statistics."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from tidemill.engine.artifacts.files import write_atomically
from tidemill.engine.artifacts.run_results import custom_environment
from tidemill.engine.artifacts.versions import CATALOG_SCHEMA, DBT_VERSION
from tidemill.engine.nodes import Manifest
from tidemill.engine.nodes.encoding import encode, utc
from tidemill.errors import CompilationError

Row = Mapping[str, Any]
Key = tuple[str | None, str, str]
"""Database, schema and name in lower case."""

_STATISTIC = ("label", "value", "description", "include")


class Catalog(msgspec.Struct, frozen=True, kw_only=True):
    """The tables of nodes and of sources by unique id, in the manifest's shape, and what went wrong."""

    nodes: dict[str, dict[str, Any]] = {}
    sources: dict[str, dict[str, Any]] = {}
    errors: tuple[str, ...] = ()


def write_catalog(
    path: Path, catalog: Catalog, *, invocation_id: str, started_at: float, generated_at: float
) -> None:
    """Write ``catalog_json`` to ``path``, atomically. Raises ConfigurationError when it cannot."""
    content = catalog_json(
        catalog, invocation_id=invocation_id, started_at=started_at, generated_at=generated_at
    )
    write_atomically(path, content)


def catalog_json(
    catalog: Catalog, *, invocation_id: str, started_at: float, generated_at: float
) -> bytes:
    """The catalog in dbt's schema v1."""
    return encode(
        {
            "metadata": {
                "dbt_schema_version": CATALOG_SCHEMA,
                "dbt_version": DBT_VERSION,
                "generated_at": utc(generated_at),
                "invocation_id": invocation_id,
                "invocation_started_at": utc(started_at),
                "env": custom_environment(os.environ),
            },
            "nodes": catalog.nodes,
            "sources": catalog.sources,
            "errors": list(catalog.errors) or None,
        }
    )


def make_catalog(
    rows: Iterable[Row], manifest: Manifest, selected: frozenset[str] | None = None
) -> Catalog:
    """The rows of the ``get_catalog`` macro, one for each column of each table, as a catalog.

    Tables that are no node or source of the project are left out; so is what is not ``selected``.
    Raises CompilationError for rows without the columns that dbt asks of that macro.
    """
    tables: dict[Key, dict[str, Any]] = {}
    for row in rows:
        _add_column(tables, row)
    nodes: dict[str, dict[str, Any]] = {}
    sources: dict[str, dict[str, Any]] = {}
    by_key = {_key_of(node): node.unique_id for node in manifest.nodes.values()}
    sources_by_key: dict[Key, list[str]] = {}
    for source in manifest.sources.values():
        sources_by_key.setdefault(_key_of(source), []).append(source.unique_id)
    for key, table in tables.items():
        node = by_key.get(key)
        if node is not None and (selected is None or node in selected):
            nodes[node] = {**table, "unique_id": node}
        for source_id in sources_by_key.get(key, ()):
            if selected is None or source_id in selected:
                sources[source_id] = {**table, "unique_id": source_id}
    return Catalog(nodes=nodes, sources=sources)


def _key_of(resource: Any) -> Key:
    return _key(resource.database, resource.schema, resource.identifier)


def _key(database: Any, schema: Any, name: Any) -> Key:
    return (
        None if database is None else str(database).lower(),
        str(schema).lower(),
        str(name).lower(),
    )


def _add_column(tables: dict[Key, dict[str, Any]], row: Row) -> None:
    try:
        key = _key(row.get("table_database"), row["table_schema"], row["table_name"])
        table = tables.get(key) or tables.setdefault(key, _table(row))
        name = row["column_name"]
        table["columns"][name] = {
            "type": row["column_type"],
            "index": int(row["column_index"]),
            "name": name,
            "comment": row.get("column_comment"),
        }
    except KeyError as error:
        raise CompilationError(
            f"the macro get_catalog gives no column {error}",
            code="catalog",
            hint="it must give what dbt's own does: table_schema, table_name, table_type,"
            " column_name, column_index, column_type",
        ) from None


def _table(row: Row) -> dict[str, Any]:
    return {
        "metadata": {
            "type": row["table_type"],
            "schema": row["table_schema"],
            "name": row["table_name"],
            "database": row.get("table_database"),
            "comment": row.get("table_comment"),
            "owner": row.get("table_owner"),
        },
        "columns": {},
        "stats": _statistics(row),
        "unique_id": None,
    }


def _statistics(row: Row) -> dict[str, Any]:
    """Columns such as ``stats:bytes:value``, of which the warehouse's macro says what counts."""
    prefix = "stats:"
    names = dict.fromkeys(key.split(":")[1] for key in row if key.startswith(prefix))
    found = {}
    for name in names:
        label, value, description, include = (row[f"{prefix}{name}:{k}"] for k in _STATISTIC)
        if include:
            found[name] = _statistic(name, label, _plain(value), True, description)
    about = "Indicates whether there are statistics for this table"
    found["has_stats"] = _statistic("has_stats", "Has Stats?", bool(found), False, about)
    return found


def _statistic(
    name: str, label: Any, value: Any, include: bool, description: Any
) -> dict[str, Any]:
    return {
        "id": name,
        "label": label,
        "value": value,
        "include": include,
        "description": description,
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    return value.isoformat() if isinstance(value, date) else value
