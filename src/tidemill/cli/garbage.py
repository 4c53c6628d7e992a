"""Fewer looks for garbage while a command runs: a parsed project is many objects, and none of them is garbage."""

from __future__ import annotations

import atexit
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_WHILE_IT_RUNS, _WHILE_IT_STAYS = 500_000, 50_000
"""New objects until somebody looks. A command on ten thousand models makes 400,000 that stay."""
_DRIVERS = ("duckdb", "psycopg", "dbt")
"""What adapters connect with, and the package of dbt's own adapters."""


@contextmanager
def collected_rarely(*, stays: bool = False, ends: bool = False) -> Iterator[None]:
    """Leave out all objects there are, and look at new ones less often.

    A process that ``stays`` looks less rarely; one that ``ends`` with this does not begin to look afterwards.
    """
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(_WHILE_IT_STAYS if stays else _WHILE_IT_RUNS, 20, 100)
    try:
        yield
    finally:
        if not ends:
            gc.set_threshold(*before)
        gc.unfreeze()


def drivers_are_loaded() -> bool:
    """Whether a warehouse's own code is here, which tidies up behind itself when its objects go."""
    return not sys.modules.keys().isdisjoint(_DRIVERS)


def kept_to_the_end(value: object) -> None:
    """Let the system take ``value`` with the process: taking ten thousand models apart first is a second of work."""
    forever = [value]
    # No count of references ends this, and who looks for garbage does not see it.
    forever.append(forever)
    atexit.register(gc.freeze)
