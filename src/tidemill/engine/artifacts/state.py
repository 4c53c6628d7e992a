"""The artifacts of an earlier command, read for comparing with them and for deferring to them.

dbt-core's and our own are read alike, and as mappings in the manifest's shape: so manifests of
several versions can be compared with a project of today. Nothing is compared here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from tidemill.engine.nodes import Node
from tidemill.errors import ConfigurationError

Shape = Mapping[str, Any]

OLDEST_MANIFEST = 4
NEWEST_MANIFEST = 12
"""Versions of dbt's manifest schema that can be read."""

_SECTIONS = (
    "nodes",
    "sources",
    "exposures",
    "metrics",
    "semantic_models",
    "unit_tests",
    "saved_queries",
    "functions",
)
_VERSION = re.compile(r"/v(\d+)\.json$")


class State(msgspec.Struct, frozen=True, kw_only=True):
    """What a folder of artifacts holds; None for a file that is not there."""

    folder: Path
    manifest: dict[str, Any] | None = None
    run_results: dict[str, Any] | None = None
    sources: dict[str, Any] | None = None
    sources_now: dict[str, Any] | None = None
    """``sources.json`` of the project's own target folder, which the other is compared with."""

    def resource(self, unique_id: str) -> Shape | None:
        """The resource of that id in the manifest, or None."""
        for section in _SECTIONS:
            found: Shape | None = ((self.manifest or {}).get(section) or {}).get(unique_id)
            if found is not None:
                return found
        return None


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
    try:
        data = msgspec.json.decode(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise _unreadable(path, error.strerror or str(error)) from error
    except msgspec.DecodeError as error:
        raise _unreadable(path, str(error)) from error
    if not isinstance(data, dict):
        raise _unreadable(path, "it holds no mapping")
    return data


def deferrable(state: State) -> dict[str, Node]:
    """What the state built that others can read in the place of a node, by unique id."""
    manifest = state.manifest or {}
    nodes: Mapping[str, Shape] = manifest.get("nodes") or {}
    functions: Mapping[str, Shape] = manifest.get("functions") or {}
    relations = {key: shape for key, shape in nodes.items() if _has_relation(shape)}
    return {key: _node(shape) for key, shape in {**relations, **functions}.items()}


def _manifest(path: Path) -> dict[str, Any] | None:
    data = read_artifact(path)
    if data is None:
        return None
    schema = str((data.get("metadata") or {}).get("dbt_schema_version"))
    version = _VERSION.search(schema)
    if version is None or not OLDEST_MANIFEST <= int(version[1]) <= NEWEST_MANIFEST:
        raise _unreadable(
            path,
            f"its schema version is {schema!r}, and v{OLDEST_MANIFEST} to v{NEWEST_MANIFEST} are known",
        )
    return data


def _unreadable(path: Path, reason: str) -> ConfigurationError:
    return ConfigurationError(
        f"{path} cannot be read as an artifact: {reason}",
        code="state-not-read",
        hint="write it anew, for example with 'tidemill parse --target-path FOLDER'",
    )


def _has_relation(shape: Shape) -> bool:
    kind = shape.get("resource_type")
    materialized = (shape.get("config") or {}).get("materialized")
    return kind in {"model", "seed", "snapshot"} and materialized != "ephemeral"


def _node(shape: Shape) -> Node:
    """As much of the node as its relation needs."""
    return Node(
        unique_id=shape["unique_id"],
        resource_type=shape["resource_type"],
        name=shape["name"],
        package_name=shape["package_name"],
        path=shape["path"],
        original_file_path=shape["original_file_path"],
        fqn=tuple(shape["fqn"]),
        alias=shape.get("alias") or shape["name"],
        schema=shape["schema"],
        database=shape.get("database"),
        relation_name=shape.get("relation_name"),
        config=shape.get("config") or {},
    )
