"""``*`` to columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tidemill.engine.lineage.scope import Column, Pass, Relation, Scope, merged
from tidemill.engine.lineage.tree import Star


def expand(star: Star, scope: Scope, replaced: Mapping[str, Column]) -> Relation:
    """The columns that ``star`` stands for in ``scope``, with ``replaced`` in the place of theirs."""
    result = Relation()
    result.gap = f"{star.unknown} is not read" if star.unknown else ""
    if star.of:
        _expand_one(star, scope, replaced, result)
        return result
    seen: set[str] = set()
    for _, relation in scope.inputs:
        _take(star, relation, result, replaced, seen, scope)
        seen.update(name for name in scope.using if relation.get(name) is not None)
    return result


def _expand_one(star: Star, scope: Scope, replaced: Mapping[str, Column], result: Relation) -> None:
    relation = scope.relation(star.of)
    if relation is None:
        result.gap = f"'{'.'.join(star.of)}.*' is not found in what is read"
        return
    _take(star, relation, result, replaced, set(), None)


def _take(
    star: Star,
    relation: Relation,
    result: Relation,
    replaced: Mapping[str, Column],
    seen: set[str],
    scope: Scope | None,
) -> None:
    """Add the columns of one input, without those of USING that an input before it gave."""
    for key, column in _kept(relation, star):
        if key in seen:
            continue
        found = replaced.get(key, column)
        if scope is not None and scope.using.get(key):
            sides = [r.columns[key] for _, r in scope.inputs if key in r.columns]
            found = Column(column.name, *merged(sides))
        name = star.renamed.get(key)
        if name is not None:
            found = Column(name, found.sources, found.unsure)
        result.columns.setdefault((name or key).lower(), found)
    without = star.excluded | set(replaced) | set(star.renamed) | seen
    for each in relation.passing:
        for key, column in replaced.items():
            result.columns.setdefault(key, column)
        for old, name in star.renamed.items():
            sources = relation.get(old)
            if sources is not None:
                result.columns.setdefault(name.lower(), sources._replace(name=name))
        result.passing += (Pass(each.tables, each.excluded | without),)
    if relation.anything is not None:
        name = relation.anything.name
        if name and not relation.gap:
            result.columns.setdefault(name, relation.anything)
    result.gap = result.gap or relation.gap


def _kept(relation: Relation, star: Star) -> Iterator[tuple[str, Column]]:
    return ((k, c) for k, c in relation.columns.items() if k not in star.excluded)
