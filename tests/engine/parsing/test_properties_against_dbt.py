"""Whole property files against dbt: sources, exposures, groups, unit tests, patches, docs, configuration."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from tests.engine.parsing import harbour
from tidemill.engine.nodes import Column, Doc
from tidemill.engine.nodes.shape import columns_dict, exposure_dict, source_dict, unit_test_dict
from tidemill.engine.parsing.docs import DocsLookup, docs_of_file, render_description
from tidemill.engine.parsing.exposures import make_exposure, make_group
from tidemill.engine.parsing.properties import properties_context
from tidemill.engine.parsing.property_entries import Patch
from tidemill.engine.parsing.sources import make_sources
from tidemill.engine.parsing.unit_tests import make_unit_test
from tidemill.engine.project.config_trees import (
    configs_for,
    merge_configs,
    unrendered_config,
    unused_config_paths,
)
from tidemill.engine.project.files import ProjectFile, discover

CALLS: dict[str, dict[str, Any]] = {
    "model.harbour.stg_ships": {
        "tags": "file",
        "grants": {"+select": "auditor"},
        "meta": {"file": True},
    },
    "model.harbour.fct_calls": {
        "materialized": "incremental",
        "unique_key": "id",
        "on_schema_change": "fail",
        "pre-hook": ["select 1", {"sql": "select 2", "transaction": False}],
    },
    "model.harbour.off": {"enabled": False},
    "model.tools.calendar": {"tags": ["in_file"], "schema": "tools"},
}
"""What ``config()`` in the files sets."""

SECTIONS = {"model": "models", "seed": "seeds", "snapshot": "snapshots", "analysis": "analyses"}


def _all_docs() -> Iterator[Doc]:
    for package in ("harbour", "tools"):
        for file in discover(harbour.config().packages[package])["docs"]:
            yield from docs_of_file(file)


def _described(text: str, package: str) -> tuple[str, tuple[str, ...]]:
    lookup = DocsLookup(_all_docs(), root="harbour")
    names = properties_context(harbour.config(), package).names
    made = render_description(text, lookup, package, names)
    return made.text, made.doc_blocks


def _columns(columns: dict[str, Column], package: str) -> dict[str, Any]:
    rendered = {}
    for name, column in columns.items():
        text, blocks = _described(column.description, package)
        rendered[name] = msgspec.structs.replace(column, description=text, doc_blocks=blocks)
    return columns_dict(rendered)


def _patches() -> dict[str, Patch]:
    """By the unique id of the node that each is about."""
    found = {}
    for properties in harbour.properties():
        for patch in properties.patches:
            for one in patch.versions or (patch,):
                kind = {"data_tests": "test", "analyses": "analysis"}.get(
                    one.section, one.section[:-1]
                )
                version = () if one.version is None else (f"v{one.version}",)
                found[".".join((kind, one.package, one.name, *version))] = one
    return found


def _sorted_tags(value: Any) -> Any:
    """``value`` with tags in order: dbt takes those of columns from a set."""
    if isinstance(value, dict):
        return {
            key: sorted(item) if key == "tags" and isinstance(item, list) else _sorted_tags(item)
            for key, item in value.items()
        }
    return [_sorted_tags(item) for item in value] if isinstance(value, list) else value


def test_docs_blocks() -> None:
    docs = {doc.unique_id: msgspec.to_builtins(doc) for doc in _all_docs()}
    theirs = harbour.expected()["docs"]
    assert docs == {
        key: {k: v for k, v in doc.items() if k != "resource_type"} for key, doc in theirs.items()
    }


def test_configuration_of_nodes() -> None:
    patches = _patches()
    for key, facts in harbour.expected()["configs"].items():
        kind, package = key.split(".")[:2]
        section = SECTIONS.get(kind, "data_tests")
        patch = patches[key].config if key in patches else {}
        own = [patch, CALLS.get(key, {})]
        layers = configs_for(harbour.config(), section, facts["fqn"], package)
        assert merge_configs([*layers.own, *own, *layers.root], kind) == facts["config"], key
        layers = configs_for(harbour.config(), section, facts["fqn"], package, rendered=False)
        made = unrendered_config([*layers.own, *own, *layers.root])
        assert made == facts["unrendered_config"], key


def test_patches() -> None:
    patches = _patches()
    for key, facts in harbour.expected()["patched"].items():
        if facts["patch_path"] is None:
            assert key not in patches
            continue
        patch = patches.pop(key)
        text, blocks = _described(patch.description, patch.package)
        is_test = patch.section == "data_tests"
        made = {
            "description": text,
            "columns": {} if is_test else _columns(patch.columns, patch.package),
            "patch_path": patch.patch_path,
            "doc_blocks": list(blocks),
        }
        if key.startswith("model."):
            made |= {
                "constraints": list(patch.constraints),
                "version": patch.version,
                "latest_version": patch.latest_version,
                "access": patch.config.get("access", "protected"),
                "group": facts["group"],
                "deprecation_date": facts["deprecation_date"] and patch.deprecation_date,
            }
        assert _sorted_tags(made) == _sorted_tags(facts), key
    assert not patches


def test_sources() -> None:
    entries = [entry for found in harbour.properties() for entry in found.sources]
    made = make_sources(entries, harbour.config())
    warned = [warning.message.rpartition(" ")[2] for warning in made.warnings]
    assert (made.faults, warned) == ((), ["'customs.goods'."])
    theirs = harbour.expected()["sources"]
    assert sorted(source.unique_id for source in made.sources) == sorted(theirs)
    for source in made.sources:
        text, blocks = _described(source.description, "harbour")
        described = msgspec.structs.replace(
            source,
            description=text,
            doc_blocks=blocks,
            source_description=_described(source.source_description, "harbour")[0],
        )
        shape = source_dict(described)
        shape["columns"] = _columns(source.columns, "harbour")
        ours = {
            key: value for key, value in shape.items() if key not in {"created_at", "relation_name"}
        }
        assert _sorted_tags(ours) == _sorted_tags(theirs[source.unique_id])


def test_exposures() -> None:
    for found in harbour.properties():
        for entry in found.exposures:
            exposure = make_exposure(entry, harbour.config())
            text, _ = _described(exposure.description, "harbour")
            shape = exposure_dict(msgspec.structs.replace(exposure, description=text))
            theirs = harbour.expected()["exposures"][exposure.unique_id]
            assert {key: shape[key] for key in theirs} == theirs


def test_groups() -> None:
    made = [
        make_group(entry, harbour.config())
        for found in harbour.properties()
        for entry in found.groups
    ]
    ours = {
        group.unique_id: {**msgspec.to_builtins(group), "resource_type": "group"} for group in made
    }
    assert ours == harbour.expected()["groups"]


def _fixture(name: str) -> ProjectFile | None:
    files = discover(harbour.config().project)["fixture"]
    return next((file for file in files if file.stem == name), None)


def test_unit_tests() -> None:
    for found in harbour.properties():
        for entry in found.unit_tests:
            test = make_unit_test(entry, harbour.config(), _fixture)
            shape = unit_test_dict(test)
            theirs = harbour.expected()["unit_tests"][test.unique_id]
            assert {key: shape[key] for key in theirs} == theirs


def test_macros() -> None:
    for found in harbour.properties():
        for patch in found.macros:
            facts = harbour.expected()["macros"][f"macro.{patch.package}.{patch.name}"]
            made = {
                "description": _described(patch.description, patch.package)[0],
                "meta": patch.config["meta"],
                "docs": patch.config["docs"],
                "config": patch.config,
                "patch_path": patch.patch_path,
                "arguments": [
                    {
                        "name": argument.name,
                        "type": argument.type,
                        "description": _described(argument.description, patch.package)[0],
                    }
                    for argument in patch.arguments
                ],
            }
            assert made == facts


def test_unused_configuration() -> None:
    fqns: dict[str, list[tuple[str, ...]]] = {}
    for key, facts in harbour.expected()["configs"].items():
        section = SECTIONS.get(key.partition(".")[0], "data_tests")
        fqns.setdefault(section, []).append(tuple(facts["fqn"]))
    for kind, section in (("tests", "data_tests"), ("sources", "sources")):
        facts = harbour.expected()[kind].values()
        fqns.setdefault(section, []).extend(tuple(fact["fqn"]) for fact in facts)
    off = [("harbour", "staging", "stg_off")]
    assert unused_config_paths(harbour.config(), fqns, off) == ["models.harbour.nowhere"]
    assert unused_config_paths(harbour.config(), fqns) == [
        "models.harbour.nowhere",
        "unit_tests",
        "exposures",
    ]


def test_nothing_is_wrong_with_the_project() -> None:
    assert [fault for found in harbour.properties() for fault in found.faults] == []
    warnings = [fault for found in harbour.properties() for fault in found.warnings]
    assert [str(warning.message) for warning in warnings] == [
        "unknown key 'policy' in the column 'name'"
    ]
