"""Which keys the entries of property files may have, and of which type: a table of facts about dbt.

``check_entry`` says everything that is wrong with one entry. Where dbt refuses an unknown key it is a
fault; where dbt lets it through without reading it, it is a warning, so that a slip is seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from tidemill.engine.project.yaml_loader import Document, describe_type
from tidemill.errors import Fault, did_you_mean

Path = tuple[str | int, ...]
Check = tuple[Callable[[Any], bool], str]


def _list_of(*types: type) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and all(isinstance(item, types) for item in value)


def _is(*types: type) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, types)


TEXT: Check = (_is(str), "a text")
YES_NO: Check = (_is(bool), "true or false")
MAPPING: Check = (_is(dict), "a mapping")
MAPPINGS: Check = (_list_of(dict), "a list of mappings")
TEXT_OR_TEXTS: Check = (
    lambda value: isinstance(value, str) or _list_of(str)(value),
    "a text, or a list of texts",
)
TEXTS: Check = (_list_of(str), "a list of texts")
TESTS: Check = (_list_of(str, dict), "a list of tests")
VERSION: Check = (_is(str, int, float), "a number or a text")
ANYTHING: Check = (lambda _: True, "")
ROWS: Check = (
    lambda value: isinstance(value, str) or _list_of(dict)(value),
    "a list of mappings, or a text",
)


def _one_of(*words: str) -> Check:
    return (lambda value: value in words, "one of " + ", ".join(words))


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """The keys of one kind of entry."""

    label: str
    required: tuple[str, ...] = ("name",)
    keys: dict[str, Check] = {}
    strict: bool = False
    """Whether dbt refuses keys that it does not know."""


_DESCRIBED: dict[str, Check] = {
    "name": TEXT,
    "description": TEXT,
    "meta": MAPPING,
    "data_type": TEXT,
    "constraints": MAPPINGS,
    "docs": MAPPING,
    "config": MAPPING,
}
_TESTED: dict[str, Check] = {**_DESCRIBED, "data_tests": TESTS, "tests": TESTS}
_PATCHED: dict[str, Check] = {
    **_TESTED,
    "columns": MAPPINGS,
    "quote_columns": YES_NO,
    "access": TEXT,
    "group": TEXT,
    "contract": MAPPING,
}
_FRESHNESS: dict[str, Check] = {
    "freshness": MAPPING,
    "loaded_at_field": TEXT,
    "loaded_at_query": TEXT,
    "quoting": MAPPING,
    "tags": TEXTS,
}
_VERSIONED: dict[str, Check] = {
    "access": TEXT,
    "columns": MAPPINGS,
    "config": MAPPING,
    "constraints": MAPPINGS,
    "data_tests": TESTS,
    "deprecation_date": ANYTHING,
    "description": TEXT,
    "docs": MAPPING,
    "tests": TESTS,
}

COLUMN = Shape(
    label="column",
    keys={**_TESTED, "quote": YES_NO, "tags": TEXTS, "granularity": TEXT, "policy_tags": ANYTHING},
)
VERSION_SHAPE = Shape(
    label="version",
    required=("v",),
    keys={**_VERSIONED, "v": VERSION, "defined_in": TEXT},
    strict=True,
)
TABLE = Shape(
    label="table",
    keys={**_TESTED, **_FRESHNESS, "columns": MAPPINGS, "identifier": TEXT, "external": MAPPING},
)
CONSTRAINT = Shape(
    label="constraint",
    required=("type",),
    keys={
        "type": _one_of("check", "not_null", "unique", "primary_key", "foreign_key", "custom"),
        "name": TEXT,
        "expression": TEXT,
        "warn_unenforced": YES_NO,
        "warn_unsupported": YES_NO,
        "to": TEXT,
        "to_columns": TEXTS,
        "columns": TEXTS,
    },
)
MACRO_ARGUMENT = Shape(
    label="argument", keys={"name": TEXT, "type": TEXT, "description": TEXT}, strict=True
)
UNIT_TEST_ROWS = Shape(
    label="block of rows",
    required=(),
    keys={
        "input": TEXT,
        "rows": ROWS,
        "format": _one_of("dict", "csv", "sql"),
        "fixture": TEXT,
    },
    strict=True,
)

SHAPES: dict[str, Shape] = {
    "models": Shape(
        label="model",
        keys={
            **_PATCHED,
            "latest_version": VERSION,
            "versions": MAPPINGS,
            "deprecation_date": ANYTHING,
            "time_spine": MAPPING,
        },
    ),
    "seeds": Shape(label="seed", keys=_PATCHED),
    "snapshots": Shape(label="snapshot", keys={**_PATCHED, "relation": TEXT}),
    "functions": Shape(
        label="function", keys={**_PATCHED, "arguments": MAPPINGS, "returns": MAPPING}
    ),
    "analyses": Shape(
        label="analysis", keys={**_DESCRIBED, "columns": MAPPINGS, "access": TEXT, "group": TEXT}
    ),
    "data_tests": Shape(label="data test", keys=_DESCRIBED),
    "macros": Shape(label="macro", keys={**_DESCRIBED, "arguments": MAPPINGS}),
    "sources": Shape(
        label="source",
        keys={
            "name": TEXT,
            "description": TEXT,
            "meta": MAPPING,
            "database": TEXT,
            "schema": TEXT,
            "loader": TEXT,
            "tables": MAPPINGS,
            "config": MAPPING,
            "overrides": TEXT,
            **_FRESHNESS,
        },
        strict=True,
    ),
    "exposures": Shape(
        label="exposure",
        required=("name", "type", "owner"),
        keys={
            "name": TEXT,
            "type": _one_of("dashboard", "notebook", "analysis", "ml", "application"),
            "owner": MAPPING,
            "description": TEXT,
            "label": TEXT,
            "maturity": _one_of("low", "medium", "high"),
            "meta": MAPPING,
            "tags": TEXTS,
            "url": TEXT,
            "depends_on": TEXTS,
            "config": MAPPING,
        },
        strict=True,
    ),
    "metrics": Shape(
        label="metric",
        required=("name", "label", "type", "type_params"),
        keys={
            "name": TEXT,
            "label": TEXT,
            "type": _one_of("simple", "ratio", "cumulative", "derived", "conversion"),
            "type_params": MAPPING,
            "description": TEXT,
            "filter": TEXT_OR_TEXTS,
            "time_granularity": TEXT,
            "meta": MAPPING,
            "tags": TEXTS,
            "config": MAPPING,
        },
        strict=True,
    ),
    "semantic_models": Shape(
        label="semantic model",
        required=("name", "model"),
        keys={
            "name": TEXT,
            "model": TEXT,
            "config": MAPPING,
            "description": TEXT,
            "label": TEXT,
            "defaults": MAPPING,
            **dict.fromkeys(("entities", "measures", "dimensions"), MAPPINGS),
            "primary_entity": TEXT,
        },
        strict=True,
    ),
    "saved_queries": Shape(
        label="saved query",
        required=("name", "query_params"),
        keys={
            "name": TEXT,
            "query_params": MAPPING,
            "description": TEXT,
            "label": TEXT,
            "exports": MAPPINGS,
            "config": MAPPING,
            "tags": TEXT_OR_TEXTS,
        },
        strict=True,
    ),
    "groups": Shape(
        label="group",
        required=("name", "owner"),
        keys={"name": TEXT, "owner": MAPPING, "description": TEXT, "config": MAPPING},
        strict=True,
    ),
    "unit_tests": Shape(
        label="unit test",
        required=("name", "model", "given", "expect"),
        keys={
            "name": TEXT,
            "model": TEXT,
            "given": MAPPINGS,
            "expect": MAPPING,
            "description": TEXT,
            "overrides": MAPPING,
            "config": MAPPING,
            "versions": MAPPING,
        },
        strict=True,
    ),
}
"""Sections whose entries are read in full."""

TOP_KEYS = (*SHAPES, "version", "anchors")


class Checked(msgspec.Struct, frozen=True):
    """What a check found."""

    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()

    def __add__(self, other: Checked) -> Checked:
        if not other.faults and not other.warnings:
            return self
        return Checked((*self.faults, *other.faults), (*self.warnings, *other.warnings))


_NOTHING = Checked()


def check_entry(entry: dict[str, Any], shape: Shape, path: Path, document: Document) -> Checked:
    """Missing keys, wrong types and unknown keys of one rendered entry, with their places."""
    found = _NOTHING
    for key in shape.required:
        if entry.get(key) is None:
            message = f"{_title(entry, shape)} has no '{key}'"
            found += Checked((_fault(document, path, message, "missing-key"),))
    keys = shape.keys
    for key, value in entry.items():
        check = keys.get(key)
        if check is None:
            found += _unknown(key, shape, _title(entry, shape), path, document)
        elif value is not None and not check[0](value):
            title = _title(entry, shape)
            found += Checked((_wrong_type(key, value, shape, title, path, document),))
    return found


def both_spellings(entry: dict[str, Any], path: Path, document: Document) -> Checked:
    """A fault when an entry has ``tests`` as well as ``data_tests``."""
    if entry.get("tests") and entry.get("data_tests"):
        message = "Invalid test config: cannot have both 'tests' and 'data_tests' defined"
        return Checked((_fault(document, (*path, "tests"), message, "two-spellings"),))
    return Checked()


def _unknown(key: Any, shape: Shape, title: str, path: Path, document: Document) -> Checked:
    hint = did_you_mean(str(key), shape.keys)
    message = f"unknown key '{key}' in {title}"
    place = (*path, key)
    if shape.strict:
        hint = hint or f"known keys: {_words(shape.keys)}"
        return Checked((_fault(document, place, message, "unknown-key", hint),))
    # Columns and tables may carry keys for other tools; only what looks like a slip is worth a word.
    if hint is None and shape.label in {"column", "table", "constraint"}:
        return Checked()
    hint = hint or "it has no effect; keys of your own belong under 'config: meta:'"
    warning = msgspec.structs.replace(
        _fault(document, place, message, "unknown-key", hint), label="Warning"
    )
    return Checked((), (warning,))


def _wrong_type(
    key: str, value: Any, shape: Shape, title: str, path: Path, document: Document
) -> Fault:
    words = shape.keys[key][1]
    found = describe_type(value)
    if isinstance(value, str) and words.startswith("one of"):
        found = f"'{value}'"
    hint = (
        did_you_mean(value, words.removeprefix("one of ").split(", ")) if found[0] == "'" else None
    )
    if words == "a text" and isinstance(value, int | float):
        hint = f'put it in quotes: "{value}"'
    message = f"'{key}' of {title} must be {words}, and is {found}"
    return _fault(document, (*path, key), message, "wrong-type", hint)


def _title(entry: dict[str, Any], shape: Shape) -> str:
    name = entry.get("name", entry.get("v"))
    return f"the {shape.label} '{name}'" if name is not None else f"this {shape.label}"


def _words(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


def _fault(
    document: Document, path: Path, message: str, code: str, hint: str | None = None
) -> Fault:
    return Fault(
        code=code,
        label="Parsing Error",
        message=message,
        place=document.place_of(path),
        hint=hint,
    )
