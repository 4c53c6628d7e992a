"""What relations are made of: the parts of a name, policies for them, and the kinds of relation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple, Self

import msgspec

from tidemill.errors import CompilationError

PARTS = ("database", "schema", "identifier")
"""The parts of a relation's name, in the order in which they are rendered."""


class RelationType(StrEnum):
    """dbt's kinds of relation. Members equal their text: ``RelationType.View == "view"``."""

    Table = "table"
    View = "view"
    CTE = "cte"
    MaterializedView = "materialized_view"
    Ephemeral = "ephemeral"
    External = "external"
    PointerTable = "pointer_table"
    Function = "function"


class MappingLike(msgspec.Struct, frozen=True):
    """Item access beside attribute access, as Jinja code uses both on dbt's objects."""

    def __getitem__(self, key: str) -> Any:
        try:
            return getattr(self, key)
        except (AttributeError, TypeError):
            raise KeyError(key) from None

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and hasattr(self, key)

    def get(self, key: str, default: Any = None) -> Any:
        """The attribute ``key``, or ``default``."""
        try:
            return self[key]
        except KeyError:
            return default

    def replace(self, **changes: Any) -> Self:
        """A copy with some fields changed."""
        return msgspec.structs.replace(self, **changes)

    def to_dict(self, omit_none: bool = False) -> dict[str, Any]:
        """The fields as plain dictionaries."""
        value: dict[str, Any] = msgspec.to_builtins(self, str_keys=True)
        return {k: v for k, v in value.items() if v is not None} if omit_none else value


class Path(MappingLike, frozen=True):
    """The three parts of a name. Raises CompilationError for a part that is not text."""

    database: str | None = None
    schema: str | None = None
    identifier: str | None = None

    def __post_init__(self) -> None:
        # Jinja's Undefined gets in here when a macro passes a name that does not exist.
        for part in PARTS:
            value = getattr(self, part)
            if value is not None and not isinstance(value, str):
                raise CompilationError(
                    f"the {part} of a relation must be text, not {_describe(value)}",
                    code="relation-path",
                )


class Policy(MappingLike, frozen=True):
    """A yes or no for each part of a name: whether it is quoted, or included."""

    database: bool = True
    schema: bool = True
    identifier: bool = True


class EventTimeFilter(MappingLike, frozen=True):
    """Rows of a period only: from ``start`` (inclusive) to ``end`` (exclusive)."""

    field_name: str
    start: datetime | str | None = None
    end: datetime | str | None = None

    def condition(self) -> str:
        """The filter as SQL, empty when it has no bound."""
        bounds = ((">=", self.start), ("<", self.end))
        return " and ".join(f"{self.field_name} {op} '{value}'" for op, value in bounds if value)


class FunctionConfig(MappingLike, frozen=True):
    """What dbt's macros ask of a function's configuration."""

    language: str
    type: str
    runtime_version: str | None = None
    entry_point: str | None = None


class SourceTable(NamedTuple):
    """What an adapter may need of a source table to name it (for instance a file's location)."""

    name: str
    source_name: str
    database: str | None
    schema: str
    identifier: str
    meta: Mapping[str, Any] = {}
    """The source's meta, with entries of its config that dbt does not know laid over it."""
    tags: Sequence[str] = ()


def _describe(value: object) -> str:
    if type(value).__name__.endswith("Undefined"):
        name = getattr(value, "_undefined_name", None) or getattr(value, "name", None)
        return f"the undefined name '{name}'" if name else "an undefined name"
    return f"{value!r} ({type(value).__name__})"
