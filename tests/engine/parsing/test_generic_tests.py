"""Generic tests have dbt's names, hashes, arguments and configuration."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from tests.engine.parsing import harbour
from tidemill.engine.parsing.generic_tests import (
    MadeTest,
    TestRules,
    TestTarget,
    make_generic_test,
    synthesize_names,
)
from tidemill.engine.parsing.properties import properties_context
from tidemill.engine.parsing.property_entries import Patch, Properties, TestEntry
from tidemill.engine.parsing.sources import make_sources
from tidemill.engine.project.config_context import ConfigContext
from tidemill.engine.project.config_trees import configs_for, merge_configs, unrendered_config
from tidemill.engine.project.files import ProjectFile
from tidemill.errors import Place, TidemillError


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


FILE = ProjectFile(
    package="shop", path="models/a/s.yml", relative_path="a/s.yml", root=harbour.HERE
)
PLACE = Place(file="models/a/s.yml", line=7, column=5)
TARGET = TestTarget(section="models", name="orders", file=FILE)


def _make(written: Any, *, nested: bool = True, **entry: Any) -> MadeTest:
    rules = TestRules(ConfigContext(variables={"n": 5}, env={}), _quoted, nested)
    return make_generic_test(TestEntry(written=written, place=PLACE, **entry), TARGET, rules)


@pytest.mark.parametrize(
    "written",
    [
        {"accepted": {"values": [1], "config": {"severity": "warn"}}},
        {"accepted": {"values": [1], "severity": "warn"}},
        {"accepted": {"arguments": {"values": [1]}, "config": {"severity": "warn"}}},
        {"test_name": "accepted", "values": [1], "severity": "warn"},
        {"test_name": "accepted", "arguments": {"values": [1]}, "config": {"severity": "warn"}},
        {"accepted": {"values": [1], "config": {"severity": "{{ 'warn' }}"}}},
    ],
)
def test_spellings_of_one_test(written: Any) -> None:
    made = _make(written)
    assert made.name == "accepted_orders_1"
    assert made.config == {"severity": "warn"}
    assert made.test_metadata.kwargs == {
        "values": [1],
        "model": "{{ get_where_subquery(ref('orders')) }}",
    }
    assert made.raw_code == (
        '{{ test_accepted(**_dbt_generic_test_kwargs) }}{{ config(severity="warn") }}'
    )


def test_arguments_of_that_name_without_the_flag() -> None:
    made = _make({"accepted": {"arguments": {"values": [1]}}}, nested=False)
    assert made.test_metadata.kwargs["arguments"] == {"values": [1]}


def test_configuration_is_rendered_and_arguments_are_not() -> None:
    made = _make({"t": {"limit": "{{ var('n') }}", "text": "{{ var('n') }}", "where": None}})
    assert made.config == {"limit": 5}
    assert made.test_metadata.kwargs["text"] == "{{ var('n') }}"


def test_a_quoted_column() -> None:
    made = _make("unique", column="Order Id", quote=True, tags=("b", "a"))
    assert made.column_name == '"Order Id"'
    assert made.test_metadata.kwargs["column_name"] == '"Order Id"'
    assert (made.name, made.tags) == ("unique_orders__Order_Id_", ("a", "b"))


def test_a_long_name_is_cut_and_hashed() -> None:
    short, full = synthesize_names("accepted_values", "orders", {"values": ["x" * 50]})
    assert full == f"accepted_values_orders_{'x' * 50}"
    assert short == "accepted_values_orders_4fd9b812e27e45c43cce3864b7cf39eb"


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (["unique"], "a test must be a name or a mapping, and is a list"),
        ({"unique": None}, "what stands under the test 'unique' must be a mapping, and is nothing"),
        (
            {"unique": None, "config": {}},
            "a test must be a mapping of one name to its arguments, and has the keys",
        ),
        ({3: {}}, "the name of a test must be a text, not 3"),
        ({"unique": {"model": "x"}}, "a test's entry may not set 'model'"),
        ({"1st": {}}, "'1st' cannot be the name of a test"),
        ({"t": {"config": 3}}, "'config' of a test must be a mapping, and is a number"),
        (
            {"t": {"severity": "warn", "config": {"severity": "error"}}},
            "Test cannot have the same key at the top-level and in config: 'severity' stands in both",
        ),
        ({"t": {"tags": [1]}}, "'tags' of a test must be texts"),
        (
            {"t": {"where": "{{ nope() }}"}},
            'Invalid generic test configuration: could not render "{{ nope() }}"',
        ),
    ],
)
def test_faults_have_the_place_of_the_entry(written: Any, message: str) -> None:
    with pytest.raises(TidemillError) as caught:
        _make(written)
    assert caught.value.fault.message.startswith(message)
    assert caught.value.fault.place == PLACE
