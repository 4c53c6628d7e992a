"""Which keys ``dbt_project.yml`` may have, and of which type: the neighbours' table of facts.

The keys are those of dbt-core 1.11. Checking reports every fault with its place; it changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from tidemill.engine.project.yaml_loader import Document, describe_type
from tidemill.errors import Fault, did_you_mean

SECTIONS = {
    "models": "models",
    "seeds": "seeds",
    "snapshots": "snapshots",
    "analyses": "analyses",
    "sources": "sources",
    "tests": "data_tests",
    "data_tests": "data_tests",
    "unit_tests": "unit_tests",
    "metrics": "metrics",
    "semantic-models": "semantic_models",
    "saved-queries": "saved_queries",
    "exposures": "exposures",
    "functions": "functions",
}
"""The configuration trees by their key in the file, with the name used inside."""

RESERVED_NAMES = frozenset(
    [
        "_sql_results",
        "adapter",
        "api",
        "column",
        "config",
        "context",
        "database",
        "env",
        "env_var",
        "exceptions",
        "execute",
        "flags",
        "fromjson",
        "fromyaml",
        "graph",
        "invocation_id",
        "load_agate_table",
        "load_result",
        "log",
        "model",
        "modules",
        "post_hooks",
        "pre_hooks",
        "ref",
        "render",
        "return",
        "run_started_at",
        "schema",
        "source",
        "sql",
        "sql_now",
        "store_result",
        "store_raw_result",
        "target",
        "this",
        "tojson",
        "toyaml",
        "try_or_compiler_error",
        "var",
        "write",
    ]
)
"""Names of Jinja's context, which no project may have."""

PATH_KEYS = (
    "model-paths",
    "seed-paths",
    "test-paths",
    "analysis-paths",
    "macro-paths",
    "snapshot-paths",
    "function-paths",
    "docs-paths",
    "asset-paths",
    "clean-targets",
)
RENAMED_PATHS = {"source-paths": "model-paths", "data-paths": "seed-paths"}
"""Old spellings that dbt still takes."""

QUOTING_KEYS = ("database", "schema", "identifier", "project", "snowflake_ignore_case")

Check = Callable[[Any], bool]


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _text_or_texts(value: Any) -> bool:
    return _text(value) or _texts(value)


_VERSION = re.compile(r"\d+\.\d+(\.\d+)?([-+].*)?")


def _text_or_number(value: Any) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def _version(value: Any) -> bool:
    """A number, or a text of two or three numbers, with what semantic versions allow behind them."""
    return _text_or_number(value) and (
        not isinstance(value, str) or _VERSION.fullmatch(value) is not None
    )


def _mapping(value: Any) -> bool:
    return isinstance(value, dict)


def _yes_or_no(value: Any) -> bool:
    return isinstance(value, bool)


def _list(value: Any) -> bool:
    return isinstance(value, list)


def _anything(_: Any) -> bool:
    return True


TYPES: dict[str, tuple[Check, str]] = {
    "name": (_text, "a text"),
    "config-version": (_text_or_number, "the number 2"),
    "version": (_version, "a version such as '1.0.0'"),
    "profile": (_text, "the name of a profile"),
    **dict.fromkeys((*PATH_KEYS, *RENAMED_PATHS), (_texts, "a list of folders")),
    **dict.fromkeys(("target-path", "log-path", "packages-install-path"), (_text, "a folder")),
    "quoting": (_mapping, "a mapping"),
    **dict.fromkeys(("on-run-start", "on-run-end"), (_text_or_texts, "SQL, or a list of SQL")),
    "require-dbt-version": (_text_or_texts, "a version requirement, or a list of them"),
    "dispatch": (_list, "a list of mappings"),
    **dict.fromkeys((*SECTIONS, "vars", "flags", "dbt-cloud"), (_mapping, "a mapping")),
    "packages": (_list, "a list"),
    "query-comment": (_anything, ""),
    "restrict-access": (_yes_or_no, "true or false"),
}


def check_project(values: dict[str, Any], document: Document) -> list[Fault]:
    """All that is wrong with the rendered ``values`` of a project file, with places."""
    faults = [_unknown(key, document) for key in values if key not in TYPES]
    for key, value in values.items():
        if key in TYPES and value is not None and not TYPES[key][0](value):
            faults.append(_wrong_type(key, value, document))
    if faults:
        return faults
    faults += _check_name(values.get("name"), document)
    faults += _check_renamed(values, document)
    faults += _check_quoting(values.get("quoting") or {}, document)
    faults += _check_dispatch(values.get("dispatch") or [], document)
    if values.get("tests") and values.get("data_tests"):
        faults.append(_both("tests", "data_tests", document))
    return faults


def _unknown(key: Any, document: Document) -> Fault:
    hyphenated = str(key).replace("_", "-")
    hint = f"did you mean '{hyphenated}'?" if hyphenated in TYPES else None
    return _fault(
        document,
        (key,),
        f"unknown key '{key}'",
        code="unknown-key",
        hint=hint or did_you_mean(str(key), TYPES) or f"known keys: {_words(TYPES)}",
    )


def _wrong_type(key: str, value: Any, document: Document) -> Fault:
    expected = TYPES[key][1]
    hint = None
    if expected.startswith("a list") and isinstance(value, str):
        hint = f'write {key}: ["{value}"]'
    found = f"'{value}'" if key == "version" else describe_type(value)
    message = f"'{key}' must be {expected}, and is {found}"
    if key in _SEVERAL_SHAPES:
        message = (
            f"at path ['{key}']: '{value}' is not valid under any of the given schemas\n{message}"
        )
    return _fault(document, (key,), message, code="wrong-type", hint=hint)


_SEVERAL_SHAPES = ("version", "dbt-cloud")
"""Keys of which dbt says so, since it takes more than one type for them."""


def _check_name(name: Any, document: Document) -> list[Fault]:
    if name is None:
        return [
            _fault(
                document,
                (),
                "the project has no name",
                hint="add a line such as 'name: my_project'",
            )
        ]
    if not str(name).isidentifier():
        return [
            _fault(
                document,
                ("name",),
                f"'{name}' cannot be the name of a project",
                hint="use letters, digits and underscores, and begin with a letter",
            )
        ]
    if name in RESERVED_NAMES:
        return [
            _fault(document, ("name",), f"'{name}' is a word of dbt's Jinja, not free as a name")
        ]
    return []


def _check_renamed(values: dict[str, Any], document: Document) -> list[Fault]:
    return [
        _both(old, new, document) for old, new in RENAMED_PATHS.items() if {old, new} <= {*values}
    ]


def _both(old: str, new: str, document: Document) -> Fault:
    return _fault(
        document,
        (old,),
        f"Invalid project config: cannot have both '{old}' and '{new}' defined",
        hint=f"keep '{new}'",
    )


def _check_quoting(quoting: dict[str, Any], document: Document) -> list[Fault]:
    faults = []
    for key, value in quoting.items():
        if key not in QUOTING_KEYS:
            hint = did_you_mean(str(key), QUOTING_KEYS) or f"known keys: {_words(QUOTING_KEYS)}"
            message = f"unknown key '{key}' in 'quoting'"
            faults.append(
                _fault(document, ("quoting", key), message, code="unknown-key", hint=hint)
            )
        elif value is not None and not isinstance(value, bool):
            message = f"'quoting.{key}' must be true or false, and is {describe_type(value)}"
            faults.append(_fault(document, ("quoting", key), message, code="wrong-type"))
    return faults


def _check_dispatch(entries: list[Any], document: Document) -> list[Fault]:
    return [
        _fault(
            document,
            ("dispatch", index),
            "an entry of 'dispatch' needs 'macro_namespace' and a list 'search_order'",
        )
        for index, entry in enumerate(entries)
        if not isinstance(entry, dict)
        or "macro_namespace" not in entry
        or not isinstance(entry.get("search_order"), list)
    ]


def _words(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


def _fault(
    document: Document,
    path: tuple[str | int, ...],
    message: str,
    *,
    code: str = "configuration",
    hint: str | None = None,
) -> Fault:
    return Fault(
        code=code,
        label="Runtime Error",
        message=message,
        place=document.place_of(path),
        hint=hint,
    )
