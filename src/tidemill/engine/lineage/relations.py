"""What the relations in compiled SQL are called in the project."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

from tidemill.engine.lineage.tokens import is_name, tokenize, unquoted
from tidemill.engine.lineage.tree import Chain
from tidemill.engine.nodes import Manifest, Node, Source
from tidemill.engine.nodes.section import differing_ids, outlines_of


class _Names:
    """Unique ids by the names that some relations have in SQL."""

    def __init__(self, dialect: str, ephemeral_prefix: str) -> None:
        """``ephemeral_prefix`` is what the adapter puts in front of the CTE of an ephemeral model."""
        self._dialect = dialect
        self._prefix = ephemeral_prefix
        self.by_parts: dict[Chain, str] = {}
        self.by_text: dict[str, str] = {}

    def add(self, resource: Node | Source) -> None:
        """Take note of the name that a node or a source has in SQL, if it has one."""
        if isinstance(resource, Node) and resource.is_ephemeral:
            self.by_parts[(f"{self._prefix}{resource.alias}".lower(),)] = resource.unique_id
        elif resource.relation_name:
            parts = self._parts(resource.relation_name)
            if parts is not None:
                self.by_parts[parts] = resource.unique_id
            else:
                written = tokenize(resource.relation_name, self._dialect).written
                self.by_text["".join(written)] = resource.unique_id

    def find(self, chain: Chain, text: str) -> str | None:
        """The unique id of a relation: by its parts, or, without any, by its text without blanks."""
        return self.by_parts.get(chain) if chain else self.by_text.get(text)

    def _parts(self, relation_name: str) -> Chain | None:
        """``"shop"."main"."orders"`` as its parts; None for what is no name, such as a file."""
        if (
            relation_name.count('"') == relation_name.count(".") * 2 + 2
            and "(" not in relation_name
        ):
            return tuple(relation_name.lower()[1:-1].split('"."'))  # what nearly all look like
        lowered = tokenize(relation_name, self._dialect).lowered[:-3]
        if lowered[1::2] != ["."] * (len(lowered) // 2) or not all(map(is_name, lowered[::2])):
            return None
        return tuple(unquoted(part) for part in lowered[::2])


class RelationNames:
    """Finds what a relation in the SQL of a node is: one that it depends on, else any of the project's."""

    def __init__(self, manifest: Manifest, dialect: str, ephemeral_prefix: str) -> None:
        """``ephemeral_prefix`` is what the adapter puts in front of the CTE of an ephemeral model."""
        self._manifest = manifest
        self._dialect = dialect
        self._prefix = ephemeral_prefix

    @classmethod
    def after(
        cls, before: RelationNames, old: Manifest, manifest: Manifest, prefix: str
    ) -> RelationNames:
        """The names in ``manifest``; what ``before``, which was of ``old``, knows of all holds if they are the same."""
        found = cls(manifest, before._dialect, prefix)
        if "_all" in before.__dict__ and _same_relations(old, manifest):
            found._all = before._all
        return found

    def beside(self, node: Node) -> Callable[[Chain, str], str | None]:
        """Finds unique ids by the parts of a name, or, without any, by its text, in the SQL of ``node``."""
        near = _Names(self._dialect, self._prefix)
        near.add(node)  # `this`
        for unique_id in node.depends_on.nodes:
            found = self._manifest.nodes.get(unique_id) or self._manifest.sources.get(unique_id)
            if found is not None:
                near.add(found)
        return lambda chain, text: near.find(chain, text) or self._find_anywhere(chain, text)

    def _find_anywhere(self, chain: Chain, text: str) -> str | None:
        names, short = self._all
        return names.find(chain, text) or short.get(chain[-2:])

    @cached_property
    def _all(self) -> tuple[_Names, dict[Chain, str | None]]:
        """All names, and their last two parts where these are of one relation alone.

        It takes the whole of every node, so it is only made for SQL that reads what its model does not depend on.
        """
        names = _Names(self._dialect, self._prefix)
        for source in self._manifest.sources.values():
            names.add(source)
        for outline in outlines_of(self._manifest.nodes):
            if outline.is_relational:
                names.add(self._manifest.nodes[outline.unique_id])
        short: dict[Chain, str | None] = {}
        for parts, unique_id in names.by_parts.items():
            known = short.get(parts[-2:], unique_id)
            short[parts[-2:]] = unique_id if known == unique_id else None
        return names, short


def _same_relations(old: Manifest, new: Manifest) -> bool:
    """Whether both are known to name the same relations; no is the answer where that takes looking at all."""
    for one, other in ((old.sources, new.sources), (old.nodes, new.nodes)):
        differing = differing_ids(one, other)
        if differing is None:
            return False
        if any(_named(one.get(key)) != _named(other.get(key)) for key in differing):
            return False
    return True


def _named(resource: Any) -> tuple[Any, ...]:
    if resource is None:
        return ()
    ephemeral = getattr(resource, "is_ephemeral", False)
    return resource.relation_name, ephemeral, getattr(resource, "alias", None)
