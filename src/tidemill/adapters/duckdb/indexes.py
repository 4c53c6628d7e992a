"""Entries of a model's ``indexes`` configuration."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from tidemill.adapters.relation import Relation
from tidemill.errors import CompilationError


class IndexConfig:
    """One entry of a model's ``indexes``."""

    def __init__(self, columns: list[str], *, unique: bool) -> None:
        self.columns = columns
        self.unique = unique

    def render(self, relation: Relation) -> str:
        """A name for the index, new at every build: the old table's index may still have the last one."""
        now = datetime.now(UTC).isoformat()
        text = "_".join([*self.columns, relation.render(), str(self.unique), now])
        return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def parse_index(entry: Any) -> IndexConfig | None:
    """One entry of ``indexes``, checked. Raises CompilationError when it has another shape."""
    if entry is None:
        return None
    if not isinstance(entry, Mapping):
        raise _bad_index(entry, "it must be a mapping with 'columns'")
    columns: Any = entry.get("columns")
    if not isinstance(columns, list | tuple) or not all(isinstance(c, str) for c in columns):
        raise _bad_index(entry, "'columns' must be a list of names")
    unknown = sorted(set(entry) - {"columns", "unique"})
    if unknown:
        raise _bad_index(entry, f"DuckDB's indexes have no '{unknown[0]}'")
    return IndexConfig(list(columns), unique=bool(entry.get("unique", False)))


def _bad_index(entry: Any, why: str) -> CompilationError:
    return CompilationError(f"the index {entry!r} cannot be read: {why}", code="index-config")
