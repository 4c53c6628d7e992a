"""Entries of models, seeds, snapshots, analyses, singular tests and macros to patches.

Versions of a model become patches of their own, with what they take over from the model filled in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from tidemill.engine.nodes import Column, MacroArgument
from tidemill.engine.parsing.property_columns import column_tags, columns_of, constraints_of
from tidemill.engine.parsing.property_entries import Entry, MacroPatch, Patch, TestEntry, Version
from tidemill.engine.parsing.property_schema import Path
from tidemill.engine.parsing.time_spines import time_spine_of
from tidemill.engine.project.config_trees import Layer
from tidemill.errors import ParsingError, did_you_mean

MOVED_KEYS = ("meta", "docs", "group", "contract", "access")
"""Keys that may stand at the top of an entry instead of in its ``config``."""
_ALL = ("all", "*")


def make_patch(entry: Entry) -> Patch:
    """The patch of a checked entry. Raises ParsingError with the place for what contradicts itself."""
    values = entry.values
    patch = Patch(
        section=entry.section,
        name=entry.name,
        package=entry.file.package,
        file=entry.file.path,
        place=entry.place,
        description=values.get("description") or "",
        columns=columns_of(values.get("columns")),
        config=_config(entry),
        unrendered=entry.written.get("config") or {},
        tests=entries_of_tests(values, entry, ()),
        constraints=constraints_of(values.get("constraints"), of_model=True),
        deprecation_date=_date(values.get("deprecation_date"), entry, ("deprecation_date",)),
        time_spine=time_spine_of(values, entry),
        arguments=tuple(values.get("arguments") or ()),
        returns=values.get("returns"),
        relation=values.get("relation"),
    )
    if entry.section != "models" or not values.get("versions"):
        return patch
    return _with_versions(patch, entry)


def make_macro_patch(entry: Entry) -> MacroPatch:
    """The patch of a checked entry in ``macros``."""
    values, config = entry.values, entry.values.get("config") or {}
    docs = config.get("docs") or values.get("docs") or {}
    return MacroPatch(
        name=entry.name,
        package=entry.file.package,
        file=entry.file.path,
        place=entry.place,
        description=values.get("description") or "",
        arguments=tuple(
            MacroArgument(
                name=str(argument["name"]),
                type=argument.get("type"),
                description=argument.get("description") or "",
            )
            for argument in values.get("arguments") or ()
        ),
        config={
            "meta": {**(values.get("meta") or {}), **(config.get("meta") or {})},
            "docs": {"show": docs.get("show", True), "node_color": docs.get("node_color")},
        },
    )


def entries_of_tests(
    values: Mapping[str, Any],
    entry: Entry,
    path: Path,
    *,
    quote_columns: bool | None = None,
    tags: tuple[str, ...] = (),
    columns_first: bool = True,
) -> tuple[TestEntry, ...]:
    """The tests under a node or table and under its columns, in dbt's order.

    ``path`` leads to ``values`` inside the entry. ``tags`` pass to every test.
    """
    quote_columns = values.get("quote_columns") if quote_columns is None else quote_columns
    of_columns = [
        test
        for index, column in enumerate(values.get("columns") or ())
        for test in _column_tests(column, entry, (*path, "columns", index), quote_columns, tags)
    ]
    of_node = list(_tests(values, entry, path, tags=tags))
    return tuple(of_columns + of_node if columns_first else of_node + of_columns)


def _column_tests(
    column: Mapping[str, Any],
    entry: Entry,
    path: Path,
    quote_columns: bool | None,
    tags: tuple[str, ...],
) -> Iterable[TestEntry]:
    quote = column.get("quote")
    return _tests(
        column,
        entry,
        path,
        column=column.get("name"),
        quote=bool(quote or (quote is None and quote_columns)),
        tags=(*tags, *column_tags(column)),
    )


def _tests(
    values: Mapping[str, Any],
    entry: Entry,
    path: Path,
    *,
    column: str | None = None,
    quote: bool = False,
    tags: tuple[str, ...] = (),
) -> Iterable[TestEntry]:
    key = "data_tests" if values.get("data_tests") else "tests"
    for index, written in enumerate(values.get(key) or ()):
        yield TestEntry(
            written=written,
            place=entry.place_of((*path, key, index)),
            column=column,
            quote=quote,
            tags=tags,
        )


def _config(entry: Entry) -> Layer:
    """``config`` with the keys that may stand beside it. Raises ParsingError for one in both places."""
    values = dict(entry.values.get("config") or {})
    top = [key for key in MOVED_KEYS if key in entry.values]
    for key in top:
        if key in values:
            raise ParsingError(
                f"'{key}' of the entry '{entry.name}' stands in 'config' and beside it",
                code="two-places",
                place=entry.place_of((key,)),
                hint="keep the one in 'config'",
            )
        values[key] = entry.values[key]
    return Layer(values, lambda key: entry.place_of((key,) if key in top else ("config", key)))


def _with_versions(patch: Patch, entry: Entry) -> Patch:
    import msgspec

    written = entry.values["versions"]
    numbers = [version["v"] for version in written]
    latest = entry.values.get("latest_version")
    if latest is None:
        latest = max(numbers, key=_version_order)
    elif latest not in numbers:
        raise ParsingError(
            f"the latest version {latest} of '{entry.name}' is none of its versions:"
            f" {', '.join(map(str, numbers))}",
            code="version-unknown",
            place=entry.place_of(("latest_version",)),
            hint=did_you_mean(str(latest), map(str, numbers)),
        )
    versions = tuple(
        _version(patch, entry, version, index, latest) for index, version in enumerate(written)
    )
    if len({str(number) for number in numbers}) < len(numbers):
        raise ParsingError(
            f"two versions of '{entry.name}' have one number: {', '.join(map(str, numbers))}",
            code="version-twice",
            place=entry.place_of(("versions",)),
        )
    return msgspec.structs.replace(patch, versions=versions, latest_version=latest)


def _version(
    model: Patch, entry: Entry, values: Mapping[str, Any], index: int, latest: Version
) -> Patch:
    path = ("versions", index)
    tests_key = any(values.get(key) is not None for key in ("tests", "data_tests"))
    inherited = {} if tests_key else _only_tests(entry.values)
    columns, column_tests = _version_columns(model, entry, values, path)
    deprecated = values.get("deprecation_date")
    return Patch(
        section=model.section,
        name=model.name,
        package=model.package,
        file=model.file,
        place=entry.place_of(path),
        description=values.get("description") or model.description,
        columns=columns,
        config=_version_config(model, entry, values, path),
        unrendered=entry.written["versions"][index].get("config") or {},
        tests=(
            *column_tests,
            *_tests(values, entry, path),
            *_tests(inherited, entry, ()),
        ),
        constraints=constraints_of(values.get("constraints"), of_model=True) or model.constraints,
        deprecation_date=_date(deprecated, entry, (*path, "deprecation_date")),
        version=values["v"],
        latest_version=latest,
        defined_in=values.get("defined_in"),
    )


def _only_tests(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: values[key] for key in ("tests", "data_tests") if key in values}


def _version_columns(
    model: Patch, entry: Entry, values: Mapping[str, Any], path: Path
) -> tuple[dict[str, Column], list[TestEntry]]:
    """The model's columns that the version takes over, then its own; with the tests of both."""
    rule: Mapping[str, Any] = {"include": "all"}
    own: list[tuple[int, Mapping[str, Any]]] = []
    for index, column in enumerate(values.get("columns") or ()):
        if "include" in column or "exclude" in column:
            rule = {"include": "all", **column}
        else:
            own.append((index, column))
    taken = [
        (index, column)
        for index, column in enumerate(entry.values.get("columns") or ())
        if _includes(rule, str(column.get("name")))
    ]
    quote = entry.values.get("quote_columns")
    tests: list[TestEntry] = []
    for index, column in taken:
        tests += _column_tests(column, entry, ("columns", index), quote, ())
    for index, column in own:
        tests += _column_tests(column, entry, (*path, "columns", index), quote, ())
    kept = {
        name: model.columns[name] for _, c in taken if (name := str(c["name"])) in model.columns
    }
    return {**kept, **columns_of(column for _, column in own)}, tests


def _includes(rule: Mapping[str, Any], name: str) -> bool:
    include = rule["include"]
    return (include in _ALL or name in include) and name not in (rule.get("exclude") or ())


def _version_config(model: Patch, entry: Entry, values: Mapping[str, Any], path: Path) -> Layer:
    """The model's configuration under the version's, mappings merged at every depth."""
    own = dict(values.get("config") or {})
    for key in ("access", "docs"):
        if values.get(key) is not None:
            own[key] = values[key]

    def place_of(key: str) -> Any:
        return entry.place_of((*path, "config", key)) if key in own else model.config.place_of(key)

    return Layer(_deep_merged(model.config, own), place_of)


def _deep_merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in over.items():
        known = merged.get(key)
        both = isinstance(known, dict) and isinstance(value, dict)
        merged[key] = _deep_merged(known or {}, value) if both else value
    return merged


def _version_order(version: Version) -> tuple[bool, float, str]:
    """Numbers by size; texts after them, by letter."""
    try:
        return (False, float(version), "")
    except ValueError:
        return (True, 0.0, str(version))


def _date(value: Any, entry: Entry, path: Path) -> str | None:
    """A date in ISO form, at midnight here where it says no more (dbt's rule)."""
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value.isoformat() if isinstance(value, date) else value)
    except (TypeError, ValueError):
        raise ParsingError(
            f"'deprecation_date' of '{entry.name}' is no date: {value!r}",
            code="date",
            place=entry.place_of(path),
            hint="write it as 2026-12-31",
        ) from None
    return (moment if moment.tzinfo else moment.astimezone()).isoformat()
