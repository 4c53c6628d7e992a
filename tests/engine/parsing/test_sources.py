"""What a source table takes over from its source, freshness above all, and overrides of packages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.engine.parsing import harbour
from tidemill.engine.parsing.properties import parse_properties
from tidemill.engine.parsing.source_freshness import merged_freshness
from tidemill.engine.parsing.sources import Sources, make_sources
from tidemill.engine.project.config_context import ConfigContext
from tidemill.engine.project.files import ProjectFile

HOUR = {"count": 1, "period": "hour"}
DAY = {"count": 2, "period": "day"}
NONE = {"count": None, "period": None}


@pytest.mark.parametrize(
    ("source", "table", "merged"),
    [
        ({}, {}, {}),
        ({"freshness": {"filter": "x"}}, {}, {}),
        (
            {"freshness": {"warn_after": HOUR}},
            {},
            {"warn_after": HOUR, "error_after": NONE, "filter": None},
        ),
        (
            {"freshness": {"warn_after": HOUR, "filter": "x"}},
            {"freshness": {"error_after": DAY}},
            {"warn_after": HOUR, "error_after": DAY, "filter": "x"},
        ),
        (
            {"config": {"freshness": {"warn_after": HOUR}}},
            {"config": {"freshness": {"warn_after": {"count": 9}}}},
            {"warn_after": HOUR, "error_after": NONE, "filter": None},
        ),
        (
            {"freshness": {"warn_after": HOUR, "error_after": DAY}},
            {"freshness": {"warn_after": None}},
            {"warn_after": None, "error_after": DAY, "filter": None},
        ),
        ({"freshness": {"warn_after": HOUR}}, {"freshness": None}, None),
        ({"freshness": {"warn_after": HOUR}}, {"config": {"freshness": None}}, None),
        ({"freshness": None}, {}, None),
        (
            {"freshness": None},
            {"config": {"freshness": {"warn_after": HOUR}}},
            {"warn_after": HOUR, "error_after": NONE, "filter": None},
        ),
    ],
)
def test_freshness(
    source: dict[str, Any], table: dict[str, Any], merged: dict[str, Any] | None
) -> None:
    assert merged_freshness(source, table) == merged


def _sources(text: str, root: Path, package: str = "harbour") -> Sources:
    (root / "s.yml").write_text(text, encoding="utf-8")
    file = ProjectFile(package=package, path="s.yml", relative_path="s.yml", root=root)
    found = parse_properties(file, ConfigContext(env={}))
    assert found.faults == ()
    return make_sources(found.sources, harbour.config())


@pytest.mark.parametrize(
    ("text", "loaded_at"),
    [
        ("{loaded_at_field: a, tables: [{name: t}]}", ("a", None)),
        ("{config: {loaded_at_query: q}, tables: [{name: t}]}", (None, "q")),
        ("{loaded_at_query: q, tables: [{name: t, loaded_at_field: b}]}", ("b", None)),
        ("{loaded_at_field: a, tables: [{name: t, loaded_at_field: null}]}", (None, None)),
        ("{loaded_at_field: a, tables: [{name: t, loaded_at_query: q}]}", ("a", "q")),
    ],
)
def test_loaded_at(text: str, loaded_at: tuple[str | None, str | None], tmp_path: Path) -> None:
    [source] = _sources(f"sources: [{{name: s, {text[1:]}]\n", tmp_path).sources
    assert (source.config["loaded_at_field"], source.config["loaded_at_query"]) == loaded_at


def test_both_ways_to_tell_when_a_table_was_loaded(tmp_path: Path) -> None:
    text = "sources:\n  - name: s\n    tables:\n      - {name: t, loaded_at_field: a, loaded_at_query: q}\n"
    [fault] = _sources(text, tmp_path).faults
    assert fault.message == "the table has 'loaded_at_field' as well as 'loaded_at_query'"
    assert fault.place is not None
    assert fault.place.line == 4


def test_an_empty_field(tmp_path: Path) -> None:
    text = "sources:\n  - name: s\n    tables:\n      - {name: t, loaded_at_field: ''}\n"
    [fault] = _sources(text, tmp_path).faults
    assert fault.message == "loaded_at_field cannot be an empty string."


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("freshness: {warn_after: {count: 1, period: day}}", ["freshness-unknowable"]),
        ("freshness: {warn_after: {count: 1, period: day}}, loaded_at_field: at", []),
        ("freshness: null", []),
        ("config: {enabled: false, freshness: {warn_after: {count: 1, period: day}}}", []),
    ],
)
def test_freshness_that_cannot_be_told(tmp_path: Path, table: str, expected: list[str]) -> None:
    made = _sources(f"sources: [{{name: s, tables: [{{name: t, {table}}}]}}]\n", tmp_path)
    assert [warning.code for warning in made.warnings] == expected


def _overridden(root: Path, theirs: str, ours: str) -> Sources:
    entries = []
    for package, text in (("tools", theirs), ("harbour", ours)):
        (root / package).mkdir()
        (root / package / "s.yml").write_text(text, encoding="utf-8")
        file = ProjectFile(
            package=package, path="s.yml", relative_path="s.yml", root=root / package
        )
        entries += parse_properties(file, ConfigContext(env={})).sources
    return make_sources(entries, harbour.config())


DAY, UNSET = {"count": 1, "period": "day"}, {"count": None, "period": None}


@pytest.mark.parametrize(
    ("source", "table", "expected"),
    [
        ("", "freshness: null", {"t": None, "u": UNSET}),
        ("freshness: null, ", "", {"t": None, "u": None}),
        ("freshness: {error_after: {count: 1, period: day}}, ", "", {"t": DAY, "u": DAY}),
        ("", "freshness: {error_after: {count: 1, period: day}}", {"t": DAY, "u": UNSET}),
    ],
)
def test_an_override_replaces_freshness(
    tmp_path: Path, source: str, table: str, expected: dict[str, Any]
) -> None:
    old = "freshness: {error_after: {count: 1, period: hour}}"
    theirs = f"sources: [{{name: s, {old}, tables: [{{name: t, {old}}}, {{name: u}}]}}]\n"
    ours = f"sources: [{{name: s, overrides: tools, {source}tables: [{{name: t, {table}}}]}}]\n"
    made = _overridden(tmp_path, theirs, ours)
    found = {s.name: (s.config.get("freshness") or {}).get("error_after") for s in made.sources}
    assert found == expected


def test_a_source_is_overridden_once(tmp_path: Path) -> None:
    theirs = "sources: [{name: s, tables: [{name: t}]}]\n"
    ours = "sources:\n  - {name: s, overrides: tools}\n  - {name: s, overrides: tools}\n"
    [fault] = _overridden(tmp_path, theirs, ours).faults
    assert fault.message == (
        "dbt found two schema.yml entries for the same source named s in package tools. Sources may "
        "only be overridden a single time.\n  s.yml:2:5\n  s.yml:3:5"
    )


def test_an_override_changes_the_source_of_a_package(tmp_path: Path) -> None:
    theirs = "sources: [{name: s, schema: old, description: d, tables: [{name: t, description: x}, {name: u}]}]\n"
    ours = (
        "sources:\n  - {name: s, overrides: tools, schema: new, tables: [{name: t, identifier: tt}]}\n"
        "  - {name: none, overrides: tools}\n"
    )
    made = _overridden(tmp_path, theirs, ours)
    facts = [(s.unique_id, s.schema, s.identifier, s.description) for s in made.sources]
    assert facts == [
        ("source.tools.s.t", "new", "tt", "x"),
        ("source.tools.s.u", "new", "u", ""),
    ]
    assert [warning.message for warning in made.warnings] == [
        "there is no source 'none' in the package 'tools' to override"
    ]
