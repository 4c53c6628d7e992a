"""Entries of ``unit_tests`` to unit tests: inputs given, rows expected.

Rows are brought into the form in which dbt keeps them. Rows that an input takes from a seed's file are
left out (``rows`` is None), for seeds are known to those who hold the whole project.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from io import StringIO
from pathlib import PurePosixPath
from typing import Any

import msgspec

from tidemill.engine.nodes import UnitTest
from tidemill.engine.parsing.property_entries import Entry
from tidemill.engine.parsing.property_schema import Path
from tidemill.engine.parsing.unit_test_checksums import unit_test_checksum
from tidemill.engine.project.config import RuntimeConfig
from tidemill.engine.project.config_trees import configs_for, merge_configs
from tidemill.engine.project.files import ProjectFile
from tidemill.errors import Fault, ParsingError, Place
from tidemill.keys import unique_id

FindFixture = Callable[[str], ProjectFile | None]
"""The fixture file of that name in the package of the unit test."""


def make_unit_test(entry: Entry, config: RuntimeConfig, fixture: FindFixture) -> UnitTest:
    """The unit test of one entry. Raises ParsingError for rows that do not fit their format."""
    values, file = entry.values, entry.file
    folders = PurePosixPath(file.path).parts[1:-1]
    model = str(values["model"])
    fqn = (file.package, *folders, model, entry.name)
    layers = configs_for(config, "unit_tests", fqn, file.package)
    name, _, version = model.partition(" ")
    test = UnitTest(
        unique_id=unique_id("unit_test", file.package, model, entry.name),
        name=entry.name,
        model=name,
        versions=_versions(entry),
        version=version.strip().removeprefix("v") or None,
        package_name=file.package,
        path=file.relative_path,
        original_file_path=file.path,
        fqn=fqn,
        given=tuple(
            _rows(given, entry, ("given", index), fixture)
            for index, given in enumerate(values["given"])
        ),
        expect=_rows(values["expect"], entry, ("expect",), fixture),
        overrides=_overrides(values.get("overrides")),
        description=values.get("description") or "",
        config=merge_configs([*layers.own, entry.config, *layers.root], "unit_test"),
        line=entry.line,
    )
    return msgspec.structs.replace(test, checksum=unit_test_checksum(test))


def fixture_twice(first: ProjectFile, second: ProjectFile) -> Fault:
    """Two fixture files of one name: a unit test that names it cannot tell them apart."""
    return Fault(
        code="name-duplicate",
        label="Compilation Error",
        message=f'dbt found two fixtures with the name "{second.stem}".\n- {first.path}\n- {second.path}',
        place=Place(file=second.path),
        hint="rename one of them",
    )


def _versions(entry: Entry) -> dict[str, Any] | None:
    written = entry.values.get("versions")
    if written is None:
        return None
    if written.get("include") and written.get("exclude"):
        raise ParsingError(
            "a unit test names the versions to include or those to exclude, not both",
            code="unit-test-versions",
            place=entry.place_of(("versions",)),
            hint="keep 'include' or 'exclude'",
        )
    return {"include": written.get("include"), "exclude": written.get("exclude")}


def _overrides(written: dict[str, Any] | None) -> dict[str, Any] | None:
    if written is None:
        return None
    return {kind: written.get(kind) or {} for kind in ("macros", "vars", "env_vars")}


def _rows(
    written: dict[str, Any], entry: Entry, path: Path, fixture: FindFixture
) -> dict[str, Any]:
    """One input or expectation with dbt's keys, its rows as a list (or as SQL)."""
    form = written.get("format") or "dict"
    rows = written.get("rows")
    if written.get("fixture"):
        rows = _fixture_text(written["fixture"], entry, path, fixture)
    if form == "dict" and rows is not None and not isinstance(rows, list):
        raise _misfit(entry, path, form, "a list of mappings")
    if form != "dict" and not isinstance(rows, str):
        raise _misfit(entry, path, form, "a text")
    if form == "csv":
        rows = [
            {key: None if value == "" else value for key, value in row.items()}
            for row in csv.DictReader(StringIO(str(rows)))
        ]
    if isinstance(rows, list):
        rows = _complete_row_first(rows)
    start = {"input": written["input"]} if "input" in written else {}
    return {**start, "rows": rows, "format": form, "fixture": written.get("fixture")}


def _fixture_text(name: str, entry: Entry, path: Path, fixture: FindFixture) -> str:
    file = fixture(name)
    if file is None:
        raise ParsingError(
            f"there is no fixture file '{name}'",
            code="fixture-missing",
            place=entry.place_of((*path, "fixture")),
            hint="fixtures stand in the folder 'fixtures' below a test path, as .csv or .sql",
        )
    return file.read().strip()


def _misfit(entry: Entry, path: Path, form: str, wanted: str) -> ParsingError:
    return ParsingError(
        f"rows in the format '{form}' must be {wanted}",
        code="unit-test-rows",
        place=entry.place_of((*path, "rows")),
    )


def _complete_row_first(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first row without nulls changes places with the first: warehouses take types from it (dbt's rule)."""
    complete = (i for i, row in enumerate(rows) if all(v is not None for v in row.values()))
    index = next(complete, 0)
    ordered = list(rows)
    if ordered:
        ordered[0], ordered[index] = ordered[index], ordered[0]
    return ordered
