"""The edges of the graph, as two artifacts have them: what they are made of, so that they are made once."""

from __future__ import annotations

from typing import Any

import msgspec

from tidemill.engine.nodes import Manifest
from tidemill.engine.nodes.section import Section
from tidemill.engine.parsing.cache.folder import digest_of

_LINKED = (
    "nodes",
    "sources",
    "exposures",
    "functions",
    "metrics",
    "semantic_models",
    "saved_queries",
    "unit_tests",
)


def links_identity(manifest: Manifest) -> bytes | None:
    """What tells the edges from any others: who reads whom, who takes part, and who is in which group.

    None where resources are not at hand in outline: then nothing is gained by asking.
    """
    made = manifest.made
    if links_identity not in made:
        made[links_identity] = _identity(manifest)
    found: bytes | None = made[links_identity]
    return found


def _identity(manifest: Manifest) -> bytes | None:
    found: list[Any] = [sorted(group.name for group in manifest.groups.values())]
    for name in _LINKED:
        section = getattr(manifest, name)
        if isinstance(section, Section):
            outlines = section.outlines.values()
            found.append([(o.unique_id, o.reads, o.enabled, o.group) for o in outlines])
        elif section:
            return None
    return digest_of(msgspec.msgpack.encode(found))
