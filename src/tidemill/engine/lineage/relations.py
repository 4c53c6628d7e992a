"""What the relations in compiled SQL are called in the project."""

from __future__ import annotations

from typing import Any

from tidemill.engine.lineage.tokens import is_name, tokenize, unquoted
from tidemill.engine.lineage.tree import Chain
from tidemill.engine.nodes import Manifest
from tidemill.engine.nodes.section import differing_ids


class RelationNames:
    """Unique ids by the names that relations have in SQL."""

    def __init__(self, manifest: Manifest, dialect: str, ephemeral_prefix: str) -> None:
        """``ephemeral_prefix`` is what the adapter puts in front of the CTE of an ephemeral model."""
        self._dialect = dialect
        self._by_parts: dict[Chain, str | None] = {}
        self._by_text: dict[str, str] = {}
        for source in manifest.sources.values():
            self._add(source.unique_id, source.relation_name)
        for node in manifest.nodes.values():
            if node.is_ephemeral:
                name = f"{ephemeral_prefix}{node.alias}".lower()
                self._by_parts[(name,)] = node.unique_id
            elif node.is_relational:
                self._add(node.unique_id, node.relation_name)

    @classmethod
    def after(
        cls, before: RelationNames, old: Manifest, manifest: Manifest, prefix: str
    ) -> RelationNames:
        """The names in ``manifest``: those of ``before``, which was of ``old``, if they are the same."""
        return before if _same_relations(old, manifest) else cls(manifest, before._dialect, prefix)

    def find(self, chain: Chain, text: str) -> str | None:
        """The unique id of a relation: by its parts, or, without any, by its text without blanks."""
        if not chain:
            return self._by_text.get(text)
        return self._by_parts.get(chain) or self._by_parts.get(chain[-2:])

    def _add(self, unique_id: str, relation_name: str | None) -> None:
        if not relation_name:
            return
        parts = self._parts(relation_name)
        if parts is None:
            written = tokenize(relation_name, self._dialect).written
            self._by_text["".join(written)] = unique_id
            return
        self._by_parts[parts] = unique_id
        if len(parts) > 2:
            short = parts[-2:]
            known = self._by_parts.get(short, unique_id)
            self._by_parts[short] = unique_id if known == unique_id else None

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
