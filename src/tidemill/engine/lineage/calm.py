"""Which models compile to the same SQL as long as nothing changes that is known beforehand.

A template may look at the clock, at environment variables, at the whole graph or at the warehouse. Whether it does is
judged from its words alone, and those of every macro that one of its words could mean: in doubt it does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from tidemill.engine.lineage.cache import digest
from tidemill.engine.lineage.words import word_set
from tidemill.engine.nodes import Manifest, Node

_WORD = re.compile(r"\w+")
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_RESTLESS = word_set(
    "env_var graph run_started_at invocation_id flags selected_resources dbt_metadata_envs "
    "invocation_args_dict context adapter load_cached_relation load_relation get_relation now utcnow "
    "today random"
)
"""Words that give what is not known beforehand. Queries are none of them: without a warehouse they always fail."""
_QUERYING = frozenset({"macro.dbt.run_query", "macro.dbt.statement"})
"""Macros that only reach for the warehouse."""
_HARMLESS = re.compile(
    r"\badapter\s*\.\s*(?:dispatch|quote|get_columns_in_relation)\b|\bis_incremental\b"
)


class Calmness:
    """Digests of what a model's SQL is compiled from."""

    def __init__(
        self, manifest: Manifest, surroundings: bytes, before: Calmness | None = None
    ) -> None:
        """``surroundings`` stands for vars, target and the like, which may change any SQL.

        What another one knows, of an earlier moment, is taken over where it holds.
        """
        self._manifest = manifest
        self._calm: dict[str, bool] = {}
        self._restless, digest_of_macros = about_macros(manifest)
        self._shared = digest(surroundings, digest_of_macros)
        if before is not None and self._shared == before._shared:
            self._calm = before._calm

    def origin(self, node: Node) -> bytes | None:
        """What the SQL of ``node`` is made from, as one digest; None when that cannot be said."""
        if not self.is_calm(node):
            return None
        return digest(self._shared, msgspec.msgpack.encode((node, self._reads(node))))

    def is_calm(self, node: Node) -> bool:
        """Whether the node's SQL depends on nothing that is not known beforehand."""
        found = self._calm.get(node.raw_code)
        if found is None:
            found = self._calm[node.raw_code] = self._restless.isdisjoint(_words(node.raw_code))
        return found

    def reads_the_same(self, node: Node, other: Calmness) -> bool:
        """Whether ``node`` would see the same macros, vars and relations at another moment of the project."""
        return self._shared == other._shared and self._reads(node) == other._reads(node)

    def _reads(self, node: Node) -> list[tuple[str, str | None, str]]:
        return [self._read(unique_id) for unique_id in node.depends_on.nodes]

    def _read(self, unique_id: str) -> tuple[str, str | None, str]:
        found = self._manifest.nodes.get(unique_id)
        if found is not None:
            return unique_id, found.relation_name, found.materialized
        source = self._manifest.sources.get(unique_id)
        return unique_id, source.relation_name if source else None, ""


def about_macros(manifest: Manifest) -> tuple[frozenset[str], bytes]:
    """Words that are, or may lead to, something not known beforehand; and a digest of all macros."""
    made = manifest.made
    if about_macros not in made:
        made[about_macros] = _restless_names(manifest), _digest_of_macros(manifest)
    found: tuple[frozenset[str], bytes] = made[about_macros]
    return found


def _digest_of_macros(manifest: Manifest) -> bytes:
    texts = sorted((macro.unique_id, macro.macro_sql) for macro in manifest.macros.values())
    return digest(msgspec.msgpack.encode(texts))


def _restless_names(manifest: Manifest) -> frozenset[str]:
    macros = [macro for key, macro in manifest.macros.items() if key not in _QUERYING]
    words = {macro.unique_id: _words(macro.macro_sql) for macro in macros}
    names = {macro.unique_id: _names(macro.name) for macro in macros}
    callers: dict[str, list[str]] = {}
    for unique_id, found in words.items():
        for word in found:
            callers.setdefault(word, []).append(unique_id)
    restless = set(_RESTLESS)
    waiting = list(restless)
    while waiting:
        for unique_id in callers.get(waiting.pop(), ()):
            for name in names[unique_id]:
                if name not in restless:
                    restless.add(name)
                    waiting.append(name)
    return frozenset(restless)


def _names(name: str) -> tuple[str, ...]:
    """A macro's name, and the one that is dispatched to it."""
    return (name, name.partition("__")[2]) if "__" in name else (name,)


def _words(text: str) -> Iterable[str]:
    """The words inside the tags of a template; the text around them is no code."""
    tags = " ".join(_TAG.findall(text))
    return set(_WORD.findall(_HARMLESS.sub("", tags)))
