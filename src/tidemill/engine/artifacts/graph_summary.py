"""graph_summary.json: the edges of the graph in short, for tools that look at its shape."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from tidemill.engine.artifacts.files import write_atomically
from tidemill.engine.artifacts.links import links_identity
from tidemill.engine.graph import Dag
from tidemill.engine.nodes import Manifest
from tidemill.engine.nodes.encoding import encode
from tidemill.engine.nodes.section import reads_of
from tidemill.engine.parsing.cache.bodies import keep_body, put_head
from tidemill.keys import resource_type_of

Edges = Iterable[tuple[str, Iterable[str]]]


def write_graph_summary(
    path: Path, manifest: Manifest, invocation_id: str, tested: Dag | None
) -> None:
    """Write ``graph_summary_json`` to ``path``, atomically. Raises ConfigurationError."""
    identity = links_identity(manifest) if tested is None else None
    head = encode({"_invocation_id": invocation_id})[:-1]
    if not put_head(path, identity, head):
        number = write_atomically(path, graph_summary_json(manifest, invocation_id, tested))
        keep_body(path, number, identity, len(head))


def graph_summary_json(manifest: Manifest, invocation_id: str, tested: Dag | None = None) -> bytes:
    """The graph as numbered nodes with their successors.

    ``tested`` is the graph with the edges that make a ``build`` wait for tests: a second picture.
    """
    linked = list(_linked(manifest))
    order = {key: number for number, key in enumerate(_order(linked))}
    summary = {"_invocation_id": invocation_id, "linked": _numbered(linked, order)}
    if tested is not None:
        known = {key for key, _ in linked}
        keys = (key for key in order if key in known)
        waiting = [(key, [p for p in tested.parents(key) if p in known]) for key in keys]
        summary["with_test_edges"] = _numbered(waiting, order)
    return encode(summary)


def _linked(manifest: Manifest) -> Iterator[tuple[str, tuple[str, ...]]]:
    """All that is part of the graph with what it reads, in the order in which dbt adds it."""
    groups: tuple[Mapping[str, Any], ...] = (
        manifest.sources,
        manifest.nodes,
        manifest.semantic_models,
        manifest.exposures,
        manifest.metrics,
        manifest.unit_tests,
        manifest.saved_queries,
    )
    for group in groups:
        yield from reads_of(group, only_enabled=True)


def _order(edges: Edges) -> list[str]:
    """A node is numbered when it is first met: by itself, or as what another one reads."""
    found: dict[str, None] = {}
    for key, parents in edges:
        found.setdefault(key)
        for parent in parents:
            found.setdefault(parent)
    return list(found)


def _numbered(edges: Edges, numbers: Mapping[str, int]) -> dict[str, Any]:
    successors: dict[str, list[int]] = {}
    for key, parents in edges:
        number = numbers[key]
        for parent in parents:
            successors.setdefault(parent, []).append(number)
    return {
        str(number): {"name": key, "type": resource_type_of(key), "succ": successors[key]}
        if key in successors
        else {"name": key, "type": resource_type_of(key)}
        for key, number in numbers.items()
    }
