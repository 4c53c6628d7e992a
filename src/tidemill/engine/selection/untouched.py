"""Which resources are certainly what they were, as the bytes of two manifests say, before any rule is asked.

Most resources of a project are; comparing them takes microseconds, and what is not certain is left to the rules of
``changes``. Nothing is decided here but that two entries say the same.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec

from tidemill.engine.artifacts.state_manifest import StateManifest
from tidemill.engine.nodes import Manifest
from tidemill.engine.nodes.encoding import encode
from tidemill.engine.nodes.manifest import section_of
from tidemill.engine.nodes.section import Section
from tidemill.engine.nodes.shape import resource_dict
from tidemill.engine.project.replacing import read_part

_MOMENT = b'"created_at":'
_NUMBER = b"0123456789.e+-"
_ALWAYS_ASKED = "seed."
"""Of seeds the rules have something to tell even when they are the same."""


class Untouched:
    """The ids of resources of ``manifest`` that ``state`` has with the same words."""

    def __init__(self, manifest: Manifest, state: StateManifest) -> None:
        self._manifest = manifest
        self._state = state
        self._known: dict[str, bool] = {}

    def __contains__(self, unique_id: str) -> bool:
        found = self._known.get(unique_id)
        if found is None:
            found = self._known[unique_id] = self._is_same(unique_id)
        return found

    def _is_same(self, unique_id: str) -> bool:
        before = self._state.fragment(unique_id)
        if before is None or unique_id.startswith(_ALWAYS_ASKED):
            return False
        now = self._now(unique_id)
        return _same_text(bytes(before), now) or _same_words(unique_id, before, now)

    def _now(self, unique_id: str) -> bytes:
        section = section_of(self._manifest, unique_id)
        part = section.fragment(unique_id) if isinstance(section, Section) else None
        if part is None:
            return encode(resource_dict(section[unique_id]))
        return read_part(part)[len(encode(unique_id)) + len(": ") :]


def _same_text(before: bytes, now: bytes) -> bool:
    """Whether they differ by nothing but the time at which they were made."""
    first, second = before.partition(_MOMENT), now.partition(_MOMENT)
    # A key of that name in meta makes it two, of which one may count. In a string its quotes have backslashes.
    return (
        first[0] == second[0]
        and first[2].lstrip(_NUMBER) == second[2].lstrip(_NUMBER)
        and _MOMENT not in first[2]
    )


class _Config(msgspec.Struct):
    persist_docs: Any = None
    materialized: Any = None
    enabled: Any = None


class _Node(msgspec.Struct):
    """What the rules look at in a node."""

    resource_type: str
    config: _Config
    fqn: Any = None
    raw_code: Any = None
    raw_sql: Any = None
    language: Any = None
    unrendered_config: Any = None
    description: Any = None
    columns: Any = None
    contract: Any = None
    constraints: Any = None
    access: Any = None
    version: Any = None
    latest_version: Any = None
    deprecation_date: Any = None
    arguments: Any = None
    returns: Any = None
    test_metadata: Any = None


class _Source(msgspec.Struct):
    """What the rules look at in a source."""

    fqn: Any = None
    database: Any = None
    schema: Any = None
    identifier: Any = None
    unrendered_database: Any = None
    unrendered_schema: Any = None
    loaded_at_field: Any = None
    quoting: Any = None
    freshness: Any = None
    external: Any = None
    unrendered_config: Any = None


_COMPARED: dict[str, type[msgspec.Struct]] = {
    "model": _Node,
    "test": _Node,
    "snapshot": _Node,
    "analysis": _Node,
    "function": _Node,
    "source": _Source,
}


def _same_words(unique_id: str, before: msgspec.Raw, now: bytes) -> bool:
    """Whether all is the same that the rules look at; compiling, another target and another tool write more."""
    kind = unique_id.partition(".")[0]
    if kind not in _COMPARED:
        return False
    decoder = _decoder(kind)
    try:
        return bool(decoder.decode(before) == decoder.decode(now))
    except msgspec.DecodeError:
        return False  # of another shape


@cache
def _decoder(kind: str) -> msgspec.json.Decoder[msgspec.Struct]:
    return msgspec.json.Decoder(_COMPARED[kind])
