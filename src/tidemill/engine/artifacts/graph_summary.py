"""graph_summary.json: the edges of the graph in short, for tools that look at its shape."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from tidemill.engine.artifacts.encoding import encode
from tidemill.engine.artifacts.files import write_atomically
from tidemill.engine.graph import Dag, with_test_edges
from tidemill.engine.nodes import Manifest
from tidemill.keys import resource_type_of

Edges = Iterable[tuple[str, Iterable[str]]]


def write_graph_summary(
    path: Path, manifest: Manifest, invocation_id: str, dag: Dag | None
) -> None:
    """Write ``graph_summary_json`` to ``path``, atomically. Raises ConfigurationError."""
    write_atomically(path, graph_summary_json(manifest, invocation_id, dag))


def graph_summary_json(manifest: Manifest, invocation_id: str, dag: Dag | None = None) -> bytes:
    """The graph as numbered nodes with their successors.

    With ``dag`` a second picture has the edges that make a ``build`` wait for tests.
    """
    summary = {"_invocation_id": invocation_id, "linked": _numbered(_linked(manifest))}
    if dag is not None:
        waiting = with_test_edges(dag, manifest)
        known = {key for key, _ in _linked(manifest)}
        edges = ((key, [p for p in waiting.parents(key) if p in known]) for key in known)
        order = {key: number for number, key in enumerate(_order(_linked(manifest)))}
        ordered = sorted(edges, key=lambda pair: order[pair[0]])
        summary["with_test_edges"] = _numbered(ordered, order)
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
        for key, resource in group.items():
            if resource.config.get("enabled", True):
                yield key, resource.depends_on.nodes


def _order(edges: Edges) -> list[str]:
    """A node is numbered when it is first met: by itself, or as what another one reads."""
    found: dict[str, None] = {}
    for key, parents in edges:
        found.setdefault(key)
        for parent in parents:
            found.setdefault(parent)
    return list(found)


def _numbered(edges: Edges, known: Mapping[str, int] | None = None) -> dict[str, Any]:
    pairs = [(key, tuple(parents)) for key, parents in edges]
    numbers = known or {key: number for number, key in enumerate(_order(pairs))}
    successors: dict[str, list[int]] = {key: [] for key in numbers}
    for key, parents in pairs:
        for parent in parents:
            successors[parent].append(numbers[key])
    return {
        str(number): {"name": key, "type": resource_type_of(key)}
        | ({"succ": successors[key]} if successors[key] else {})
        for key, number in numbers.items()
    }
