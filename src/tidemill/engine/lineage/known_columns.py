"""What is known about the columns of tables before any SQL is read: seed files, properties, the catalogue."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from tidemill.engine.lineage.summary import Known
from tidemill.engine.nodes import Manifest, Model, Node, Seed, Source

CATALOG_FILE = "catalog.json"


class _CatalogEntry(msgspec.Struct):
    columns: dict[str, Any] = {}


class _Catalog(msgspec.Struct):
    nodes: dict[str, _CatalogEntry] = {}
    sources: dict[str, _CatalogEntry] = {}


class KnownColumns:
    """Columns of sources and seeds, and what stands in the properties of models."""

    def __init__(self, manifest: Manifest, root: Path, catalog: Mapping[str, Known]) -> None:
        """``catalog`` has what the warehouse was found to hold, by unique id."""
        self._manifest = manifest
        self._root = root
        self._catalog = catalog

    def of_source(self, source: Source) -> Known:
        """Those of the catalogue, else those in properties; either may be a part of what there is."""
        found = self._catalog.get(source.unique_id)
        return found or Known(tuple(column.name for column in source.columns.values()))

    def of_seed(self, seed: Seed) -> Known:
        """The header of the file."""
        delimiter = str(seed.config.get("delimiter") or ",")
        path = Path(seed.root_path or self._root) / seed.original_file_path
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                header = next(csv.reader(file, delimiter=delimiter), [])
        except (OSError, UnicodeDecodeError, csv.Error, TypeError):
            header = []
        if header and all(header):
            return Known(tuple(header), complete=True)
        return Known(tuple(column.name for column in seed.columns.values()))

    def of_unread(self, node: Node) -> Known:
        """Columns of a model whose SQL does not tell them all: the catalogue, a contract, properties."""
        found = self._catalog.get(node.unique_id)
        if found is not None:
            return found
        names = tuple(column.name for column in node.columns.values())
        contract = (node.config.get("contract") or {}) if isinstance(node, Model) else {}
        return Known(names, complete=bool(contract.get("enforced")) and bool(names))


def read_catalog(path: Path) -> dict[str, Known]:
    """The columns in a ``catalog.json``, by unique id; nothing when there is none that can be read.

    They are what a table had at some time: since then there may be more.
    """
    try:
        catalog = msgspec.json.decode(path.read_bytes(), type=_Catalog)
    except (OSError, msgspec.DecodeError):
        return {}
    return {
        unique_id: Known(tuple(entry.columns))
        for group in (catalog.nodes, catalog.sources)
        for unique_id, entry in group.items()
        if entry.columns
    }
