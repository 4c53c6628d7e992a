"""The edges of a graph that differs little from one that is known: what is the same is taken from that."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import msgspec

Ids = tuple[str, ...]
Edges = Mapping[str, Ids]


class Edged(msgspec.Struct, frozen=True):
    """Who reads whom, both ways, in the order of members."""

    reads: Edges
    """Every member with the names that it reads, members or not."""
    parents: Edges
    children: Edges


def edged(reads: Edges) -> Edged:
    """All edges of these members."""
    known = reads.keys()
    parents = {member: _once(read, known) for member, read in reads.items()}
    children: dict[str, list[str]] = {}
    for member, read in parents.items():
        for parent in read:
            children.setdefault(parent, []).append(member)
    return Edged(
        reads,
        parents,
        {member: tuple(children[member]) if member in children else () for member in parents},
    )


def followed(before: Edged, reads: Edges) -> tuple[Edged, frozenset[str]] | None:
    """The edges of these members, equal to ``edged``, and the members that read something new.

    None where it is no less work to begin anew.
    """
    known = before.reads
    changed = {member for member, read in reads.items() if known.get(member) != read}
    gone = known.keys() - reads.keys()
    came = reads.keys() - known.keys()
    other = came | gone
    if len(changed) + len(gone) > len(reads) // 20 or not _is_one_order(known, reads, other):
        return None
    if other:  # who reads these may read what it did, and more or fewer of it are there
        changed |= {member for member, read in reads.items() if not other.isdisjoint(read)}
    renewed = {member: _once(reads[member], reads.keys()) for member in changed}
    parents = _laid_over(before.parents, renewed, reads, other)
    children = _laid_over(before.children, _children(before, parents, renewed, gone), reads, other)
    return Edged(reads, parents, children), frozenset(changed)


def _is_one_order(known: Edges, reads: Edges, other: Collection[str]) -> bool:
    """Whether the members of both stand in the same order in both; ``other`` are those of one alone."""
    if not other:
        return list(known) == list(reads)
    return [m for m in known if m not in other] == [m for m in reads if m not in other]


def _laid_over(before: Edges, new: Edges, reads: Edges, other: Collection[str]) -> Edges:
    if not other:
        return {**before, **new}
    return {member: new[member] if member in new else before.get(member, ()) for member in reads}


def _children(
    before: Edged, parents: Edges, renewed: Edges, gone: Collection[str]
) -> dict[str, Ids]:
    """Who reads those that are read by others now, or by fewer."""
    touched = {parent for read in renewed.values() for parent in read}
    for member in (*renewed, *gone):
        touched.update(before.parents.get(member, ()))
    wanted = {child for parent in touched for child in before.children.get(parent, ())}
    wanted.update(renewed)
    found: dict[str, list[str]] = {parent: [] for parent in touched if parent in parents}
    for member in (member for member in parents if member in wanted):
        for parent in parents[member]:
            if parent in found:
                found[parent].append(member)
    return {member: tuple(children) for member, children in found.items()}


def _once(read: Iterable[str], known: Collection[str]) -> Ids:
    """Those of ``read`` that are ``known``, each once."""
    if type(read) is tuple and (not read or (len(read) == 1 and read[0] in known)):
        return read
    return tuple(dict.fromkeys([name for name in read if name in known]))
