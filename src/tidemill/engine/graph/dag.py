"""The project's graph as one immutable value: parents and children by unique id.

Built from a manifest or from plain edges. It answers about relatives, order, levels and cycles,
and gives the graph of a selection, in which order survives across what was left out. It knows
nothing of what the nodes are, and nothing of ``--select``: see ``selection``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from tidemill.engine.graph.cycles import find_cycle
from tidemill.engine.graph.following import Edged, Edges, edged, followed
from tidemill.engine.nodes.section import reads_of
from tidemill.errors import CompilationError, Place

if TYPE_CHECKING:
    from tidemill.engine.nodes import Manifest

_FEW = 20
"""So many members are asked one by one whether they are in a ring."""


class Dag:
    """A directed graph without cycles. Iterating gives its members in the order they came in."""

    __slots__ = ("_children", "_edged", "_parents")

    def __init__(self, parents: Mapping[str, Iterable[str]]) -> None:
        """``parents`` names every member with those it reads; names of no member are dropped.

        The constructor accepts cycles, so that they can be shown; ``of`` does not.
        """
        self._take(edged({member: tuple(read) for member, read in parents.items()}))

    def _take(self, edges: Edged) -> Dag:
        self._edged = edges
        self._parents = edges.parents
        self._children = edges.children
        return self

    @classmethod
    def of(cls, manifest: Manifest, like: Dag | None = None) -> Dag:
        """The graph of everything in ``manifest`` that reads or is read.

        ``like`` is one of the same project before: what did not change since is taken from it.
        Raises CompilationError that names the cycle, if there is one.
        """
        made: Dag | None = manifest.made.get(cls)
        if made is not None:
            return made
        reads = dependencies_of(manifest)
        dag = like._followed(reads) if like is not None else None
        if dag is None:
            dag = cls.__new__(cls)._take(edged(reads))
            cycle = dag.find_cycle()
            if cycle is not None:
                raise _cycle_error(manifest, cycle)
        manifest.made[cls] = dag
        return dag

    def _followed(self, reads: Edges) -> Dag | None:
        """The graph of these members, if it differs little from this one and has no cycle."""
        found = followed(self._edged, reads)
        if found is None:
            return None
        edges, changed = found
        if len(changed) > _FEW:
            return None
        dag = Dag.__new__(Dag)._take(edges)
        # A new ring runs through somebody who reads something new.
        return None if any(each in dag.descendants([each]) for each in changed) else dag

    def __iter__(self) -> Iterator[str]:
        return iter(self._parents)

    def __len__(self) -> int:
        return len(self._parents)

    def __contains__(self, member: object) -> bool:
        return member in self._parents

    @property
    def parent_map(self) -> Edges:
        """Every member with those it reads directly."""
        return self._parents

    @property
    def child_map(self) -> Edges:
        """Every member with those that read it directly."""
        return self._children

    def parents(self, member: str) -> tuple[str, ...]:
        """What ``member`` reads directly. Raises KeyError for a stranger."""
        return self._parents[member]

    def children(self, member: str) -> tuple[str, ...]:
        """What reads ``member`` directly. Raises KeyError for a stranger."""
        return self._children[member]

    def ancestors(self, members: Iterable[str], depth: int | None = None) -> set[str]:
        """All that ``members`` stand on, at most ``depth`` steps away.

        One of ``members`` is in the answer only where another of them stands on it.
        """
        return _reach(self._parents, members, depth)

    def descendants(self, members: Iterable[str], depth: int | None = None) -> set[str]:
        """All that stands on ``members``, at most ``depth`` steps away."""
        return _reach(self._children, members, depth)

    def find_cycle(self) -> tuple[str, ...] | None:
        """Members that read each other in a ring, in the direction of the data, or None."""
        return find_cycle(self._children)

    def levels(self) -> dict[str, int]:
        """Each member's longest distance from a root, in topological order.

        Members inside or behind a cycle have no level and are left out.
        """
        waiting = {member: len(read) for member, read in self._parents.items()}
        ready = [member for member, count in waiting.items() if not count]
        levels: dict[str, int] = {}
        level = 0
        while ready:
            following: list[str] = []
            for member in ready:
                levels[member] = level
                for child in self._children[member]:
                    waiting[child] -= 1
                    if not waiting[child]:
                        following.append(child)
            ready = following
            level += 1
        return levels

    def order(self) -> list[str]:
        """A topological order that depends on names alone: by level, then by unique id (dbt's)."""
        levels = self.levels()
        return sorted(levels, key=lambda member: (levels[member], member))

    def subset(self, members: Collection[str]) -> Dag:
        """The graph of ``members`` alone, ordered as in the whole.

        Where a path between two of them leads only through others, they become parent and child,
        as dbt does: an unselected model between two selected ones does not let them swap places.
        """
        wanted = members if isinstance(members, set | frozenset) else set(members)
        above: dict[str, tuple[str, ...]] = {}
        for member in self._between(wanted):
            above[member] = self._nearest(member, wanted, above)
        return Dag({member: above.get(member, ()) for member in self if member in wanted})

    def _nearest(self, member: str, wanted: Collection[str], above: Edges) -> tuple[str, ...]:
        """The members of ``wanted`` that ``member`` stands on with none of them in between."""
        found: dict[str, None] = {}
        for parent in self._parents[member]:
            if parent in wanted:
                found[parent] = None
            else:
                found.update(dict.fromkeys(above.get(parent, ())))
        return tuple(found)

    def _between(self, wanted: Collection[str]) -> list[str]:
        """All on a path from one of ``wanted`` to another, each after its parents."""
        upstream = self.ancestors(wanted).union(wanted)
        waiting: dict[str, int] = {}
        edge = [member for member in wanted if member in self]
        seen = set(edge)
        while edge:
            following = [child for member in edge for child in self._children[member]]
            edge = []
            for child in following:
                if child in upstream:
                    waiting[child] = waiting.get(child, 0) + 1
                    if child not in seen:
                        seen.add(child)
                        edge.append(child)
        return self._by_waiting(seen, waiting)

    def _by_waiting(self, members: Collection[str], waiting: dict[str, int]) -> list[str]:
        ready = [member for member in members if member not in waiting]
        for member in ready:
            for child in self._children[member]:
                if child in waiting:
                    waiting[child] -= 1
                    if not waiting[child]:
                        ready.append(child)
        return ready


def dependencies_of(manifest: Manifest) -> dict[str, tuple[str, ...]]:
    """Every resource that is part of the graph, with the unique ids it reads.

    Order follows dbt's ``parent_map``: nodes, sources, exposures, functions, metrics, semantic
    models, saved queries, unit tests. Macros, docs and groups are not part of the graph.
    """
    found: dict[str, tuple[str, ...]] = {}
    for section in (
        manifest.nodes,
        manifest.sources,
        manifest.exposures,
        manifest.functions,
        manifest.metrics,
        manifest.semantic_models,
        manifest.saved_queries,
        manifest.unit_tests,
    ):
        found.update(reads_of(section))
    return found


def _reach(edges: Edges, start: Iterable[str], depth: int | None) -> set[str]:
    found: set[str] = set()
    edge = [member for member in start if member in edges]
    while edge and (depth is None or depth > 0):
        edge = [near for near in {n for member in edge for n in edges[member]} if near not in found]
        found.update(edge)
        depth = None if depth is None else depth - 1
    return found


def _cycle_error(manifest: Manifest, cycle: tuple[str, ...]) -> CompilationError:
    ring = " --> ".join((*cycle, cycle[0]))
    first = manifest.resource(cycle[0])
    return CompilationError(
        f"Found a cycle: {ring}",
        code="cycle",
        node=cycle[0],
        place=Place(file=first.original_file_path) if first is not None else None,
        hint="each of these reads the one before it; take one ref() out of the ring",
    )
