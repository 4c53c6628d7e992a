"""YAML values equal PyYAML's; faults and entries have places."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tidemill.engine.project.yaml_loader import load_mapping, load_yaml
from tidemill.errors import ParsingError, Place

EQUAL_TO_PYYAML = {
    "empty": "",
    "comment only": "# nothing\n",
    "implicit types": (
        "a: [1, 0x1F, 017, 0b11, 1_000, 1:30, 1.5, .inf, -.INF, 1e3, 1.0e+3, 0o17]\n"
        "b: [yes, No, on, OFF, true, False, y, n, ~, null, Null, '']\n"
        "c: [2024-02-29, 2024-02-29 12:30:00, '2024-02-29', 2001-12-14t21:59:43.10-05:00]\n"
        "d: [v1.0, 1.2.3, =x, <3, -, .5]\n".replace("-, ", "")
    ),
    "quoted stays text": 'a: [\'1\', "yes", \'~\', "<<"]\n"<<": text\n',
    "blocks": "a: |\n  one\n  two\nb: >-\n  one\n  two\n\nc: |+\n  x\n\n",
    "explicit tags": "a: !!str 12\nb: !!int '3'\nc: !!float 1\nd: !!binary aGVsbG8=\ne: ! 12\n",
    "collection tags": "a: !!set {x, y}\nb: !!omap [k: 1, l: 2]\nc: !!map {k: v}\n",
    "anchors": "a: &x [1, 2]\nb: *x\nc: &y text\nd: *y\n",
    "merge": (
        "one: &one {a: 1, b: 1}\ntwo: &two {b: 2, c: 2}\n"
        "x:\n  a: 9\n  <<: *one\n"
        "y:\n  <<: [*one, *two]\n  d: 4\n"
        "z:\n  <<: *one\n  <<: *two\n  b: 5\n"
        "n: &n\n  <<: *two\n  e: 1\nm:\n  <<: *n\n"
    ),
    "duplicates": "a: 1\nb: 2\na: 3\n",
    "number and bool keys": "1: a\ntrue: b\n1.5: c\n~: d\n",
    "unicode": "naïve: 'ünï🌊'\n",
    "flow": "{a: [1, {b: c}], d: {}}",
    "document marks": "---\na: 1\n...\n",
}


@pytest.mark.parametrize("text", EQUAL_TO_PYYAML.values(), ids=EQUAL_TO_PYYAML.keys())
def test_values_equal_pyyaml(text: str) -> None:
    ours, theirs = load_yaml(text, "f.yml").value, yaml.safe_load(text)
    assert repr(ours) == repr(theirs)


def test_a_list_that_holds_itself() -> None:
    value = load_yaml("&a [1, *a]", "f.yml").value
    assert value[1] is value


TEXT = """\
version: 2
models:
  - name: orders
    columns:
      - name: id
        description: key
  - {name: customers}
"""


@pytest.mark.parametrize(
    ("path", "line", "column"),
    [
        ((), 1, None),
        (("models",), 2, 1),
        (("models", 0), 3, 5),
        (("models", 0, "columns", 0, "description"), 6, 9),
        (("models", 1, "name"), 7, 6),
        (("models", 1, "missing"), 7, 5),
        (("models", 7), 2, 1),
    ],
)
def test_places_of_entries(path: tuple[str | int, ...], line: int, column: int | None) -> None:
    document = load_yaml(TEXT, "models/schema.yml")
    assert document.place_of(path) == Place(file="models/schema.yml", line=line, column=column)


def test_place_in_a_container() -> None:
    document = load_yaml(TEXT, "f.yml")
    model = document.value["models"][0]
    assert document.place_in(model, "columns") == Place(file="f.yml", line=4, column=5)
    assert document.place_in(model, "nothing") is None
    assert document.place_in({}, "name") is None


def test_merged_entries_keep_the_place_where_they_are_written() -> None:
    document = load_yaml("a: &a\n  x: 1\nb:\n  <<: *a\n  y: 2\n", "f.yml")
    assert document.place_of(("b", "x")) == Place(file="f.yml", line=2, column=3)


def test_duplicate_keys_are_warnings() -> None:
    document = load_yaml("a: 1\nb:\n  c: 1\n  c: 2\n", "f.yml")
    [warning] = document.warnings
    assert warning.message == "the key 'c' stands twice in one mapping; the last one counts"
    assert warning.place == Place(file="f.yml", line=4, column=3)
    assert warning.hint == "it stands on line 3 as well: remove one of them"


def test_overriding_a_merged_key_is_no_duplicate() -> None:
    assert load_yaml("a: &a {x: 1}\nb: {<<: *a, x: 2}\n", "f.yml").warnings == ()


@pytest.mark.parametrize(
    ("text", "words", "line", "column", "hint"),
    [
        ("a:\n\tb: 1\n", "cannot start any token", 2, 1, "indent with spaces"),
        ("a: b: c\n", "mapping values are not allowed", 1, 5, "check the indentation"),
        ("a: {{ var('x') }}\n", "unhashable key", 1, 5, "put Jinja in quotes"),
        ("a: [1, 2\nb: 1\n", "did not find expected ',' or ']'", 2, 2, "a bracket is not closed"),
        ("a: 'open\n", "unexpected end of stream", 2, 1, "a quote or bracket is not closed"),
        ("a:\n  - b\n c: 1\n", "did not find expected", 3, 2, None),
        ("a: *x\n", "undefined alias", 1, 4, "begins with '*'"),
        ("a: %x\n", "cannot start any token", 1, 4, "begins with '%'"),
        ("a: 2024-13-45\n", "month must be in 1..12", 1, 4, None),
        ("a: !custom 1\n", "could not determine a constructor", 1, 4, None),
        ("a: 1\n---\nb: 2\n", "but found another document", 2, 1, None),
        ("a: 1\nb: \x07\n", "control characters are not allowed", 2, None, "remove"),
        ("{? [a] : b}", "unhashable key", 1, 4, None),
        ("a:\n  <<: 3\n", "expected a mapping or list of mappings", 2, 7, None),
    ],
)
def test_faults_have_places_and_hints(
    text: str, words: str, line: int, column: int | None, hint: str | None
) -> None:
    with pytest.raises(ParsingError) as caught:
        load_yaml(text, "models/schema.yml")
    fault = caught.value.fault
    assert words in fault.message
    assert fault.place == Place(file="models/schema.yml", line=line, column=column)
    if hint is not None:
        assert hint in (fault.hint or "")


def test_too_deep_nesting_is_a_fault() -> None:
    with pytest.raises(ParsingError):
        load_yaml("[" * 5000, "f.yml")


def test_a_file_that_must_be_a_mapping() -> None:
    assert load_mapping("", "f.yml").value == {}
    with pytest.raises(ParsingError, match="holds a list where a mapping is expected"):
        load_mapping("- a\n", "f.yml")


def test_this_repository_s_yaml_equals_pyyaml() -> None:
    for path in Path("tests/projects").rglob("*.yml"):
        text = path.read_text(encoding="utf-8")
        assert load_yaml(text, str(path)).value == yaml.safe_load(text), path
