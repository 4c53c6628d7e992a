"""How far a change reaches: what a partial parse may put in the place of what was there, and what not."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from tidemill.engine.nodes import Manifest
from tidemill.engine.parsing.cache.changes import FileKey, Files, WholeNeededError
from tidemill.engine.parsing.cache.state import Known
from tidemill.engine.parsing.described import Described
from tidemill.engine.project.reads import PROJECT, Unit

NODE_KINDS = ("model", "snapshot", "function", "analysis", "test", "seed")
"""Kinds of files that make nodes and can be parsed alone."""
LAYER = ("metrics", "semantic_models", "saved_queries")
"""The semantic layer, which is parsed as a whole or not at all."""
SECTIONS = ("nodes", "functions", "sources", "exposures", "unit_tests", "groups", *LAYER)
"""Sections of a manifest that a partial parse can change."""


def check_described(described: Described) -> None:
    """Refuse property files that say what other files hang on."""
    if described.overrides:
        raise WholeNeededError("it overrides sources")


def beside(files: Files, known: Known, key: FileKey) -> Iterator[Unit]:
    """The files to parse beside a node's file that comes or goes: those whose warnings may be others then.

    Raises WholeNeededError where other files share its name.
    """
    kind, _, path = key
    if kind not in NODE_KINDS:
        return
    stem = PurePosixPath(path).stem
    if any(
        other != key and other[0] in NODE_KINDS and f.stem == stem for other, f in files.items()
    ):
        raise WholeNeededError(f"{path} is not the only file of its name")
    for unit, warning in known.warnings:
        if warning.fault.code == "patch-unmatched":
            if unit == PROJECT:
                raise WholeNeededError(f"{path} may be what something waits for")
            yield unit


def check_twice(part: Manifest, old: Manifest, replaced: Mapping[str, set[str]]) -> None:
    """Refuse what another file makes as well."""
    for section in SECTIONS:
        for key in getattr(part, section):
            if key not in replaced[section] and key in getattr(old, section):
                raise WholeNeededError(f"{key} is there twice")


def without_files(
    disabled: Mapping[str, tuple[Any, ...]], units: Collection[Unit]
) -> dict[str, tuple[Any, ...]]:
    """Resources that are switched off, but for those of some files."""
    kept = {
        key: tuple(r for r in found if (r.package_name, r.original_file_path) not in units)
        for key, found in disabled.items()
    }
    return {key: found for key, found in kept.items() if found}
