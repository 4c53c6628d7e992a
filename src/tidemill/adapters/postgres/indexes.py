"""Entries of a model's ``indexes`` configuration."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from tidemill.adapters.relation import Relation
from tidemill.errors import CompilationError, did_you_mean

_TYPES: dict[str, tuple[str, tuple[type, ...]]] = {
    "columns": ("array", (list,)),
    "unique": ("boolean", (bool,)),
    "type": ("string", (str, type(None))),
}
"""Entries of an index: the type in the words of JSON, and in Python's."""


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
    if "columns" not in entry:
        raise _bad_index(entry, "'columns' is a required property")
    for key, value in entry.items():
        _check(entry, str(key), value)
    return IndexConfig(**entry)


def _check(entry: Mapping[str, Any], key: str, value: Any) -> None:
    """Raise CompilationError, in the words of dbt's schema, when an entry of an index is of a wrong type."""
    if key not in _TYPES:
        hint = did_you_mean(key, _TYPES) or f"known entries: {', '.join(_TYPES)}"
        raise _bad_index(entry, f"there is no entry '{key}'", hint)
    name, types = _TYPES[key]
    texts = value if key == "columns" and isinstance(value, list) else ()
    for part in (text for text in texts if not isinstance(text, str)):
        raise _bad_index(entry, f"at path ['columns']: {part!r} is not of type 'string'")
    if not isinstance(value, types):
        raise _bad_index(entry, f"at path ['{key}']: {value!r} is not of type '{name}'")


def _bad_index(entry: Any, why: str, hint: str | None = None) -> CompilationError:
    shown = dict(entry) if isinstance(entry, Mapping) else entry
    return CompilationError(
        f"Could not parse index config: {why}\n  in {shown!r}", code="index-config", hint=hint
    )
