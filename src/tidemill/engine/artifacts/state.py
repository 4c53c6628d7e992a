"""The artifacts of an earlier command, read for comparing with them and for deferring to them.

dbt-core's and our own are read alike, and as mappings in the manifest's shape: so manifests of
several versions can be compared with a project of today. Nothing is compared here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from tidemill.engine.artifacts.state_manifest import StateManifest, cut_manifest, unreadable
from tidemill.engine.nodes import Node

Artifact = TypeVar("Artifact")

OLDEST_MANIFEST = 4
NEWEST_MANIFEST = 12
"""Versions of dbt's manifest schema that can be read."""

_VERSION = re.compile(r"/v(\d+)\.json$")


class State(msgspec.Struct, frozen=True, kw_only=True):
    """What a folder of artifacts holds; None for a file that is not there."""

    folder: Path
    manifest: StateManifest | None = None
    run_results: dict[str, Any] | None = None
    sources: dict[str, Any] | None = None
    sources_now: dict[str, Any] | None = None
    """``sources.json`` of the project's own target folder, which the other is compared with."""


def read_state(folder: Path, target: Path) -> State:
    """The artifacts in ``folder``; ``target`` is the project's own target folder.

    Raises ConfigurationError for a file that is no such artifact, or of a version that is not known.
    """
    return State(
        folder=folder,
        manifest=_manifest(folder / "manifest.json"),
        run_results=read_artifact(folder / "run_results.json"),
        sources=read_artifact(folder / "sources.json"),
        sources_now=read_artifact(target / "sources.json"),
    )


def read_artifact(path: Path) -> dict[str, Any] | None:
    """A JSON artifact, or None where there is no such file. Raises ConfigurationError."""
    data = _read(path, msgspec.json.decode)
    if data is not None and not isinstance(data, dict):
        raise unreadable(path, "it holds no mapping")
    return data


def _read(path: Path, decode: Callable[[bytes], Artifact]) -> Artifact | None:
    try:
        return decode(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise unreadable(path, error.strerror or str(error)) from error
    except msgspec.DecodeError as error:
        raise unreadable(path, str(error)) from error


def deferrable(manifest: StateManifest) -> dict[str, Node]:
    """What the manifest's command built that others can read in the place of a node, by unique id."""
    nodes, functions = (manifest.parts(name, _Relation) for name in ("nodes", "functions"))
    relations = {key: part for key, part in nodes if part.has_relation}
    return {key: part.node for key, part in (relations | dict(functions)).items()}


class _Relation(msgspec.Struct):
    """As much of an entry as its relation needs."""

    unique_id: str
    resource_type: str
    name: str
    package_name: str
    path: str
    original_file_path: str
    fqn: tuple[str, ...]
    schema: str
    alias: str | None = None
    database: str | None = None
    relation_name: str | None = None
    config: dict[str, Any] | None = None

    @property
    def has_relation(self) -> bool:
        materialized = (self.config or {}).get("materialized")
        kinds = {"model", "seed", "snapshot"}
        return self.resource_type in kinds and materialized != "ephemeral"

    @property
    def node(self) -> Node:
        """The node, as far as it is known."""
        return Node(
            unique_id=self.unique_id,
            resource_type=self.resource_type,
            name=self.name,
            package_name=self.package_name,
            path=self.path,
            original_file_path=self.original_file_path,
            fqn=self.fqn,
            alias=self.alias or self.name,
            schema=self.schema,
            database=self.database,
            relation_name=self.relation_name,
            config=self.config or {},
        )


def _manifest(path: Path) -> StateManifest | None:
    found = _read(path, partial(cut_manifest, path=path))
    if found is None:
        return None
    version = _VERSION.search(str(found.schema))
    if version is None or not OLDEST_MANIFEST <= int(version[1]) <= NEWEST_MANIFEST:
        raise unreadable(
            path,
            f"its schema version is {str(found.schema)!r}, and v{OLDEST_MANIFEST} to v{NEWEST_MANIFEST} are known",
        )
    return found
