"""Generic tests have dbt's names, hashes, arguments and configuration."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from tests.engine.parsing import harbour
from tidemill.engine.parsing.generic_tests import (
    MadeTest,
    TestRules,
    TestTarget,
    make_generic_test,
)
from tidemill.engine.parsing.properties import properties_context
from tidemill.engine.parsing.property_entries import Patch, Properties
from tidemill.engine.parsing.sources import make_sources
from tidemill.engine.project.config_trees import configs_for, merge_configs, unrendered_config


def _quoted(name: str) -> str:
    return f'"{name}"'


def _rules(package: str) -> TestRules:
    return TestRules(properties_context(harbour.config(), package), _quoted)


def _patches(properties: Properties) -> Iterator[Patch]:
    for patch in properties.patches:
        yield from patch.versions or (patch,)


def _made() -> Iterator[MadeTest]:
    for found in harbour.properties():
        rules = _rules(found.file.package)
        for patch in _patches(found):
            target = TestTarget(
                section=patch.section, name=patch.name, file=found.file, version=patch.version
            )
            for entry in patch.tests:
                yield make_generic_test(entry, target, rules)
        for of_source in make_sources(found.sources, harbour.config()).tests:
            source = of_source.source
            target = TestTarget(
                section="sources", name=source.name, source=source.source_name, file=found.file
            )
            for entry in of_source.tests:
                yield make_generic_test(entry, target, rules)


def _facts(test: MadeTest) -> dict[str, Any]:
    """The test as dbt's manifest shows it."""
    layers = configs_for(harbour.config(), "data_tests", test.fqn, test.package)
    written = configs_for(harbour.config(), "data_tests", test.fqn, test.package, rendered=False)
    merged = merge_configs([*layers.own, test.config, *layers.root], "test")
    metadata = msgspec.to_builtins(test.test_metadata)
    return {
        "name": test.name,
        "alias": merged["alias"] or test.name,
        "path": test.path,
        "original_file_path": test.original_file_path,
        "package_name": test.package,
        "fqn": list(test.fqn),
        "column_name": test.column_name,
        "test_metadata": metadata,
        "tags": sorted({*test.tags, *merged["tags"]}),
        "config": merged,
        "unrendered_config": unrendered_config([*written.own, test.config, *written.root]),
        "description": test.description,
        "raw_code": test.raw_code,
        "file_key_name": test.file_key_name,
    }


def test_tests_equal_those_of_dbt() -> None:
    made = {test.unique_id: _facts(test) for test in _made()}
    theirs = {
        key: {**facts, "tags": sorted(facts["tags"])}
        for key, facts in harbour.expected()["tests"].items()
    }
    assert sorted(made) == sorted(theirs)
    for key, facts in theirs.items():
        assert made[key] == facts
