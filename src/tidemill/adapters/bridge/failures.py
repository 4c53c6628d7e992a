"""dbt's exceptions as errors of ours, and ours as exceptions that a plugin may catch."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from dbt.adapters.exceptions import FailedToConnectError
from dbt_common.exceptions import (
    CompilationError as DbtCompilationError,
)
from dbt_common.exceptions import (
    DbtBaseException,
    DbtConfigError,
    DbtDatabaseError,
)

from tidemill.adapters.base import SQL_PLACE
from tidemill.errors import (
    CompilationError,
    ConfigurationError,
    DatabaseError,
    ExecutionError,
    Place,
    TidemillError,
)

_PLACES = (
    # Snowflake: error line 1 at position 7; Spark and Databricks: line 1 pos 7, (line 1, pos 7)
    re.compile(r"\bline (\d+),? (?:at )?pos(?:ition)? (\d+)"),
    # Trino, Athena, BigQuery: line 1:8, [1:8]
    re.compile(r"(?:\bline |\bat \[)(\d+):(\d+)"),
)
_FROM_ZERO = 0
"""Of those patterns, the one whose columns count from 0."""


class CarriedError(DbtDatabaseError):  # type: ignore[misc] # dbt's classes have no types here
    """An error of ours on its way through a plugin, which may catch it as dbt's."""

    def __init__(self, original: TidemillError) -> None:
        super().__init__(original.fault.message)
        self.original = original


@contextmanager
def carried() -> Iterator[None]:
    """Our errors go into the plugin as dbt's."""
    try:
        yield
    except TidemillError as error:
        raise CarriedError(error) from error


@contextmanager
def translated() -> Iterator[None]:
    """dbt's exceptions come out of the plugin as ours; those of Python stay, for they have a macro's place."""
    try:
        yield
    except DbtBaseException as error:
        raise translate(error) from error


def translate(error: BaseException, sql: str | None = None) -> TidemillError:
    """The error of ours that stands for ``error``, with the place in ``sql`` where the warehouse tells it."""
    if isinstance(error, CarriedError):
        return error.original
    if isinstance(error, TidemillError):
        return error
    message = str(getattr(error, "msg", None) or error).strip() or type(error).__name__
    if isinstance(error, FailedToConnectError):
        return DatabaseError(
            message,
            code="connection-refused",
            hint="check the profile's entries and that the warehouse can be reached: tidemill debug",
        )
    if isinstance(error, DbtCompilationError):
        return CompilationError(message)
    if isinstance(error, DbtConfigError):
        return ConfigurationError(message)
    if sql is None and not isinstance(error, DbtDatabaseError):
        return ExecutionError(message)
    return DatabaseError(message, place=_place(error, message, sql) if sql else None)


def _place(error: BaseException, message: str, sql: str) -> Place | None:
    position = _position(error.__cause__)
    if position:
        before = sql[: position - 1]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        return Place(file=SQL_PLACE, line=line, column=column)
    for number, pattern in enumerate(_PLACES):
        match = pattern.search(message)
        if match:
            line, column = map(int, match.groups())
            return Place(file=SQL_PLACE, line=line, column=column + (number == _FROM_ZERO))
    return None


def _position(cause: Any) -> int:
    """Where the drivers of Postgres say it is, in characters from 1; 0 where they do not."""
    position = getattr(getattr(cause, "diag", None), "statement_position", None)
    return int(position) if position and str(position).isdigit() else 0
