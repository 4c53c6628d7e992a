"""Why ``state:modified`` selects a resource, in lines for people. The rules themselves are in ``changes``."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from tidemill.engine.graph import Dag
from tidemill.engine.selection.alike import configuration

if TYPE_CHECKING:
    from tidemill.engine.selection.changes import Changes

Shape = Mapping[str, Any]

_FOR_READERS = ("access", "latest_version", "deprecation_date")
_UNTOLD = frozenset(
    {"created_at", "compiled_path", "build_path", "raw_code", "checksum", "docs", "patch_path"}
)
_SHORT = 60
_NAMED_AT_MOST = 3


def reasons(changes: Changes, unique_id: str) -> list[str]:
    """What changed of the resource; empty when nothing did. Raises ContractBroken like ``changes``."""
    if changes.is_new(unique_id):
        return ["new: the state does not have it"]
    if not changes.is_modified(unique_id):
        return []
    old, new = changes.pair(unique_id)
    found = list(_of_node(changes, unique_id, old or {}, new))
    return found or list(_other_keys(old or {}, new))


def reasons_behind(dag: Dag, modified: set[str], unique_id: str) -> list[str]:
    """Why a resource that did not change itself is selected all the same: what it stands on."""
    above = dag.ancestors([unique_id]) if unique_id in dag else set[str]()
    names = sorted(_name(key) for key in above & modified)
    if not names:
        return ["not modified"]
    more = f" and {len(names) - _NAMED_AT_MOST} more" if len(names) > _NAMED_AT_MOST else ""
    return [f"not modified itself: stands on {', '.join(names[:_NAMED_AT_MOST])}{more}"]


def _of_node(changes: Changes, key: str, old: Shape, new: Shape) -> Iterator[str]:
    if changes.body_modified(key):
        yield _body(old, new)
    if changes.configs_modified(key):
        yield from _configs(old, new)
    if changes.relation_modified(key):
        yield from _relation(old, new)
    if changes.descriptions_modified(key):
        yield "description, which the warehouse keeps as a comment"
    if changes.contract_modified(key):
        yield "contract"
    if old.get("fqn") != new.get("fqn"):
        yield f"place: {_dotted(old.get('fqn'))} -> {_dotted(new.get('fqn'))}"
    if new["resource_type"] == "model":
        for name in _FOR_READERS:
            if old.get(name) != new.get(name):
                yield _change(name, old.get(name), new.get(name))
    for macro in sorted(changes.changed_macros_of(key)):
        yield f"macro {macro.removeprefix('macro.')}"
    for value in changes.values_modified(key):
        yield f"{value} has another value"


def _body(old: Shape, new: Shape) -> str:
    if new["resource_type"] == "seed":
        return "content of the file"
    before = str(old.get("raw_code") or "").splitlines()
    now = str(new.get("raw_code") or "").splitlines()
    for number, (first, second) in enumerate(zip(before, now, strict=False), 1):
        if first.strip() != second.strip():
            return f"code, line {number}: {_short(first.strip())} -> {_short(second.strip())}"
    return f"code: {len(before)} -> {len(now)} lines"


def _configs(old: Shape, new: Shape) -> Iterator[str]:
    first, second = configuration(old), configuration(new)
    for name in sorted({*first, *second}):
        if first.get(name) != second.get(name):
            yield _change(f"config {name}", first.get(name), second.get(name))


def _relation(old: Shape, new: Shape) -> Iterator[str]:
    written = [shape.get("unrendered_config") or {} for shape in (old, new)]
    for name in ("database", "schema", "alias", "identifier"):
        first, second = (
            shape.get(name) if new["resource_type"] == "source" else config.get(name)
            for shape, config in zip((old, new), written, strict=True)
        )
        if first != second:
            yield _change(name, first, second)


def _other_keys(old: Shape, new: Shape) -> Iterator[str]:
    """For what is no node: the entries that differ."""
    names = sorted({*old, *new} - _UNTOLD)
    differing = [name for name in names if old.get(name) != new.get(name)]
    yield from (_change(name, old.get(name), new.get(name)) for name in differing)
    if not differing:
        yield "its definition"


def _name(unique_id: str) -> str:
    return unique_id.split(".", 2)[-1]


def _change(name: str, before: Any, now: Any) -> str:
    return f"{name}: {_short(_said(before))} -> {_short(_said(now))}"


def _said(value: Any) -> str:
    return "not set" if value is None else json.dumps(value, default=str)


def _short(text: str) -> str:
    return text if len(text) <= _SHORT else f"{text[: _SHORT - 3]}..."


def _dotted(fqn: Any) -> str:
    return ".".join(fqn or ())
