"""Unit tests to the models they test: one test for each version, rows of seeds, and what dbt forbids."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

import msgspec

from tidemill.engine.nodes import DependsOn, Manifest, Model, Node, Ref, Seed, UnitTest
from tidemill.engine.parsing.references import reference_of
from tidemill.engine.parsing.unit_test_checksums import unit_test_checksum
from tidemill.errors import ParsingError, Place, did_you_mean

_IS_INCREMENTAL = "macro.dbt.is_incremental"


class LinkedUnitTests(msgspec.Struct, frozen=True):
    """What became of one entry: tests of the versions of a model, or one that is switched off."""

    enabled: tuple[UnitTest, ...] = ()
    disabled: UnitTest | None = None


def link_unit_test(test: UnitTest, manifest: Manifest, *, root: str) -> LinkedUnitTests:
    """``test`` with its model and rows. Raises ParsingError for what dbt does not allow."""
    wanted = Ref(test.model, None, test.version)
    tested = manifest.find_ref(wanted, package=test.package_name, root=root)
    if tested is None and _is_disabled(test.model, manifest):
        config = {**test.config, "enabled": False}
        return LinkedUnitTests(disabled=msgspec.structs.replace(test, config=config))
    if not isinstance(tested, Model):
        raise _error(
            test,
            f"Unable to find model '{test.package_name}.{test.model}' for unit test '{test.name}' "
            f"in {test.original_file_path}",
            hint=did_you_mean(test.model, manifest.refable),
        )
    _check_incremental(test, tested)
    given = tuple(_with_seed_rows(rows, test, manifest, root) for rows in test.given)
    linked = msgspec.structs.replace(
        test, given=given, schema=tested.schema, depends_on=_on(tested, test)
    )
    linked = msgspec.structs.replace(linked, checksum=unit_test_checksum(linked))
    return LinkedUnitTests(enabled=tuple(_by_version(linked, tested, manifest)))


def _is_disabled(name: str, manifest: Manifest) -> bool:
    resources = (resource for found in manifest.disabled.values() for resource in found)
    return any(isinstance(node, Model) and node.name == name for node in resources)


def _on(model: Node, test: UnitTest) -> DependsOn:
    return DependsOn((model.unique_id,), test.depends_on.macros)


def _check_incremental(test: UnitTest, tested: Model) -> None:
    """A test of an incremental model says which of its two ways is meant."""
    if _IS_INCREMENTAL not in tested.depends_on.macros:
        return
    overridden = ((test.overrides or {}).get("macros") or {}).get("is_incremental")
    if not isinstance(overridden, bool):
        raise _error(
            test,
            f"Boolean override for 'is_incremental' must be provided for unit test '{test.name}' in "
            f"model '{tested.name}'",
            hint="write overrides: {macros: {is_incremental: false}}",
        )
    if overridden and "this" not in {rows["input"] for rows in test.given}:
        raise _error(
            test,
            f"Unit test '{test.name}' for incremental model '{tested.name}' must have a 'this' input",
            hint="write given: [{input: this, rows: [...]}] for the rows that are there already",
        )


# -- versions --------------------------------------------------------------------------------


def _by_version(test: UnitTest, tested: Model, manifest: Manifest) -> Iterable[UnitTest]:
    versions = test.versions or {}
    if tested.version is None:
        if versions.get("include") or versions.get("exclude"):
            raise _error(
                test,
                f"Unit test '{test.name}' should not have a versions include or exclude when "
                f"referencing non-versioned model '{tested.name}'",
            )
        return [test]
    family = (tested,) if test.version is not None else _versions_of(tested, manifest)
    models = [model for model in family if _is_meant(model.version, versions)]
    if not models:
        raise _error(
            test,
            f"Unit test '{test.name}' referenced a version of '{tested.name}' which was not found.",
        )
    return [_of_version(test, model) for model in models]


def _versions_of(tested: Model, manifest: Manifest) -> tuple[Model, ...]:
    return tuple(
        node
        for node in manifest.refable.get(tested.name, ())
        if isinstance(node, Model) and node.package_name == tested.package_name
    )


def _is_meant(version: Any, versions: dict[str, Any]) -> bool:
    if versions.get("exclude"):
        return not _among(version, versions["exclude"])
    return not versions.get("include") or _among(version, versions["include"])


def _among(version: Any, wanted: Collection[Any]) -> bool:
    return str(version) in {str(entry) for entry in wanted}


def _of_version(test: UnitTest, model: Model) -> UnitTest:
    return msgspec.structs.replace(
        test,
        unique_id=f"{test.unique_id}_v{model.version}",
        version=model.version,
        depends_on=_on(model, test),
    )


# -- rows of seeds ---------------------------------------------------------------------------


def _with_seed_rows(
    rows: dict[str, Any], test: UnitTest, manifest: Manifest, root: str
) -> dict[str, Any]:
    """An input without rows takes those of the seed that it names."""
    if rows["rows"] is not None or rows["format"] != "dict":
        return rows
    reference = reference_of(rows["input"])
    seed, wanted = None, rows["input"]
    if reference is not None and reference.ref is not None:
        wanted = f"{reference.ref.package or test.package_name}.{reference.ref.name}"
        seed = manifest.find_ref(reference.ref, package=test.package_name, root=root)
    if not isinstance(seed, Seed):
        raise _error(
            test,
            f"Unable to find seed '{wanted}' for unit tests: no rows are given for this input of"
            f" '{test.name}'",
            hint="give rows, or name a seed; rows: [] means none",
        )
    return {**rows, "rows": _records(seed)}


def _records(seed: Seed) -> list[dict[str, Any]]:
    path = Path(seed.root_path or ".") / seed.original_file_path
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [dict(row) for row in csv.DictReader(file)]


def _error(test: UnitTest, message: str, hint: str | None = None) -> ParsingError:
    return ParsingError(
        message,
        code="unit-test",
        node=test.unique_id,
        place=Place(file=test.original_file_path, line=test.line),
        hint=hint,
    )
