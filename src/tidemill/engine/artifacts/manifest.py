"""manifest.json, version 12: everything that was parsed, and what compiling added.

Every resource is encoded on its own into a fragment of JSON; the manifest is its fragments joined. So
a fragment can be kept for as long as its resource does not change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from tidemill.engine.artifacts.files import write_atomically
from tidemill.engine.artifacts.links import links_identity
from tidemill.engine.artifacts.versions import DBT_VERSION, MANIFEST_SCHEMA
from tidemill.engine.graph import dependencies_of
from tidemill.engine.nodes import Doc, Manifest, ManifestMetadata
from tidemill.engine.nodes.encoding import encode, utc, utc_with_offset
from tidemill.engine.nodes.section import SEPARATOR, FilePart, Section, outlines_of
from tidemill.engine.nodes.shape import resource_dict
from tidemill.engine.parsing.cache.bodies import (
    Place,
    keep_body,
    kept_body,
    kept_links,
    put_head,
)
from tidemill.engine.project.replacing import read_part

Fragments = Iterable[tuple[str, bytes]]
_BEHIND_LINKS = "saved_queries"
"""The section behind those that tell of edges."""


class CompiledPart(msgspec.Struct, frozen=True, kw_only=True):
    """What compiling and running a node adds to its entry."""

    code: str | None = None
    """The final SQL; None for what ran without being compiled, such as a seed."""
    path: str | None = None
    """Where the compiled SQL was written, relative to the project."""
    build_path: str | None = None
    """Where the SQL that ran was written."""
    ctes: tuple[tuple[str, str], ...] = ()
    """Ephemeral models put in front, as (unique id, ``__dbt__cte__name as (...)``)."""
    foreign_keys: dict[str, str] = {}
    """The relations that take the place of ``ref(...)`` in foreign keys."""


def write_manifest(
    path: Path,
    manifest: Manifest,
    *,
    compiled: Mapping[str, CompiledPart] | None = None,
    started_at: float | None = None,
) -> None:
    """Write ``manifest_json`` to ``path``, atomically. Raises ConfigurationError when it cannot."""
    head = b'{"metadata": ' + encode(_metadata(manifest.metadata, started_at))
    identity = None if compiled else identity_of(manifest)
    if put_head(path, identity, head):
        return
    body = kept_body(path, identity)
    if body is not None:
        number = write_atomically(path, [head, body])
        body.file.close()
        keep_body(path, number, identity, len(head))
    else:
        _write_whole(path, head, manifest, compiled or {}, identity)


def _write_whole(
    path: Path,
    head: bytes,
    manifest: Manifest,
    compiled: Mapping[str, CompiledPart],
    identity: bytes | None,
) -> None:
    """Write all, but take the edges of the graph from the file that is there, if they are the same."""
    linked = links_identity(manifest)
    kept = kept_links(path, linked) if linked is not None else None
    links = kept or _links(manifest)
    parts = [head, *_body(manifest, compiled, links)]
    number = write_atomically(path, parts)
    if kept is not None:
        kept.file.close()
    start = sum(map(_size, parts[: parts.index(links)]))
    place = None if linked is None else Place(linked, start, start + _size(links))
    keep_body(path, number, identity, len(head), place)


def _size(part: bytes | FilePart) -> int:
    return len(part) if isinstance(part, bytes) else part.end - part.start


def identity_of(manifest: Manifest) -> bytes | None:
    """What tells the manifest's content, but for its metadata, from any other; None where that is not known."""
    nodes = manifest.nodes
    found = nodes.identity if isinstance(nodes, Section) else None
    untouched = (getattr(manifest, name) for name in ("sources", "exposures", "unit_tests"))
    if found is None or any(getattr(s, "identity", None) != found for s in untouched):
        return None
    return found + encode(manifest.selectors)


def manifest_json(
    manifest: Manifest,
    *,
    compiled: Mapping[str, CompiledPart] | None = None,
    started_at: float | None = None,
) -> bytes:
    """The manifest in dbt's schema v12; equal values give equal bytes.

    ``compiled`` holds what compiling added, by unique id. ``started_at`` is when the command began.
    """
    head = b'{"metadata": ' + encode(_metadata(manifest.metadata, started_at))
    parts = [head, *_body(manifest, compiled or {}, _links(manifest))]
    return b"".join(read_part(part) if isinstance(part, FilePart) else part for part in parts)


def _body(
    manifest: Manifest, compiled: Mapping[str, CompiledPart], links: bytes | FilePart
) -> Iterator[bytes | FilePart]:
    """All sections behind the metadata."""
    for name, body in _sections(manifest, compiled):
        if name == _BEHIND_LINKS:
            yield SEPARATOR
            yield links
        yield SEPARATOR + encode(name) + b": "
        yield from [body] if isinstance(body, bytes) else body
    yield b"}"


def _links(manifest: Manifest) -> bytes:
    """The sections that tell of edges alone."""
    parents = dependencies_of(manifest)
    maps = {
        "parent_map": {key: sorted(read) for key, read in parents.items()},
        "child_map": _children(parents),
        "group_map": _group_map(manifest),
    }
    return b", ".join(encode(name) + b": " + encode(value) for name, value in maps.items())


def resource_fragment(
    resource: Any, *, created_at: float, compiled: CompiledPart | None = None
) -> bytes:
    """One resource as JSON in the manifest's shape."""
    shape = resource_dict(resource, created_at=created_at)
    return encode(shape if compiled is None else _with_compiled(shape, compiled))


def _sections(
    manifest: Manifest, compiled: Mapping[str, CompiledPart]
) -> Iterator[tuple[str, bytes | Iterator[bytes | FilePart]]]:
    at = manifest.metadata.generated_at
    yield "nodes", _outlined(manifest.nodes, compiled, at)
    yield "sources", _outlined(manifest.sources, {}, at)
    yield "macros", _resources(manifest.macros, at)
    yield "docs", _object((key, encode(_doc(doc))) for key, doc in manifest.docs.items())
    yield "exposures", _outlined(manifest.exposures, {}, at)
    yield "metrics", _outlined(manifest.metrics, {}, at)
    yield "groups", _resources(manifest.groups, at)
    yield "selectors", encode(manifest.selectors)
    yield "disabled", _object(_disabled(manifest, at))
    yield _BEHIND_LINKS, _outlined(manifest.saved_queries, {}, at)
    yield "semantic_models", _outlined(manifest.semantic_models, {}, at)
    yield "unit_tests", _outlined(manifest.unit_tests, {}, at)
    yield "functions", _outlined(manifest.functions, compiled, at)


def _metadata(metadata: ManifestMetadata, started_at: float | None) -> dict[str, Any]:
    started = metadata.generated_at if started_at is None else started_at
    quoting = metadata.quoting
    return {
        "dbt_schema_version": MANIFEST_SCHEMA,
        "dbt_version": DBT_VERSION,
        "generated_at": utc(metadata.generated_at),
        "invocation_id": metadata.invocation_id,
        "invocation_started_at": utc(started),
        "env": metadata.env,
        "project_name": metadata.project_name,
        "project_id": metadata.project_id,
        "user_id": None,
        "send_anonymous_usage_stats": False,
        "adapter_type": metadata.adapter_type,
        "quoting": {k: quoting.get(k) for k in ("database", "schema", "identifier", "column")},
        "run_started_at": utc_with_offset(started),
    }


def _outlined(
    section: Mapping[str, Any], compiled: Mapping[str, CompiledPart], at: float
) -> Iterator[bytes | FilePart]:
    """A section as an object, its parts taken from where they were kept."""
    yield b"{"
    separator = b""
    for piece in section.pieces(compiled) if isinstance(section, Section) else section:
        yield separator
        separator = SEPARATOR
        if isinstance(piece, FilePart):
            yield piece
        else:
            part = resource_fragment(section[piece], created_at=at, compiled=compiled.get(piece))
            yield encode(piece) + b": " + part
    yield b"}"


def _resources(resources: Mapping[str, Any], at: float) -> bytes:
    return _object((key, resource_fragment(r, created_at=at)) for key, r in resources.items())


def _disabled(manifest: Manifest, at: float) -> Fragments:
    for key, resources in manifest.disabled.items():
        fragments = [resource_fragment(resource, created_at=at) for resource in resources]
        yield key, b"[" + b", ".join(fragments) + b"]"


def _object(fragments: Fragments) -> bytes:
    return b"{" + b", ".join(encode(key) + b": " + body for key, body in fragments) + b"}"


def _doc(doc: Doc) -> dict[str, Any]:
    return {
        "name": doc.name,
        "resource_type": "doc",
        "package_name": doc.package_name,
        "path": doc.path,
        "original_file_path": doc.original_file_path,
        "unique_id": doc.unique_id,
        "block_contents": doc.block_contents,
    }


def _with_compiled(shape: dict[str, Any], compiled: CompiledPart) -> dict[str, Any]:
    """``shape`` with the compiled keys where dbt has them: behind ``compiled_path``."""
    found: dict[str, Any] = {}
    for key, value in shape.items():
        found[key] = value
        if key == "build_path":
            found[key] = compiled.build_path or value
        elif key == "compiled_path" and compiled.code is not None:
            found[key] = compiled.path
            found["compiled"] = True
            found["compiled_code"] = compiled.code
            found["extra_ctes_injected"] = True
            found["extra_ctes"] = [{"id": key, "sql": sql} for key, sql in compiled.ctes]
    if compiled.foreign_keys:
        columns = found["columns"].items()
        found["columns"] = {key: _pointed(column, compiled) for key, column in columns}
        found = _pointed(found, compiled)
    return found


def _pointed(holder: dict[str, Any], compiled: CompiledPart) -> dict[str, Any]:
    """A model or column whose foreign keys name relations."""
    targets = compiled.foreign_keys
    constraints = [{**c, "to": targets.get(c["to"], c["to"])} for c in holder["constraints"]]
    return {**holder, "constraints": constraints}


def _children(parents: Mapping[str, tuple[str, ...]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {key: [] for key in parents}
    for key, read in parents.items():
        for parent in read:
            if parent in found:
                found[parent].append(key)
    return {key: sorted(children) for key, children in found.items()}


def _group_map(manifest: Manifest) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {group.name: [] for group in manifest.groups.values()}
    groups: tuple[Mapping[str, Any], ...] = (
        manifest.nodes,
        manifest.saved_queries,
        manifest.semantic_models,
        manifest.metrics,
    )
    for section in groups:
        for resource in outlines_of(section):
            if resource.group in found:
                found[resource.group].append(resource.unique_id)
    return found
