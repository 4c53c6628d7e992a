"""How far a change reaches: what a partial parse may put in the place of what was there, and what not."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from tidemill.engine.nodes import GenericTest, Manifest, Model, Node, Seed
from tidemill.engine.nodes.section import is_enabled, outlines_of
from tidemill.engine.parsing.cache.changes import FileKey, Files, WholeNeededError
from tidemill.engine.parsing.cache.state import Known
from tidemill.engine.parsing.described import Described
from tidemill.engine.parsing.microbatch import is_microbatch
from tidemill.engine.project.reads import Unit

NODE_KINDS = ("model", "snapshot", "analysis", "test", "seed")
"""Kinds of files that make nodes and can be parsed alone."""
SECTIONS = ("nodes", "sources", "exposures", "unit_tests")
"""Sections of a manifest that a partial parse can change."""
UNTOUCHED = ("groups", "metrics", "semantic_models", "saved_queries", "functions")
"""Sections that it cannot."""
_IS_INCREMENTAL = "macro.dbt.is_incremental"


def check_described(described: Described) -> None:
    """Refuse property files that say what other files hang on."""
    for section in (*UNTOUCHED[:-1], "macros", "overrides"):
        if getattr(described, section):
            raise WholeNeededError(f"it has {section.replace('_', ' ')}")
    for patch in described.patches:
        if patch.section == "functions" or patch.relation or patch.versions:
            raise WholeNeededError(f"it describes '{patch.name}', which others may hang on")


def check_added(files: Files, known: Known, old: Manifest, key: FileKey) -> None:
    """Refuse a new file that could change what others mean."""
    kind, _, path = key
    stem = files[key].stem
    if kind in NODE_KINDS and any(
        other != key and other[0] in NODE_KINDS and file.stem == stem
        for other, file in files.items()
    ):
        raise WholeNeededError(f"{path} is not the only file of its name")
    codes = {warning.fault.code for _, warning in known.warnings}
    if codes & {"patch-unmatched", "config-unused"}:
        raise WholeNeededError(f"{path} may be what something waits for")
    if not all(is_enabled(node) for node in outlines_of(old.nodes)):
        raise WholeNeededError(f"{path} may be what a test waits for")


def check_reach(
    part: Manifest, old: Manifest, replaced: Mapping[str, set[str]], added: Collection[Unit]
) -> None:
    """Refuse what others would notice: names that come or go, and what they know of a node.

    Nodes of files that were ``added`` may come, if nothing has their names.
    """
    for section in SECTIONS:
        for key in getattr(part, section):
            if key not in replaced[section] and key in getattr(old, section):
                raise WholeNeededError(f"{key} is there twice")
    if part.sources.keys() != replaced["sources"]:
        raise WholeNeededError("a source came or went")
    for key in replaced["nodes"]:
        if key not in part.nodes and old.nodes[key].resource_type != "test":
            raise WholeNeededError(f"{key} is gone")
    for key, node in part.nodes.items():
        if key in replaced["nodes"]:
            _check_node(old.nodes[key], node, old)
        elif node.resource_type != "test" or not isinstance(node, GenericTest):
            _check_new(node, old, added)


def _check_new(node: Node, old: Manifest, added: Collection[Unit]) -> None:
    if (node.package_name, node.original_file_path) not in added or node.unique_id in old.disabled:
        raise WholeNeededError(f"{node.unique_id} is new")
    alias = node.alias.lower()
    for other in outlines_of(old.nodes):
        if other.is_relational and (other.alias or "").lower() == alias:
            raise WholeNeededError(f"{other.unique_id} has the same alias as {node.unique_id}")
    if is_microbatch(node) or (isinstance(node, Model) and (node.version or node.time_spine)):
        raise WholeNeededError(f"{node.unique_id} is of a kind that others look at")


def _check_node(before: Node, after: Node, old: Manifest) -> None:
    for what, (first, second) in _seen_by_others(before, after).items():
        if first != second:
            raise WholeNeededError(f"{after.unique_id} has another {what}")
    if is_microbatch(before) != is_microbatch(after):
        raise WholeNeededError(f"{after.unique_id} runs in batches, or did")
    tested = any(after.unique_id in test.depends_on.nodes for test in outlines_of(old.unit_tests))
    changes = (_IS_INCREMENTAL in before.depends_on.macros) != (
        _IS_INCREMENTAL in after.depends_on.macros
    )
    if (tested and changes) or (isinstance(after, Seed) and old.unit_tests):
        raise WholeNeededError(f"unit tests may hang on {after.unique_id}")


def _seen_by_others(before: Node, after: Node) -> dict[str, tuple[Any, Any]]:
    """What other resources know of a node, before and after."""
    names = (
        "resource_type",
        "name",
        "package_name",
        "fqn",
        "group",
        "relation_name",
        "schema",
        "alias",
    )
    found = {name: (getattr(before, name), getattr(after, name)) for name in names}
    found["database"] = (before.database, after.database)
    found["materialization"] = (before.is_ephemeral, after.is_ephemeral)
    batches = "concurrent_batches"
    found[batches] = (before.config.get(batches), after.config.get(batches))
    found["event_time"] = (before.config.get("event_time"), after.config.get("event_time"))
    if isinstance(before, Model) and isinstance(after, Model):
        for name in ("access", "version", "latest_version", "deprecation_date", "time_spine"):
            found[name] = (getattr(before, name), getattr(after, name))
    return found
