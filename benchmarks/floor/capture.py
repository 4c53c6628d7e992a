"""Keeps every statement that a Tidemill build sends to DuckDB: `python -m benchmarks.floor.capture PROJECT FILE`.

The file is JSON: the steps in the order of the plan, each with the steps that it waits for and with its statements,
cursor by cursor, as they reached the driver. `replay` sends them again.
"""

from __future__ import annotations

import itertools
import json
import sys
import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tidemill import Project
from tidemill.adapters.duckdb.adapter import DuckDBAdapter
from tidemill.adapters.duckdb.database import Database
from tidemill.events import RunStarted

_FETCHES = frozenset({"fetchall", "fetchmany", "fetchone", "to_arrow_table"})


class Keeper:
    """Statements by the step that sent them. A thread works on one step at a time."""

    def __init__(self) -> None:
        self.statements: dict[str, list[dict[str, Any]]] = {}
        self._place = threading.local()
        self._cursors = itertools.count()

    def enter(self, step: str) -> None:
        """From now on this thread works on ``step``."""
        self._place.step = step

    def number(self) -> int:
        """A number for a new cursor."""
        return next(self._cursors)

    def keep(self, cursor: int, sql: str, bindings: Any) -> dict[str, Any]:
        """Take note of one statement, and return the note."""
        note = {"cursor": cursor, "sql": sql, "bindings": bindings, "fetch": False}
        self.statements.setdefault(getattr(self._place, "step", "master"), []).append(note)
        return note


class KeptCursor:
    """A cursor of DuckDB that keeps what is executed on it."""

    def __init__(self, cursor: Any, keeper: Keeper) -> None:
        self._cursor = cursor
        self._keeper = keeper
        self._number = keeper.number()
        self._last: dict[str, Any] | None = None

    def execute(self, sql: str, bindings: Any = None) -> KeptCursor | None:
        """Keep the statement and execute it."""
        self._last = self._keeper.keep(self._number, sql, bindings)
        return self if self._cursor.execute(sql, bindings) is not None else None

    def __getattr__(self, name: str) -> Any:
        if name in _FETCHES and self._last is not None:
            self._last["fetch"] = True
        return getattr(self._cursor, name)


def capture(folder: Path) -> list[dict[str, Any]]:
    """Build the project and return its steps with their statements. Raises RuntimeError when the build fails."""
    keeper = Keeper()
    _watch(keeper)
    with Project(folder) as project:
        run = project.build()
        plan = next(event.nodes for event in list(run) if isinstance(event, RunStarted))
        if not run.result.success:
            raise RuntimeError(f"the build of {folder} failed: there is nothing to compare")
        parents = {key: node.depends_on.nodes for key, node in project.manifest.nodes.items()}
    first = {"step": "master", "after": [], "statements": keeper.statements.get("master", [])}
    told = {node.unique_id for node in plan}
    return [
        first,
        *(
            {
                "step": node.unique_id,
                "after": sorted(_told(node.depends_on, told, parents)),
                "statements": keeper.statements.get(node.unique_id, []),
            }
            for node in plan
        ),
    ]


def _told(
    names: Iterable[str], told: Collection[str], parents: Mapping[str, Sequence[str]]
) -> set[str]:
    """Those that run by themselves: what stands behind an ephemeral model in its place."""
    found: set[str] = set()
    for name in names:
        found |= {name} if name in told else _told(parents.get(name, ()), told, parents)
    return found


def _watch(keeper: Keeper) -> None:
    """Put the keeper between the adapter and the driver."""
    bare_cursor, connection = Database.bare_cursor, DuckDBAdapter.connection

    def kept_cursor(database: Database) -> Any:
        return KeptCursor(bare_cursor(database), keeper)

    def named_connection(adapter: DuckDBAdapter, name: str) -> Any:
        keeper.enter(name)
        return connection(adapter, name)

    Database.bare_cursor = kept_cursor  # type: ignore[method-assign, assignment]
    DuckDBAdapter.connection = named_connection  # type: ignore[method-assign, assignment]


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(json.dumps(capture(Path(sys.argv[1]))))
