"""The floor: sends kept statements to DuckDB again, with no tool around it.

    python replay.py FILE DATABASE THREADS

Needs the duckdb module and nothing else. Each step begins when those it waits for have ended, on one of the threads,
with a cursor of its own, as a build does it.
"""

from __future__ import annotations

import json
import sys
import threading
from graphlib import TopologicalSorter
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import duckdb

_SETTINGS = (
    "SET GLOBAL autoinstall_known_extensions = false",
    "SET GLOBAL autoload_known_extensions = false",
    "SET GLOBAL python_enable_replacements = false",
)


def replay(steps: list[dict[str, Any]], database: str, threads: int) -> None:
    """Run all steps; raises what DuckDB raises."""
    by_name = {step["step"]: step for step in steps}
    with duckdb.connect(database) as main:
        for setting in _SETTINGS:
            main.execute(setting)
        _run(by_name.pop("master"), main)
        graph = TopologicalSorter(
            {
                name: [one for one in step["after"] if one in by_name]
                for name, step in by_name.items()
            }
        )
        graph.prepare()
        waiting: SimpleQueue[str | None] = SimpleQueue()
        ended: SimpleQueue[str | BaseException] = SimpleQueue()
        cursors = [main.cursor() for _ in range(threads)]
        workers = [
            threading.Thread(target=_work, args=(waiting, ended, by_name, cursor), daemon=True)
            for cursor in cursors
        ]
        for worker in workers:
            worker.start()
        while graph.is_active():
            for name in graph.get_ready():
                waiting.put(name)
            done = ended.get()
            if isinstance(done, BaseException):
                raise done
            graph.done(done)
        for _ in workers:
            waiting.put(None)
        for worker in workers:
            worker.join()


def _work(
    waiting: SimpleQueue[str | None],
    ended: SimpleQueue[str | BaseException],
    steps: dict[str, dict[str, Any]],
    main: duckdb.DuckDBPyConnection,
) -> None:
    while (name := waiting.get()) is not None:
        try:
            _run(steps[name], main)
        except BaseException as error:  # noqa: BLE001 - raised again by the thread that waits
            ended.put(error)
            return
        ended.put(name)


def _run(step: dict[str, Any], main: duckdb.DuckDBPyConnection) -> None:
    """Send the statements of one step, each on the cursor that it came on."""
    cursors: dict[int, duckdb.DuckDBPyConnection] = {}
    for statement in step["statements"]:
        cursor = cursors.get(statement["cursor"])
        if cursor is None:
            cursor = cursors[statement["cursor"]] = main.cursor()
        answer = cursor.execute(statement["sql"], statement["bindings"])
        if statement["fetch"] and answer is not None:
            answer.fetchall()
    for cursor in cursors.values():
        cursor.close()


if __name__ == "__main__":
    with Path(sys.argv[1]).open(encoding="utf-8") as file:
        replay(json.load(file), sys.argv[2], int(sys.argv[3]))
