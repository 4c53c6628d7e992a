"""An index of fully qualified names, for a process that selects from the same project many times."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tidemill.engine.nodes import Manifest
from tidemill.engine.selection.methods.patterns import is_wild
from tidemill.engine.selection.scope import Scope, Selectable, all_but_sources

Index = Mapping[str, tuple[Any, ...]]


def index_names(manifest: Manifest) -> None:
    """Make the index, if it is not there; it is kept with the manifest."""
    if index_names not in manifest.made:
        manifest.made[index_names] = _index(manifest)


def resources_like(scope: Scope, words: str) -> Iterable[Selectable]:
    """All that the words of an ``fqn:`` may mean, and others: from the index, if there is one and it helps."""
    index: Index | None = scope.manifest.made.get(index_names)
    if index is None or is_wild(words):
        return scope.all_but_sources()
    parts = words.split(".")
    keys = dict.fromkeys((words, parts[0], "_".join(parts[-2:])))
    found = {r.unique_id: r for key in keys for r in index.get(key, ())}
    return found.values()


def _index(manifest: Manifest) -> dict[str, tuple[Any, ...]]:
    found: dict[str, list[Any]] = {}
    for resource in all_but_sources(manifest):
        for key in dict.fromkeys(_keys(resource.fqn)):
            found.setdefault(key, []).append(resource)
    return {key: tuple(resources) for key, resources in found.items()}


def _keys(fqn: tuple[str, ...]) -> Iterator[str]:
    """Parts of the name, their beginnings where they have dots, and the last two as a version has them."""
    for part in fqn:
        yield part
        if "." in part:
            yield part.partition(".")[0]
    yield "_".join(fqn[-2:])
