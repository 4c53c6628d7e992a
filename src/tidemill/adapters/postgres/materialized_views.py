"""What a materialised view's configuration asks for beside what exists: its indexes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from tidemill.errors import CompilationError

_METHODS = ("btree", "hash", "gist", "spgist", "gin", "brin")


class ViewIndex(msgspec.Struct, frozen=True):
    """An index, equal to another one whatever its name is."""

    column_names: frozenset[str]
    unique: bool
    method: str

    @property
    def as_node_config(self) -> dict[str, Any]:
        """The index as an entry of ``indexes``."""
        return {"columns": sorted(self.column_names), "unique": self.unique, "type": self.method}


class IndexChange(msgspec.Struct, frozen=True):
    """One step: ``drop`` an index that exists, or ``create`` one."""

    action: str
    context: dict[str, Any]


class ConfigurationChanges(msgspec.Struct, frozen=True):
    """All steps, drops first. Indexes never need the view to be built anew."""

    indexes: tuple[IndexChange, ...]
    requires_full_refresh: bool = False
    has_changes: bool = True


def index_changes(existing: Iterable[Any], model: Any) -> ConfigurationChanges | None:
    """The steps from the rows that describe ``existing`` indexes to those of ``model``; None without any."""
    present = {_existing(row): str(row["name"]) for row in existing}
    wanted = dict.fromkeys(_wanted(entry) for entry in _indexes(model))
    drops = [
        IndexChange("drop", {"name": name})
        for index, name in present.items()
        if index not in wanted
    ]
    creates = [
        IndexChange("create", {"as_node_config": index.as_node_config})
        for index in wanted
        if index not in present
    ]
    return ConfigurationChanges((*drops, *creates)) if drops or creates else None


def _indexes(model: Any) -> Iterable[Mapping[str, Any]]:
    config = model["config"]
    return config.get("indexes") or ()


def _existing(row: Any) -> ViewIndex:
    columns = str(row["column_names"] or "").split(",")
    return _view_index(columns, bool(row["unique"]), str(row["method"]))


def _wanted(entry: Mapping[str, Any]) -> ViewIndex:
    method = str(entry.get("type") or "btree")
    if method not in _METHODS:
        raise CompilationError(
            f"'{method}' is no method of indexes", hint=f"known ones: {', '.join(_METHODS)}"
        )
    return _view_index(entry.get("columns") or (), bool(entry.get("unique")), method)


def _view_index(columns: Iterable[str], unique: bool, method: str) -> ViewIndex:
    return ViewIndex(frozenset(name.lower() for name in columns), unique, method)
