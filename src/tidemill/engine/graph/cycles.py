"""Finding a ring in a graph. One ring is enough: it is shown, mended, and the next one found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import chain


def find_cycle(edges: Mapping[str, tuple[str, ...]]) -> tuple[str, ...] | None:
    """Members of one ring, each with an edge to the next and the last to the first, or None.

    Depth first without recursion, so that chains of any length are safe.
    """
    if _is_acyclic(edges):
        return None
    done: set[str] = set()
    for start in edges:
        if start not in done:
            ring = _ring_from(start, edges, done)
            if ring is not None:
                return ring
    return None


def _is_acyclic(edges: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether nothing is left when what nobody points to is taken away again and again: quick, and names no ring."""
    inner = {member: nears for member, nears in edges.items() if nears}  # no other is in a ring
    pointed = Counter(chain.from_iterable(inner.values()))
    free = [member for member in inner if member not in pointed]
    for member in free:
        for near in inner[member]:
            pointed[near] -= 1
            if not pointed[near] and near in inner:
                free.append(near)
    return len(free) == len(inner)


def _ring_from(
    start: str, edges: Mapping[str, tuple[str, ...]], done: set[str]
) -> tuple[str, ...] | None:
    path: dict[str, Iterator[str]] = {start: iter(edges[start])}
    here = start
    while path:
        following = next((near for near in path[here] if near not in done), None)
        if following is None:
            done.add(here)
            del path[here]
            here = next(reversed(path), here)
        elif following in path:
            members = list(path)
            return tuple(members[members.index(following) :])
        else:
            path[following] = iter(edges[following])
            here = following
    return None
