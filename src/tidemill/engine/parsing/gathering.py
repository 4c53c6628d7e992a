"""Collects faults while parsing goes on, so that all of them are reported together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import TypeVar

from tidemill.errors import Fault, TidemillError, raise_faults
from tidemill.events import Event, FaultFound

Resource = TypeVar("Resource")


class _Each:
    """Takes note of errors. It holds nothing of the piece that runs, so one serves tens of thousands."""

    def __init__(self, faults: list[Fault]) -> None:
        self._faults = faults

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> bool:
        if not isinstance(error, TidemillError):
            return False
        self._faults.extend(error.faults)
        return True


class Gathering:
    """Faults so far, and where warnings go."""

    def __init__(self, emit: Callable[[Event], None]) -> None:
        self._emit = emit
        self.faults: list[Fault] = []
        self._each = _Each(self.faults)

    def each(self) -> AbstractContextManager[None]:
        """Run one piece of parsing; its error is noted and the next piece goes on."""
        return self._each

    def add(self, faults: Iterable[Fault]) -> None:
        """Note faults that were found elsewhere."""
        self.faults.extend(faults)

    def warn(self, warnings: Iterable[Fault | FaultFound]) -> None:
        """Tell about what does not stop the project."""
        for warning in warnings:
            self._emit(
                warning
                if isinstance(warning, FaultFound)
                else FaultFound(fault=warning, level="warn")
            )

    def check(self) -> None:
        """Raise ProjectFaults if anything was noted."""
        raise_faults(dict.fromkeys(self.faults))
