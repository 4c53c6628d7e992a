"""The primary key of each model, as far as constraints and tests tell it (dbt's rules)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from tidemill.engine.nodes import GenericTest, Manifest, Model

_UNIQUE = frozenset({"unique", "unique_combination_of_columns"})


def with_primary_keys(manifest: Manifest) -> Manifest:
    """The manifest with ``primary_key`` of its models. Tests that are switched off count least."""
    tests: dict[str, list[GenericTest]] = {}
    switched_off = (resource for found in manifest.disabled.values() for resource in found)
    for test in (*manifest.nodes.values(), *switched_off):
        if isinstance(test, GenericTest) and test.attached_node:
            tests.setdefault(test.attached_node, []).append(test)
    nodes = dict(manifest.nodes)
    for key, node in manifest.nodes.items():
        if isinstance(node, Model):
            columns = sorted(primary_key(node, tests.get(key, ())))
            if columns:
                nodes[key] = msgspec.structs.replace(node, primary_key=tuple(columns))
    return msgspec.structs.replace(manifest, nodes=nodes)


def with_keys_of(part: Manifest, resources: Iterable[Any]) -> Manifest:
    """A part of a project with the primary keys of its models, of which ``resources`` are all tests, and others."""
    models = {key: node for key, node in part.nodes.items() if isinstance(node, Model)}
    tests: dict[str, list[GenericTest]] = {key: [] for key in models}
    for test in resources:
        if isinstance(test, GenericTest) and test.attached_node in tests:
            tests[test.attached_node].append(test)
    keyed = {
        key: msgspec.structs.replace(
            model, primary_key=tuple(sorted(primary_key(model, tests[key])))
        )
        for key, model in models.items()
    }
    return msgspec.structs.replace(part, nodes={**part.nodes, **keyed})


def primary_key(model: Model, tests: Iterable[GenericTest]) -> Iterable[str]:
    """The columns of the key: by constraint, else unique and not null, else unique, else nothing."""
    for constraint in model.constraints:
        if constraint["type"] == "primary_key":
            return constraint.get("columns") or ()
    for name, column in model.columns.items():
        if any(constraint["type"] == "primary_key" for constraint in column.constraints):
            return (name,)
    return _tested(tests)


def _tested(tests: Iterable[GenericTest]) -> Iterable[str]:
    unique: set[str] = set()
    unique_once: set[str] = set()
    not_null: set[str] = set()
    for test in tests:
        name = test.test_metadata.name
        if name in _UNIQUE:
            found = unique if test.config.get("enabled", True) else unique_once
            found.update(_columns(test.test_metadata.kwargs))
        elif name == "not_null":
            not_null.update(_columns(test.test_metadata.kwargs))
    return not_null & (unique | unique_once) or unique or unique_once


def _columns(arguments: Mapping[str, Any]) -> list[str]:
    column, columns = arguments.get("column_name"), arguments.get("combination_of_columns")
    if isinstance(column, str):
        return [column]
    if isinstance(columns, list):
        return [name for name in columns if isinstance(name, str)]
    return []
