"""Entries of a model's ``indexes`` configuration."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from tidemill.adapters.relation import Relation
from tidemill.errors import CompilationError, did_you_mean

_KEYS = ("columns", "unique", "type")


class IndexConfig(msgspec.Struct, frozen=True):
    """One entry of a model's ``indexes``."""

    columns: list[str]
    unique: bool = False
    type: str | None = None
    """The index's method: ``btree``, ``hash``, ``gin`` ..."""

    def render(self, relation: Relation) -> str:
        """A name for the index, new at every build: the old table's index may still have the last one."""
        now = datetime.now(UTC).replace(tzinfo=None).isoformat()
        parts = [*self.columns, relation.render(), str(self.unique), str(self.type), now]
        return hashlib.md5("_".join(parts).encode(), usedforsecurity=False).hexdigest()


def parse_index(entry: Any) -> IndexConfig | None:
    """One entry of ``indexes``, checked. Raises CompilationError when it has another shape."""
    if entry is None:
        return None
    if not isinstance(entry, Mapping):
        raise _bad_index(entry, "it must be a mapping with 'columns'")
    for key in entry:
        if key not in _KEYS:
            hint = did_you_mean(str(key), _KEYS) or f"known entries: {', '.join(_KEYS)}"
            raise _bad_index(entry, f"there is no entry '{key}'", hint)
    try:
        return msgspec.convert(dict(entry), IndexConfig)
    except msgspec.ValidationError as error:
        raise _bad_index(entry, str(error)) from error


def _bad_index(entry: Any, why: str, hint: str | None = None) -> CompilationError:
    shown = dict(entry) if isinstance(entry, Mapping) else entry
    return CompilationError(
        f"Could not parse index config: {why} (in {shown!r})", code="index-config", hint=hint
    )
