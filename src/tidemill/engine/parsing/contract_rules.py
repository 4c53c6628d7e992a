"""What dbt asks of models that a properties file describes: where contracts and primary keys may be declared."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tidemill.engine.nodes import Manifest, Model
from tidemill.engine.parsing.linking import located
from tidemill.errors import Fault, ParsingError, Place

_ENFORCING = frozenset({"table", "incremental"})
"""Materialisations whose tables keep constraints."""


def contract_faults(manifest: Manifest) -> Iterator[Fault]:
    """Contracts without columns or on Python models, and primary keys that are declared twice."""
    for model in _described(manifest):
        for heading, problems in (
            ("Contract enforcement failed for", [*_contract_problems(model)]),
            ("Primary key constraint error", [*_key_problems(model)]),
        ):
            if problems:
                message = "\n".join([f"{heading}: ({model.original_file_path})", *problems])
                yield located(ParsingError(message, code="contract"), model)


def contract_notices(manifest: Manifest) -> Iterator[Fault]:
    """A warning for each contract whose constraints the materialisation cannot keep."""
    for model in _described(manifest):
        warns = any(constraint.get("warn_unsupported", True) for constraint in _all(model))
        if _is_enforced(model) and warns and model.materialized not in _ENFORCING:
            yield Fault(
                code="constraint-unsupported",
                label="Warning",
                message=f"Constraint types are not supported for {model.materialized} materializations"
                " and will be ignored",
                place=Place(file=model.original_file_path),
                hint="set 'warn_unsupported: false' on the constraint to hear no more of it",
            )


def _described(manifest: Manifest) -> Iterator[Model]:
    for node in manifest.nodes.values():
        if isinstance(node, Model) and node.patch_path is not None:
            yield node


def _is_enforced(model: Model) -> bool:
    return bool((model.config.get("contract") or {}).get("enforced"))


def _contract_problems(model: Model) -> Iterator[str]:
    if not _is_enforced(model):
        return
    if not model.columns:
        yield "Constraints must be defined in a `yml` schema configuration file: there are no columns."
    if model.language != "sql":
        yield f"Language Error: Expected 'sql' but found '{model.language}'"


def _key_problems(model: Model) -> Iterator[str]:
    keys = [column.name for column in model.columns.values() if _has_key(column.constraints)]
    if len(keys) > 1:
        yield (
            f"Found {len(keys)} columns ({keys}) with primary key constraints defined. Write one "
            "primary key for the model, with these columns."
        )
    if keys and _has_key(model.constraints):
        yield (
            "Primary key constraints defined at the model level and the columns level. Keep one of "
            "them."
        )


def _has_key(constraints: Any) -> bool:
    return any(constraint.get("type") == "primary_key" for constraint in constraints)


def _all(model: Model) -> list[dict[str, Any]]:
    of_columns = (item for column in model.columns.values() for item in column.constraints)
    return [*of_columns, *model.constraints]
