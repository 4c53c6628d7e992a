"""What changed in a project since an earlier state: the rules behind ``state:``.

They are dbt-core 1.11's but for two things: code is compared by its meaning, so that its layout is no change, and a
node changes with the values of vars and environment variables that its file reads, where the state knows them.

Both sides are compared as mappings in the manifest's shape, by what was written in the project rather
than by what a target made of it. Built-in macros are no part of a project: that another version of a
tool, or another tool, wrote the state is no change.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import msgspec

from tidemill.engine.artifacts.state import State
from tidemill.engine.nodes import Manifest
from tidemill.engine.nodes.encoding import encode
from tidemill.engine.nodes.shape import resource_dict
from tidemill.engine.selection.contract_changes import (
    Warn,
    same_contract,
    same_contract_removed,
)
from tidemill.engine.selection.meaning import macro_meaning, meaning
from tidemill.engine.selection.values_read import ValuesRead
from tidemill.errors import CompilationError
from tidemill.events import Message

Shape = Mapping[str, Any]

_ELSEWHERE = frozenset({"alias", "schema", "database", "tags", "group"})
"""Configuration that is compared as the relation, or not at all."""

_CONSTANT = re.compile(r"Keyword\(key='[^']*', value=Const\(value=(.*)\)\)")
"""A literal in ``config()``, as dbt keeps what it did not render."""

_OF_TESTS = (
    "severity",
    "where",
    "limit",
    "fail_calc",
    "warn_if",
    "error_if",
    "store_failures",
    "store_failures_as",
)
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
        state: State,
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
        return self._state.resource(unique_id) is None

    def is_modified(self, unique_id: str) -> bool:
        """Whether anything of it changed. Raises ContractBroken for a versioned model."""
        self._tell_removed()
        old, new = self.pair(unique_id)
        changed = not self._same_contents(old, new)
        contract = new["resource_type"] == "model" and old is not None
        return (
            changed
            or self.macros_modified(unique_id)
            or (contract and not self._same_contract(old or {}, new))
            or (old is not None and bool(self.values_modified(new)))
        )

    def values_modified(self, new: Shape) -> tuple[str, ...]:
        """Vars and environment variables that the resource's file reads and have other values now."""
        if self._values is None or new["resource_type"] not in _NODES:
            return ()
        return self._values.changed(new["package_name"], new["original_file_path"])

    def body_modified(self, unique_id: str) -> bool:
        return self._differs(unique_id, _NODES, self._same_body)

    def configs_modified(self, unique_id: str) -> bool:
        return self._differs(unique_id, _CONFIGURED, _same_config)

    def descriptions_modified(self, unique_id: str) -> bool:
        return self._differs(unique_id, _NODES, _same_persisted_description)

    def relation_modified(self, unique_id: str) -> bool:
        return self._differs(unique_id, _NODES | {"source"}, self._same_relation)

    def contract_modified(self, unique_id: str) -> bool:
        self._tell_removed()
        return self._differs(unique_id, _NODES, self._same_contract)

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
        old: Mapping[str, Shape] = (self._state.manifest or {}).get("macros") or {}
        new = self._manifest.macros
        changed = {k for k, m in new.items() if not self._same_macro(old.get(k), m.macro_sql)}
        gone = {key for key in old if key not in new}
        return frozenset(key for key in changed | gone if key.split(".")[1] not in self._internal)

    def _same_macro(self, old: Shape | None, new: str) -> bool:
        before = (old or {}).get("macro_sql")
        if before == new or before is None or self._compare_text:
            return bool(before == new)
        return macro_meaning(before) == macro_meaning(new)

    def _macros_of(self, unique_id: str) -> set[str]:
        shape = self._shape(unique_id)
        depends_on: Shape = shape.get("depends_on") or {}
        if "test_metadata" in shape and not depends_on.get("macros"):
            raise CompilationError(
                f"Node '{shape['name']}' (in {shape['original_file_path']}) depends on a macro or test "
                "that does not exist",
                code="test-unknown",
                hint=f"write the generic test '{shape['test_metadata']['name']}', or remove what names it",
            )
        waiting = list(depends_on.get("macros") or ())
        found: set[str] = set()
        while waiting:
            key = waiting.pop()
            if key not in found:
                found.add(key)
                macro = self._manifest.macros.get(key)
                waiting += macro.depends_on_macros if macro is not None else ()
        return found

    # -- comparing ---------------------------------------------------------------------------

    def _shape(self, unique_id: str) -> Shape:
        """The resource as a manifest would hold it: the other side has been JSON, too."""
        manifest = self._manifest
        found: Any = manifest.resource(unique_id)
        if found is None:
            others: tuple[Mapping[str, Any], ...] = (
                manifest.metrics,
                manifest.semantic_models,
                manifest.saved_queries,
                manifest.functions,
            )
            found = next(section[unique_id] for section in others if unique_id in section)
        shape = found if isinstance(found, Mapping) else resource_dict(found)
        decoded: Shape = msgspec.json.decode(encode(shape))
        return decoded

    def pair(self, unique_id: str) -> tuple[Shape | None, Shape]:
        """The resource then and now."""
        new = self._shape(unique_id)
        kind = unique_id.partition(".")[0]
        return self._state.resource(unique_id), {"resource_type": kind, **new}

    def _differs(
        self, unique_id: str, kinds: frozenset[str], same: Callable[[Shape, Shape], bool]
    ) -> bool:
        old, new = self.pair(unique_id)
        return new["resource_type"] in kinds and (old is None or not same(old, new))

    def _same_contents(self, old: Shape | None, new: Shape) -> bool:
        kind = new["resource_type"]
        if old is None:
            # dbt's rule: what is nobody's to build is only modified when it was there before.
            return kind in _NEVER_BUILT
        if kind == "test" and "test_metadata" in new:
            return _same_config(old, new) and _same("fqn")(old, new)
        compare = {
            "source": self._same_source,
            "exposure": _same_exposure,
            "unit_test": _same("checksum"),
            "metric": _same_metric,
            "semantic_model": _same_semantic_model,
            "saved_query": _same_saved_query,
        }.get(kind, self._same_node)
        return compare(old, new)

    def _same_node(self, old: Shape, new: Shape) -> bool:
        kind = new["resource_type"]
        unchanged_contract = self._same_contract(old, new)
        return (
            self._same_body(old, new)
            and _same_config(old, new)
            and _same_persisted_description(old, new)
            and _same("fqn")(old, new)
            and self._same_relation(old, new)
            and unchanged_contract
            and (kind != "model" or _same_for_readers(old, new))
            and (kind != "function" or _same_signature(old, new))
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
            return _same(f"{prefix}database", f"{prefix}schema", "identifier")(old, new)
        first, second = _unrendered(old), _unrendered(new)
        return all(first.get(key) == second.get(key) for key in ("database", "schema", "alias"))

    def _same_source(self, old: Shape, new: Shape) -> bool:
        return (
            self._same_relation(old, new)
            and _same("fqn", "loaded_at_field")(old, new)
            and _same_config(old, new)
            and _without_none(old.get("quoting")) == _without_none(new.get("quoting"))
            and _without_none(old.get("freshness")) == _without_none(new.get("freshness"))
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
        for key, old in ((self._state.manifest or {}).get("nodes") or {}).items():
            if old.get("resource_type") != "model" or key in self._manifest.nodes:
                continue
            gone = disabled.get(key)
            same_contract_removed(resource_dict(gone[0]) if gone else old, self._warn)


_NODES = frozenset({"model", "seed", "snapshot", "analysis", "test", "operation", "function"})
_CONFIGURED = _NODES | {"source", "exposure", "metric", "semantic_model", "saved_query"}
_NEVER_BUILT = frozenset({"source", "exposure", "metric", "semantic_model", "saved_query"})


def _same(*keys: str) -> Callable[[Shape, Shape], bool]:
    return lambda old, new: all(old.get(key) == new.get(key) for key in keys)


def _same_signature(old: Shape, new: Shape) -> bool:
    """Of a function. What older manifests do not have is no change."""
    return [_without_none(each) for each in old.get("arguments") or []] == [
        _without_none(each) for each in new.get("arguments") or []
    ] and _without_none(old.get("returns")) == _without_none(new.get("returns"))


def _unrendered(shape: Shape) -> Shape:
    """The configuration as written. Literals count the same whether they were kept as syntax or as values."""
    written: Shape = shape.get("unrendered_config") or {}
    return {key: _literal(value) for key, value in written.items()}


def _literal(value: Any) -> Any:
    found = _CONSTANT.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return value
    try:
        return ast.literal_eval(found[1])
    except (SyntaxError, ValueError):
        return value


def _same_config(old: Shape, new: Shape) -> bool:
    """The configuration as it was written: values of a target are no change."""
    kind = new["resource_type"]
    if kind in {"semantic_model", "saved_query"}:
        return bool(_without_none(old.get("config")) == _without_none(new.get("config")))
    return configuration(old) == configuration(new)


def configuration(shape: Shape) -> dict[str, Any]:
    """The configuration as it was written, as far as its changes count."""
    kind = shape["resource_type"]
    written = _unrendered(shape)
    if kind == "test":
        return {key: value for key, value in written.items() if key in _OF_TESTS}
    excluded = _ELSEWHERE if kind in _NODES else {"group"} if kind == "metric" else set[str]()
    return {key: value for key, value in written.items() if key not in excluded}


def _same_persisted_description(old: Shape, new: Shape) -> bool:
    """Descriptions count where the warehouse is told them."""
    persisted: Shape = (new.get("config") or {}).get("persist_docs") or {}
    if persisted.get("relation") and old.get("description") != new.get("description"):
        return False
    return not persisted.get("columns") or _column_words(old) == _column_words(new)


def _column_words(shape: Shape) -> dict[str, Any]:
    return {name: column["description"] for name, column in (shape.get("columns") or {}).items()}


def _same_for_readers(old: Shape, new: Shape) -> bool:
    """What may break those who refer to a model."""
    access = old.get("access", "protected") == new.get("access")
    return access and _same("latest_version", "deprecation_date")(old, new)


def _same_exposure(old: Shape, new: Shape) -> bool:
    same = _same("fqn", "type", "owner", "maturity", "url", "description", "label")
    parents = [set((shape.get("depends_on") or {}).get("nodes") or ()) for shape in (old, new)]
    return same(old, new) and parents[0] == parents[1] and _same_config(old, new)


def _same_metric(old: Shape, new: Shape) -> bool:
    return _same("type", "description", "label")(old, new) and _same_config(old, new)


def _same_semantic_model(old: Shape, new: Shape) -> bool:
    keys = ("model", "description", "primary_entity", "group")
    parts = ("defaults", "entities", "dimensions", "measures")
    same_parts = all(_without_none(old.get(key)) == _without_none(new.get(key)) for key in parts)
    return _same(*keys)(old, new) and same_parts and _same_config(old, new)


def _same_saved_query(old: Shape, new: Shape) -> bool:
    first, second = (_without_none(shape.get("query_params")) for shape in (old, new))
    same = _same("description", "label", "group", "tags")(old, new)
    return same and first == second and _exports(old) == _exports(new) and _same_config(old, new)


def _exports(shape: Shape) -> list[Any]:
    return [
        (export["name"], [_unrendered(export).get(key) for key in ("export_as", "schema", "alias")])
        for export in shape.get("exports") or ()
    ]


def _without_none(value: Any) -> Any:
    """A mapping without keys that say nothing: manifests of other versions may lack them."""
    if isinstance(value, Mapping):
        return {key: _without_none(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [_without_none(inner) for inner in value]
    return value
