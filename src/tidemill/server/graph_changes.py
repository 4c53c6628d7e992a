"""What differed between the newest readings of the project, for pages that have an older one."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

import msgspec

from tidemill.engine.nodes import Manifest
from tidemill.server.drawing import differences
from tidemill.server.reading import Reading, changed_ids
from tidemill.server.values import GraphChange

_MOST_KEPT = 100
_MOST_NODES = 500
"""From there on it is no dearer to fetch the whole graph."""
_WITHIN = frozenset({"nodes", "sources", "exposures", "unit_tests"})
"""Sections of which it is known who notices a change in them."""


class _Step(msgspec.Struct, frozen=True):
    before: int
    after: int
    ids: frozenset[str] | None
    """Of nodes that differ, or whose SQL may; None where that is not known."""


class GraphChanges:
    """The changes of one project. Safe between threads that only ask."""

    def __init__(self) -> None:
        self._steps: deque[_Step] = deque(maxlen=_MOST_KEPT)

    def note(self, before: Reading, after: Reading) -> None:
        """Keep what differs between two readings, one of which followed on the other."""
        self._steps.append(_Step(before.version, after.version, _touched(before, after)))

    def since(self, version: int, now: Reading) -> GraphChange | None:
        """What differs from that version; None where that is not known, or much."""
        ids: set[str] = set()
        for step in self._steps_since(version):
            if step is None or step.ids is None:
                return None
            ids |= step.ids
        if len(ids) > _MOST_NODES:
            return None
        drawn = now.drawing.nodes
        return GraphChange(
            before=version,
            nodes=tuple(node for key, node in drawn.items() if key in ids),
            gone=tuple(sorted(ids - drawn.keys())),
            touched=tuple(sorted(ids)),
        )

    def _steps_since(self, version: int) -> Iterator[_Step | None]:
        """The steps from there to the newest; None where some are missing."""
        steps = list(self._steps)
        start = next((i for i, step in enumerate(steps) if step.before == version), None)
        if start is None:
            yield None
        else:
            yield from steps[start:]


def _touched(before: Reading, after: Reading) -> frozenset[str] | None:
    if after.faults and after.manifest is not None:
        # It shows what was known before it was broken.
        return frozenset()
    changed = changed_ids(before, after)
    if changed is None or after.manifest is None:
        return None
    if not {section for section, _ in changed} <= _WITHIN:
        return None
    nodes, gone = differences(before.drawing, after.drawing)
    ids = {node.id for node in nodes}.union(gone)
    for _, key in changed:
        ids |= {key} if key in after.drawing.nodes else set(after.drawing.tested.get(key, ()))
    return frozenset(ids | _through_ephemerals(after, ids))


def _through_ephemerals(reading: Reading, ids: set[str]) -> set[str]:
    """Who has the SQL of these in their own."""
    manifest, dag = reading.sound(), reading.project.dag
    found: set[str] = set()
    waiting = [key for key in ids if _is_ephemeral(manifest, key)]
    while waiting:
        for child in dag.children(waiting.pop()):
            if child in reading.drawing.nodes and child not in found:
                found.add(child)
                if _is_ephemeral(manifest, child):
                    waiting.append(child)
    return found


def _is_ephemeral(manifest: Manifest, key: str) -> bool:
    node = manifest.nodes.get(key)
    return node is not None and node.is_ephemeral
