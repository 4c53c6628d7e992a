"""What whole parses and parses of a part have in common: files, and what is told of a parsed project."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec

from tidemill.adapters.base import Adapter
from tidemill.engine.jinja.relations import quote_policy
from tidemill.engine.nodes import Manifest, ManifestMetadata
from tidemill.engine.project.config import RuntimeConfig
from tidemill.engine.project.files import ProjectFile, discover
from tidemill.engine.project.metadata import metadata_envs
from tidemill.engine.project.reads import Unit

if TYPE_CHECKING:
    from pathlib import Path

    from tidemill.engine.jinja.macro_host import MacroHost


class ParsedProject(msgspec.Struct, frozen=True, dict=True):
    """A project that was parsed: its graph, and the host that renders its templates."""

    manifest: Manifest
    make_host: Callable[[], MacroHost]

    @cached_property
    def host(self) -> MacroHost:
        """The project's macros, ready to be called."""
        return self.make_host()


class Updated(msgspec.Struct, frozen=True):
    """The manifest after a partial parse, and what differs: sections and ids."""

    manifest: Manifest
    changed: frozenset[tuple[str, str]]
    parsed: frozenset[Unit] = frozenset()
    """The files that were parsed: those that were asked for, and those that they describe."""
    names_differ: bool = False
    """Whether something came or went that has a name and a place in the project."""


FoundFiles = Mapping[str, Mapping[str, tuple[ProjectFile, ...]]]
"""Files by package and kind."""


def find_files(config: RuntimeConfig) -> FoundFiles:
    """All files of the project and its packages."""
    return {name: discover(project) for name, project in config.packages.items()}


def metadata_of(config: RuntimeConfig, adapter: Adapter) -> ManifestMetadata:
    """Where a manifest that is parsed now comes from."""
    name = config.project.name
    return ManifestMetadata(
        project_name=name,
        adapter_type=config.target.type,
        project_id=hashlib.md5(name.encode(), usedforsecurity=False).hexdigest(),
        generated_at=time.time(),
        invocation_id=config.invocation_id,
        env=metadata_envs(),
        quoting={**quote_policy(adapter, config.project.quoting), "column": None},
    )


def counts_of(manifest: Manifest) -> dict[str, int]:
    """How many resources there are of each kind."""
    counts = dict(manifest.counts)
    counts["operation"] = len(manifest.hooks)
    counts["macro"] = len(manifest.macros)
    return {kind: count for kind, count in counts.items() if count}


def by_enabled(resources: Iterable[Any]) -> tuple[dict[str, Any], dict[str, tuple[Any, ...]]]:
    """Enabled resources by unique id, and lists of disabled ones."""
    enabled: dict[str, Any] = {}
    disabled: dict[str, tuple[Any, ...]] = {}
    for resource in resources:
        key = resource.unique_id
        if resource.config.get("enabled", True):
            enabled[key] = resource
        else:
            disabled[key] = (*disabled.get(key, ()), resource)
    return enabled, disabled


def code_path(config: RuntimeConfig) -> Path:
    """Where the code of compiled macros is kept."""
    from tidemill.engine.jinja.code_cache import CODE_FILE

    return config.target_path / CODE_FILE
