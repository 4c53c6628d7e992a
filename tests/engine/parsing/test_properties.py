"""What is wrong with a property file is said all at once, with places and the nearest right names."""

from __future__ import annotations

from pathlib import Path

import pytest

from tidemill.engine.parsing.properties import parse_properties
from tidemill.engine.parsing.property_entries import Properties
from tidemill.engine.project.config_context import ConfigContext
from tidemill.engine.project.files import ProjectFile


def parse(text: str, root: Path) -> Properties:
    (root / "models").mkdir(exist_ok=True)
    (root / "models" / "s.yml").write_text(text, encoding="utf-8")
    file = ProjectFile(package="shop", path="models/s.yml", relative_path="s.yml", root=root)
    return parse_properties(file, ConfigContext(env={}, variables={"day": "mon"}))


FAULTS = {
    "not a mapping": (
        "- a\n",
        ["1 Dictionary expected: the file must hold a mapping, and holds a list"],
    ),
    "section is no list": ("models: {name: a}\n", ["1 'models' is not a list: it is a mapping"]),
    "entry is no mapping": (
        "models:\n  - orders\n",
        ["2 an entry of 'models' must be a mapping, and is a text"],
    ),
    "entry without a name": ("models:\n  - description: x\n", ["2 this model has no 'name'"]),
    "broken YAML": ("models:\n  - name: a\n   b: c\n", None),
    "wrong types": (
        "models:\n  - name: a\n    description: [x]\n    columns: id\n    config: 3\n",
        [
            "3 'description' of the model 'a' must be a text, and is a list",
            "4 'columns' of the model 'a' must be a list of mappings, and is a text",
            "5 'config' of the model 'a' must be a mapping, and is a number",
        ],
    ),
    "a name that is a number": (
        "models:\n  - name: 2024\n",
        ["2 'name' of the model '2024' must be a text, and is a number"],
    ),
    "two spellings of tests": (
        (
            "models:\n  - name: a\n    tests: [b]\n    data_tests: [c]\n    columns:\n"
            "      - {name: x, tests: [b], data_tests: [c]}\n"
        ),
        [
            "3 Invalid test config: cannot have both 'tests' and 'data_tests' defined",
            "6 Invalid test config: cannot have both 'tests' and 'data_tests' defined",
        ],
    ),
    "columns": (
        "models:\n  - name: a\n    columns:\n      - description: x\n      - name: y\n        quote: 1\n",
        [
            "4 this column has no 'name'",
            "6 'quote' of the column 'y' must be true or false, and is a number",
        ],
    ),
    "constraints": (
        (
            "models:\n  - name: a\n    constraints: [{type: primarykey}]\n"
            "    columns: [{name: x, constraints: [{expression: y}]}]\n"
        ),
        [
            "4 this constraint has no 'type'",
            (
                "3 'type' of this constraint must be one of check, not_null, unique, primary_key,"
                " foreign_key, custom, and is 'primarykey'"
            ),
        ],
    ),
    "strict kinds refuse unknown keys": (
        "sources:\n  - name: a\n    table: []\n  - {name: b, databse: c}\n",
        [
            "3 unknown key 'table' in the source 'a'",
            "4 unknown key 'databse' in the source 'b'",
        ],
    ),
    "key at two places": (
        "models:\n  - name: a\n    meta: {x: 1}\n    config: {meta: {y: 1}}\n",
        ["3 'meta' of the entry 'a' stands in 'config' and beside it"],
    ),
    "unknown latest version": (
        "models:\n  - name: a\n    latest_version: 3\n    versions: [{v: 1}, {v: 2}]\n",
        ["3 the latest version 3 of 'a' is none of its versions: 1, 2"],
    ),
    "a version twice": (
        "models:\n  - name: a\n    versions: [{v: 1}, {v: 1}]\n",
        ["3 two versions of 'a' have one number: 1, 1"],
    ),
    "a date that is none": (
        "models:\n  - name: a\n    deprecation_date: soon\n",
        ["3 'deprecation_date' of 'a' is no date: 'soon'"],
    ),
    "time spine": (
        "models:\n  - name: a\n    time_spine: {standard_granularity_column: dy}\n    columns: [{name: day}]\n",
        [
            (
                "3 Time spine standard granularity column must be defined on the model. The model 'a' lists"
                " day, and not 'dy'"
            )
        ],
    ),
    "exposure": (
        "exposures:\n  - {name: a, type: dashbord, owner: {name: x}}\n  - {name: b, type: ml}\n",
        [
            (
                "2 'type' of the exposure 'a' must be one of dashboard, notebook, analysis, ml,"
                " application, and is 'dashbord'"
            ),
            "3 the exposure 'b' has no 'owner'",
        ],
    ),
    "unit test": (
        "unit_tests:\n  - name: a\n    model: b\n    given: [{inputs: x}]\n    expect: {rows: 3}\n",
        [
            "4 unknown key 'inputs' in this block of rows",
            "5 'rows' of this block of rows must be a list of mappings, or a text, and is a number",
        ],
    ),
    "Jinja": (
        'models:\n  - name: a\n    config: {alias: "{{ var(\'dya\') }}", schema: "{{ nope }}"}\n',
        [
            "3 Required var 'dya' not found in config:\nVars supplied here: day",
            "3 'nope' is not defined here",
        ],
    ),
}


@pytest.mark.parametrize(("text", "messages"), FAULTS.values(), ids=FAULTS.keys())
def test_faults(text: str, messages: list[str] | None, tmp_path: Path) -> None:
    faults = parse(text, tmp_path).faults
    if messages is None:
        [fault] = faults
        assert (fault.code, fault.place and fault.place.line) == ("yaml", 3)
        return
    assert sorted(f"{f.place and f.place.line} {f.message}" for f in faults) == sorted(messages)
    assert {fault.place and fault.place.file for fault in faults} == {"models/s.yml"}


def test_a_fault_in_one_entry_leaves_the_others(tmp_path: Path) -> None:
    found = parse("models:\n  - {name: a, columns: 3}\n  - {name: b}\n", tmp_path)
    assert [patch.name for patch in found.patches] == ["b"]
    assert len(found.faults) == 1


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("modles: []\n", "unknown key 'modles' at the top of the file", "did you mean 'models'?"),
        (
            "models: [{name: a, descripton: x}]\n",
            "unknown key 'descripton' in the model 'a'",
            "did you mean 'description'?",
        ),
        (
            "models: [{name: a, owner: x}]\n",
            "unknown key 'owner' in the model 'a'",
            "it has no effect; keys of your own belong under 'config: meta:'",
        ),
        (
            "models: [{name: a, columns: [{name: b, test: [unique]}]}]\n",
            "unknown key 'test' in the column 'b'",
            "did you mean 'tests'?",
        ),
        ("models: [{name: a, name: b}]\n", "the key 'name' stands twice in one mapping;", None),
    ],
)
def test_warnings(text: str, message: str, hint: str | None, tmp_path: Path) -> None:
    found = parse(text, tmp_path)
    assert found.faults == ()
    [warning] = found.warnings
    assert warning.message.startswith(message)
    assert warning.label == "Warning"
    assert hint is None or (warning.hint or "").startswith(hint)


@pytest.mark.parametrize("text", ["", "# nothing\n", "version: 2\n", "version: 2\nmodels:\n"])
def test_nothing_to_read(text: str, tmp_path: Path) -> None:
    found = parse(text, tmp_path)
    assert (found.patches, found.faults, found.warnings) == ((), (), ())


def test_what_is_rendered_and_what_waits(tmp_path: Path) -> None:
    text = """
models:
  - name: a
    description: "{{ doc('x') }}"
    config:
      alias: "a_{{ var('day') }}"
      pre-hook: "select '{{ this }}'"
      meta: {text: "ends\\n", when: 2024-01-02}
    columns:
      - name: "{{ var('day') }}"
        description: "{{ doc('y') }}"
        data_tests: [{unique: {where: "{{ var('day') }}"}}]
"""
    [patch] = parse(text, tmp_path).patches
    assert patch.description == "{{ doc('x') }}"
    assert patch.config == {
        "alias": "a_mon",
        "pre-hook": "select '{{ this }}'",
        "meta": {"text": "ends", "when": "2024-01-02"},
    }
    assert patch.columns["mon"].description == "{{ doc('y') }}"
    assert patch.tests[0].written == {"unique": {"where": "{{ var('day') }}"}}


def test_the_end_of_the_file_is_no_part_of_a_text(tmp_path: Path) -> None:
    first, last = parse(
        "models:\n  - name: a\n    description: |\n      A.\n  - name: b\n    description: |\n      B.\n\n",
        tmp_path,
    ).patches
    assert (first.description, last.description) == ("A.\n", "B.")


def test_places_of_configuration_and_tests(tmp_path: Path) -> None:
    text = "models:\n  - name: a\n    meta: {x: 1}\n    config:\n      alias: b\n    tests:\n      - c\n"
    [patch] = parse(text, tmp_path).patches
    lines = [place and place.line for place in map(patch.config.place_of, ("meta", "alias"))]
    assert lines == [3, 5]
    assert patch.tests[0].place.line == 7


def test_names_of_the_files_of_versions(tmp_path: Path) -> None:
    text = "models:\n  - name: a\n    versions: [{v: 2}, {v: 10}, {v: 1, defined_in: old}]\n"
    [patch] = parse(text, tmp_path).patches
    assert patch.latest_version == 10
    assert [version.file_names for version in patch.versions] == [
        ("a_v2",),
        ("a_v10", "a"),
        ("old",),
    ]


def test_a_singular_test_without_a_name_is_passed_over(tmp_path: Path) -> None:
    found = parse("data_tests:\n  - description: x\n", tmp_path)
    (warning,) = found.warnings
    assert warning.message == (
        "Unable to parse 'data_tests' section of file 'models/s.yml'\nEntry did not contain a name"
    )
    assert (found.patches, found.faults) == ((), ())
