"""What changed in a project since an earlier state: the rules behind ``state:``.

They are dbt-core 1.11's but for two things: code is compared by its meaning, so that its layout is no change, and a
node changes with the values of vars and environment variables that its file reads, where the state knows them.

Both sides are compared as mappings in the manifest's shape, by what was written in the project rather
than by what a target made of it. Built-in macros are no part of a project: that another version of a
tool, or another tool, wrote the state is no change.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import msgspec

from tidemill.engine.artifacts.state_manifest import StateManifest
from tidemill.engine.nodes import GenericTest, Manifest
from tidemill.engine.nodes.encoding import encode
from tidemill.engine.nodes.manifest import section_of
from tidemill.engine.nodes.section import Section
from tidemill.engine.nodes.shape import resource_dict
from tidemill.engine.selection.alike import (
    CONFIGURED,
    NEVER_BUILT,
    NODES,
    same,
    same_config,
    same_exposure,
    same_for_readers,
    same_metric,
    same_persisted_description,
    same_saved_query,
    same_semantic_model,
    same_signature,
    unrendered,
    without_none,
)
from tidemill.engine.selection.contract_changes import (
    Warn,
    same_contract,
    same_contract_removed,
)
from tidemill.engine.selection.meaning import macro_meaning, meaning
from tidemill.engine.selection.untouched import Untouched
from tidemill.engine.selection.values_read import ValuesRead
from tidemill.errors import CompilationError
from tidemill.events import Message

Shape = Mapping[str, Any]

_PATH_CHECKSUM = "path"
"""How dbt knows a seed of more than 1 MiB: by its path, not by what is in it."""

_OF_LARGE_SEEDS = {
    (True, True): (
        "I053",
        " at the same path: its content is not compared, so it counts as the same",
    ),
    (True, False): ("I054", ". The previous file was in a different location, so it has changed"),
    (False, False): ("I052", ". The previous file was <=1MB, so it has changed"),
}
"""dbt's codes, and what is said, by whether the old one was large as well and whether they are equal."""


class Changes:
    """Compares the resources of ``manifest`` with those of ``state``."""

    def __init__(
        self,
        manifest: Manifest,
        state: StateManifest,
        *,
        internal_packages: frozenset[str],
        enforced_constraints: frozenset[str],
        compare_unrendered: bool,
        compare_text: bool,
        values: ValuesRead | None,
        warn: Warn,
    ) -> None:
        """``compare_unrendered`` is dbt's flag ``state_modified_compare_more_unrendered_values``.

        ``compare_text`` lets the layout of code count, as in dbt; ``values`` are what files read, if that counts.
        """
        self._manifest = manifest
        self._state = state
        self._untouched = Untouched(manifest, self._state)
        self._internal = internal_packages
        self._enforced = enforced_constraints
        self._compare_unrendered = compare_unrendered
        self._compare_text = compare_text
        self._values = values
        self._warn = warn
        self._removed_told = False
        self._contracts: dict[str, bool] = {}

    # -- the questions -----------------------------------------------------------------------

    def is_new(self, unique_id: str) -> bool:
        """Whether the state has no such resource."""
        return unique_id not in self._state

    def is_modified(self, unique_id: str) -> bool:
        """Whether anything of it changed. Raises ContractBroken for a versioned model."""
        self._tell_removed()
        return (
            self._entry_modified(unique_id)
            or self.macros_modified(unique_id)
            or (unique_id in self._state and bool(self.values_modified(unique_id)))
        )

    def _entry_modified(self, unique_id: str) -> bool:
        if unique_id in self._untouched:
            return False
        old, new = self.pair(unique_id)
        contract = new["resource_type"] == "model" and old is not None
        changed = not self._same_contents(old, new)
        return changed or (contract and not self._same_contract(old or {}, new))

    def values_modified(self, unique_id: str) -> tuple[str, ...]:
        """Vars and environment variables that the resource's file reads and have other values now."""
        if self._values is None or not self._values.any_changed:
            return ()
        outline = self._outline(unique_id)
        if outline.resource_type not in NODES:
            return ()
        return self._values.changed(outline.package_name, outline.original_file_path)

    def body_modified(self, unique_id: str) -> bool:
        return self._differs(unique_id, NODES, self._same_body)

    def configs_modified(self, unique_id: str) -> bool:
        return self._differs(unique_id, CONFIGURED, same_config)

    def descriptions_modified(self, unique_id: str) -> bool:
        return self._differs(unique_id, NODES, same_persisted_description)

    def relation_modified(self, unique_id: str) -> bool:
        return self._differs(unique_id, NODES | {"source"}, self._same_relation)

    def contract_modified(self, unique_id: str) -> bool:
        self._tell_removed()
        return self._differs(unique_id, NODES, self._same_contract)

    def macros_modified(self, unique_id: str) -> bool:
        """Whether a macro that it calls changed, or one that those call."""
        if not self._changed_macros:
            return False
        return bool(self.changed_macros_of(unique_id))

    def changed_macros_of(self, unique_id: str) -> frozenset[str]:
        """Unique ids of the changed macros that it calls, directly or through others."""
        return self._changed_macros & self._macros_of(unique_id)

    # -- macros ------------------------------------------------------------------------------

    @cached_property
    def _changed_macros(self) -> frozenset[str]:
        old, new = self._state.macros, self._manifest.macros
        changed = {k for k, m in new.items() if not self._same_macro(old.get(k), m.macro_sql)}
        gone = {key for key in old if key not in new}
        return frozenset(key for key in changed | gone if key.split(".")[1] not in self._internal)

    def _same_macro(self, before: str | None, new: str) -> bool:
        if before == new or before is None or self._compare_text:
            return before == new
        return macro_meaning(before) == macro_meaning(new)

    def _macros_of(self, unique_id: str) -> set[str]:
        waiting = list(self._outline(unique_id).depends_on.macros)
        if not waiting:
            self._check_test(unique_id)
        found: set[str] = set()
        while waiting:
            key = waiting.pop()
            if key not in found:
                found.add(key)
                macro = self._manifest.macros.get(key)
                waiting += macro.depends_on_macros if macro is not None else ()
        return found

    def _check_test(self, unique_id: str) -> None:
        """Refuse a generic test that calls no macro: there is none of its name."""
        test = self._manifest.nodes.get(unique_id)
        if isinstance(test, GenericTest):
            raise CompilationError(
                f"Node '{test.name}' (in {test.original_file_path}) depends on a macro or test "
                "that does not exist",
                code="test-unknown",
                hint=f"write the generic test '{test.test_metadata.name}', or remove what names it",
            )

    # -- comparing ---------------------------------------------------------------------------

    def _shape(self, unique_id: str) -> Shape:
        """The resource as a manifest would hold it: the other side has been JSON, too."""
        found = section_of(self._manifest, unique_id)[unique_id]
        decoded: Shape = msgspec.json.decode(encode(resource_dict(found)))
        return decoded

    def _outline(self, unique_id: str) -> Any:
        """The resource, or as much of it as is at hand."""
        section = section_of(self._manifest, unique_id)
        return section.outlines[unique_id] if isinstance(section, Section) else section[unique_id]

    def pair(self, unique_id: str) -> tuple[Shape | None, Shape]:
        """The resource then and now."""
        new = self._shape(unique_id)
        kind = unique_id.partition(".")[0]
        return self._state.resource(unique_id), {"resource_type": kind, **new}

    def _differs(
        self, unique_id: str, kinds: frozenset[str], same: Callable[[Shape, Shape], bool]
    ) -> bool:
        if unique_id in self._untouched:
            return False
        old, new = self.pair(unique_id)
        return new["resource_type"] in kinds and (old is None or not same(old, new))

    def _same_contents(self, old: Shape | None, new: Shape) -> bool:
        kind = new["resource_type"]
        if old is None:
            # dbt's rule: what is nobody's to build is only modified when it was there before.
            return kind in NEVER_BUILT
        if kind == "test" and "test_metadata" in new:
            return same_config(old, new) and same("fqn")(old, new)
        compare = {
            "source": self._same_source,
            "exposure": same_exposure,
            "unit_test": same("checksum"),
            "metric": same_metric,
            "semantic_model": same_semantic_model,
            "saved_query": same_saved_query,
        }.get(kind, self._same_node)
        return compare(old, new)

    def _same_node(self, old: Shape, new: Shape) -> bool:
        kind = new["resource_type"]
        unchanged_contract = self._same_contract(old, new)
        return (
            self._same_body(old, new)
            and same_config(old, new)
            and same_persisted_description(old, new)
            and same("fqn")(old, new)
            and self._same_relation(old, new)
            and unchanged_contract
            and (kind != "model" or same_for_readers(old, new))
            and (kind != "function" or same_signature(old, new))
        )

    def _same_body(self, old: Shape, new: Shape) -> bool:
        if new["resource_type"] == "seed":
            return self._same_seed(old, new)
        before, now = old.get("raw_code", old.get("raw_sql")), new.get("raw_code")
        if before == now or self._compare_text or not (before and now):
            return bool(before == now)
        language = str(new.get("language") or "sql")
        return meaning(before, language) == meaning(now, language)

    def _same_seed(self, old: Shape, new: Shape) -> bool:
        """By content, but large seeds by path: then dbt's warnings say how much that is worth."""
        before, now = old.get("checksum") or {}, new["checksum"]
        same = bool(before == now)
        if now["name"] == _PATH_CHECKSUM:
            code, words = _OF_LARGE_SEEDS[before.get("name") == _PATH_CHECKSUM, same]
            text = f"Found a seed ({new['package_name']}.{new['name']}) >1MB in size{words}"
            self._warn(Message(text=text, level="warn", code=code))
        return same

    def _same_relation(self, old: Shape, new: Shape) -> bool:
        if new["resource_type"] == "source":
            prefix = "unrendered_" if self._compare_unrendered else ""
            return same(f"{prefix}database", f"{prefix}schema", "identifier")(old, new)
        first, second = unrendered(old), unrendered(new)
        return all(first.get(key) == second.get(key) for key in ("database", "schema", "alias"))

    def _same_source(self, old: Shape, new: Shape) -> bool:
        return (
            self._same_relation(old, new)
            and same("fqn", "loaded_at_field")(old, new)
            and same_config(old, new)
            and without_none(old.get("quoting")) == without_none(new.get("quoting"))
            and without_none(old.get("freshness")) == without_none(new.get("freshness"))
            and (old.get("external") or None) == (new.get("external") or None)
        )

    def _same_contract(self, old: Shape, new: Shape) -> bool:
        if new["resource_type"] != "model":
            return True
        key = new["unique_id"]
        if key not in self._contracts:  # asked more than once, told once
            self._contracts[key] = same_contract(old, new, self._enforced, self._warn)
        return self._contracts[key]

    def _tell_removed(self) -> None:
        """Contracts of models that are gone: nobody can select those, but their readers should know."""
        if self._removed_told:
            return
        self._removed_told = True
        disabled = self._manifest.disabled
        for key in self._state.ids("nodes"):
            if not key.startswith("model.") or key in self._manifest.nodes:
                continue
            gone = disabled.get(key)
            old = resource_dict(gone[0]) if gone else self._state.resource(key)
            same_contract_removed(old or {}, self._warn)
