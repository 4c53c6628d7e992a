"""Runs a Python model in this process: ``model(dbt, session)``, then its rows into a table.

``session`` is the cursor of the model's connection. What goes wrong is told with the lines of the user's file,
and without ours.
"""

from __future__ import annotations

import linecache
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, ModuleType, TracebackType
from typing import Any

import duckdb

from tidemill.adapters.base import PythonModel
from tidemill.errors import ExecutionError, Place

_DUCKDB = str(Path(duckdb.__file__).parent)
"""Frames of DuckDB say nothing to those who wrote the model."""
Begin = Callable[[], None]


def run_python_model(
    model: PythonModel, cursor: duckdb.DuckDBPyConnection, begin: Begin, *, in_transaction: bool
) -> None:
    """Execute ``model.code``, which ends with dbt's ``dbtObj`` and our ``materialize``.

    ``begin`` starts the transaction in which the rows are written. Raises ExecutionError.
    """
    with _module(model) as module:
        rows = _call(model, lambda: _rows_of(module, cursor))
        if _is_reader(rows):
            # A stream may be read from this very cursor, which is then busy.
            alone = in_transaction or module.materialize.temporary
            rows, target = (rows.read_all(), cursor) if alone else (rows, cursor.cursor())
        else:
            target = cursor
        if target is cursor:
            begin()
        _write(model, module, rows, target)


def _rows_of(module: ModuleType, cursor: duckdb.DuckDBPyConnection) -> Any:
    def load(relation: str) -> duckdb.DuckDBPyRelation:
        return cursor.query(f"select * from {relation}")

    return module.model(module.dbtObj(load), cursor)


def _write(
    model: PythonModel, module: ModuleType, rows: Any, cursor: duckdb.DuckDBPyConnection
) -> None:
    try:
        module.materialize(rows, cursor)
    except Exception as error:  # noqa: BLE001 - the rows come from code of the user
        if not _is_known(rows):
            raise _error(
                model,
                f"model() returned {_name_of(rows)}, which is no table",
                hint="return a DuckDB relation, a DataFrame of pandas or polars, or an Arrow table",
            ) from None
        raise _error(model, f"the rows of model() cannot be written: {error}") from None


def _is_known(rows: Any) -> bool:
    return isinstance(rows, duckdb.DuckDBPyRelation) or type(rows).__module__.split(".")[0] in {
        "pandas",
        "polars",
        "pyarrow",
    }


def _is_reader(rows: Any) -> bool:
    return hasattr(rows, "read_next_batch") and hasattr(rows, "read_all")


def _name_of(value: Any) -> str:
    kind = type(value)
    place = "" if kind.__module__ == "builtins" else f"{kind.__module__}."
    return place + kind.__qualname__


# -- the user's code -------------------------------------------------------------------------


@contextmanager
def _module(model: PythonModel) -> Iterator[ModuleType]:
    """The code as a module of its own, known to Python while it runs (dataclasses look it up)."""
    name = f"tidemill_model_{model.name}_{id(model)}"
    module = ModuleType(name)
    module.__file__ = model.file
    lines = model.code.splitlines(keepends=True)
    linecache.cache[model.file] = (len(model.code), None, lines, model.file)
    sys.modules[name] = module
    _ensure_event_loop()
    try:
        _call(model, lambda: exec(_compiled(model), module.__dict__))
        yield module
    finally:
        sys.modules.pop(name, None)
        linecache.cache.pop(model.file, None)


def _compiled(model: PythonModel) -> CodeType:
    return compile(model.code, model.file, "exec", dont_inherit=True)


def _ensure_event_loop() -> None:
    """Threads have none, and libraries that are asynchronous inside ask for one (as in dbt-duckdb)."""
    import asyncio

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        asyncio.set_event_loop(asyncio.new_event_loop())


def _call(model: PythonModel, work: Callable[[], Any]) -> Any:
    try:
        return work()
    except Exception as error:  # noqa: BLE001 - code of the user can raise anything
        raise _told(model, error) from None


def _told(model: PythonModel, error: Exception) -> ExecutionError:
    """The error as Python shows it, from the user's first line on."""
    trace = _from_file(error.__traceback__, model.file)
    last = _last_line(trace, model)
    frames = [f for f in traceback.extract_tb(trace) if not f.filename.startswith(_DUCKDB)]
    head = ["Traceback (most recent call last):\n"] if frames else []
    lines = [*head, *traceback.format_list(frames), *traceback.format_exception_only(error)]
    shown = "".join(lines)
    hint = None
    if isinstance(error, ModuleNotFoundError) and error.name:
        hint = f"install '{error.name}' in the environment that Tidemill runs in"
    return _error(model, f"Python model failed:\n{shown.rstrip()}", line=last, hint=hint)


def _from_file(trace: TracebackType | None, file: str) -> TracebackType | None:
    while trace is not None and trace.tb_frame.f_code.co_filename != file:
        trace = trace.tb_next
    return trace


def _last_line(trace: TracebackType | None, model: PythonModel) -> int | None:
    """The last line that ran in the user's own text."""
    found: int | None = None
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == model.file and trace.tb_lineno <= model.lines:
            found = trace.tb_lineno
        trace = trace.tb_next
    return found


def _error(
    model: PythonModel, message: str, *, line: int | None = None, hint: str | None = None
) -> ExecutionError:
    place = Place(file=model.file, line=line)
    return ExecutionError(message, code="python-model", place=place, hint=hint)
