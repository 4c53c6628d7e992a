"""What a name in an expression means: which columns of which inputs."""

from __future__ import annotations

from tidemill.engine.lineage.scope import Column, Relation, Scope, merged
from tidemill.engine.lineage.tree import EXPRESSION, Chain
from tidemill.engine.lineage.words import VALUES_WITHOUT_PARENTHESES

Found = tuple[tuple[Column, ...], str]
"""The columns, and what is doubtful about them."""

_NOTHING: Found = ((), "")


class NameFinder:
    """Finds columns by SQL's rules."""

    def __init__(self, *, laterally: bool) -> None:
        """``laterally``: entries of a SELECT list may use the names of those before them."""
        self._laterally = laterally

    def find(self, chain: Chain, scope: Scope) -> Found:
        """The columns that a name in ``scope`` stands for."""
        if len(chain) == 1:
            return self._plain(chain[0], scope)
        if chain[-1] == "*":
            relation = scope.relation(chain[:-1])
            return _whole(relation) if relation is not None else _NOTHING
        return self._qualified(chain, scope)

    def _qualified(self, chain: Chain, scope: Scope) -> Found:
        """``o.amount``, ``raw.orders.amount``, or a field: ``address.city``."""
        for length in range(1, len(chain)):
            relation = scope.relation(chain[:length])
            if relation is not None:
                column = relation.get(chain[length])
                if column is not None:
                    return (column if length == len(chain) - 1 else _part_of(column),), ""
        found, doubt = self._plain(chain[0], scope)
        if found and not doubt:
            return tuple(_part_of(column) for column in found), ""
        return (), f"'{'.'.join(chain)}' is not found in what is read"

    def _plain(self, name: str, scope: Scope) -> Found:
        inner: Scope | None = scope
        while inner is not None:
            found = self._in(name, inner)
            if found is not None:
                return found
            inner = inner.outer
        relation = scope.relation((name,))
        if relation is not None:
            return _whole(relation)
        if name in VALUES_WITHOUT_PARENTHESES:
            return _NOTHING
        return (), f"'{name}' is not found in what is read"

    def _in(self, name: str, scope: Scope) -> Found | None:
        explicit = [
            relation.columns[name] for _, relation in scope.inputs if name in relation.columns
        ]
        if explicit:
            return (tuple(explicit), "") if scope.using.get(name) else ((explicit[0],), "")
        alias = scope.aliases.get(name)
        unknown = [(each, relation) for each, relation in scope.inputs if relation.is_open]
        if alias is not None and (not unknown or self._prefers(alias, name)):
            return (alias,), ""
        if unknown and name not in VALUES_WITHOUT_PARENTHESES:
            return _of_unknown(name, [relation for _, relation in unknown], scope)
        for _, relation in scope.inputs:
            if relation.anything is not None:
                return (relation.anything,), ""
        return None

    def _prefers(self, alias: Column, name: str) -> bool:
        """Whether an entry of the SELECT list is meant, where an input may have such a column as well.

        An entry that is itself made of a column of that name says that the input has one.
        """
        return self._laterally and all(column != name for _, column in alias.sources)


def _of_unknown(name: str, relations: list[Relation], scope: Scope) -> Found | None:
    columns = [found for relation in relations if (found := relation.get(name)) is not None]
    if not columns:
        return None
    if name in scope.using:
        return (tuple(columns) if scope.using[name] else (columns[0],)), ""
    if len(columns) == 1:
        return (columns[0],), ""
    tables = " or ".join(sorted({table for column in columns for table, _ in column.sources}))
    return tuple(columns), f"'{name}' is a column of {tables}: theirs are not known"


def _part_of(column: Column) -> Column:
    """A field of a column that is a row itself."""
    sources, unsure = merged((column,), EXPRESSION)
    return Column(column.name, sources, unsure)


def _whole(relation: Relation) -> Found:
    """A name of an input where a column could be: the whole row."""
    if relation.anything is not None:
        return (relation.anything,), ""
    doubt = "a whole row is read whose columns are not known" if relation.is_open else ""
    return tuple(relation.columns.values()), doubt
