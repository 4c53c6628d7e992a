"""What changed in an enforced contract since an earlier state, and which of it breaks those who read the model.

The rules are dbt-core 1.11's: an addition is a change, a removal is a breaking change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from tidemill.errors import CompilationError, Place
from tidemill.events import Message

Shape = Mapping[str, Any]
Warn = Callable[[Message], None]

_ENFORCED_IN = frozenset({"table", "incremental"})
_UNVERSIONED = "I071"
"""dbt's code for breaking changes to models without versions."""


class ContractBroken(CompilationError):
    """A versioned model no longer keeps what its contract promised."""

    label = "Breaking change to contract Error"
    code = "contract-broken"


def same_contract(old: Shape, new: Shape, enforced: frozenset[str], warn: Warn) -> bool:
    """Whether the contract of a model is what it was. ``enforced`` are the constraints that the warehouse keeps.

    Breaking changes are told to ``warn``; for a versioned model ContractBroken is raised.
    """
    before, now = _is_enforced(old), _is_enforced(new)
    if not before:
        return not now
    if now and new["contract"].get("checksum") == old["contract"].get("checksum"):
        return True
    breaking = list(_breaking(old, new, enforced))
    if breaking:
        _tell(new, breaking, warn)
    return False


def same_contract_removed(old: Shape, warn: Warn) -> bool:
    """The same for a model that is gone or disabled. ``old`` is how it was."""
    if not _is_enforced(old) or _is_past(old.get("deprecation_date")):
        return True
    enabled = (old.get("config") or {}).get("enabled", True)
    what = "deleted or renamed" if enabled else "disabled"
    _tell(old, [f"Contracted model '{old['unique_id']}' was {what}."], warn)
    return False


def _is_enforced(model: Shape) -> bool:
    return bool((model.get("contract") or {}).get("enforced"))


def _is_past(date: str | None) -> bool:
    if not date:
        return False
    moment = datetime.fromisoformat(str(date))
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) < datetime.now(UTC)


def _breaking(old: Shape, new: Shape, enforced: frozenset[str]) -> Iterator[str]:
    if not _is_enforced(new):
        yield (
            "Contract enforcement was removed: Previously, this model had an enforced contract. It is "
            "no longer configured to enforce its contract, and this is a breaking change."
        )
    before: Mapping[str, Shape] = old.get("columns") or {}
    now: Mapping[str, Shape] = new.get("columns") or {}
    yield from _listed(
        "Columns were removed", [before[k]["name"] for k in sorted({*before} - {*now})]
    )
    kept = [(before[key], now[key]) for key in sorted({*before} & {*now})]
    yield from _listed("Columns with data_type changes", _type_changes(kept))
    if _materialized(old) in _ENFORCED_IN:
        gone = [
            f"'{name}' constraint on column {column['name']}"
            for column, current in kept
            for name, _ in _constraints_gone(column, current, enforced)
        ]
        yield from _listed("Enforced column level constraints were removed", gone)
        gone = [
            f"'{name}' constraint on columns {constraint.get('columns')}"
            for name, constraint in _constraints_gone(old, new, enforced)
        ]
        yield from _listed("Enforced model level constraints were removed", gone)
        yield from _materialization_change(old, new)


def _materialization_change(old: Shape, new: Shape) -> Iterator[str]:
    columns: Mapping[str, Shape] = old.get("columns") or {}
    has_constraints = old.get("constraints") or any(c.get("constraints") for c in columns.values())
    if has_constraints and _materialized(new) not in _ENFORCED_IN:
        change = f"{_materialized(old)} -> {_materialized(new)}"
        yield from _listed("Materialization changed with enforced constraints", [change])


def _type_changes(columns: list[tuple[Shape, Shape]]) -> list[str]:
    """Sizes and scales are no part of a promise: ``varchar(3)`` may become ``varchar(10)``."""
    return [
        f"{old['name']} ({old.get('data_type')} -> {new.get('data_type')})"
        for old, new in columns
        if _base_type(old.get("data_type")) != _base_type(new.get("data_type"))
    ]


def _base_type(data_type: str | None) -> str | None:
    return data_type.partition("(")[0].strip().lower() if data_type else data_type


def _constraints_gone(
    old: Shape, new: Shape, enforced: frozenset[str]
) -> Iterator[tuple[str, Shape]]:
    left = [_said(constraint) for constraint in new.get("constraints") or ()]
    for constraint in old.get("constraints") or ():
        if _said(constraint) not in left and constraint["type"] in enforced:
            yield constraint.get("name") or constraint["type"], constraint


def _said(constraint: Shape) -> dict[str, Any]:
    """A constraint without what is only a default: older manifests have fewer keys."""
    defaults: dict[str, Any] = {"warn_unenforced": True, "warn_unsupported": True}
    return {k: v for k, v in constraint.items() if v not in (None, [], defaults.get(k))}


def _materialized(model: Shape) -> str:
    return str((model.get("config") or {}).get("materialized") or "")


def _listed(heading: str, entries: list[str]) -> Iterator[str]:
    if entries:
        lines = "\n    - ".join(entries)
        yield f"{heading}: \n    - {lines}"


def _tell(model: Shape, breaking: list[str], warn: Warn) -> None:
    reasons = "\n  - ".join(breaking)
    if model.get("version") is not None:
        raise ContractBroken(
            "While comparing to previous project state, dbt detected a breaking change to an enforced "
            f"contract.\n  - {reasons}",
            node=model["unique_id"],
            place=Place(file=model["original_file_path"]),
            hint="add rather than remove, or give the model a new version",
        )
    text = (
        f"Breaking change to contracted, unversioned model {model['name']} "
        f"({model['original_file_path']})\nWhile comparing to previous project state, dbt detected a "
        f"breaking change to an unversioned model.\n  - {reasons}"
    )
    warn(Message(text=text, level="warn", code=_UNVERSIONED, unique_id=model["unique_id"]))
