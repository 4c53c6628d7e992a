"""dbt's ``modules`` for templates of every kind: parts of Python that may be called there."""

from __future__ import annotations

import datetime
import itertools
import re
from collections.abc import Callable
from typing import Any

_DATETIME_NAMES = ("date", "datetime", "time", "timedelta", "tzinfo", "timezone")
_RE_NAMES = tuple(re.__all__)
_ITERTOOLS_NAMES = tuple(name for name in dir(itertools) if not name.startswith("_"))


class _Names(dict[str, Any]):
    """A mapping whose keys are attributes as well."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


class Modules:
    """dbt's ``modules``: datetime, pytz, re, itertools, each imported when first read.

    ``on_itertools`` hears of every use of the last, which dbt means to give up.
    """

    def __init__(self, on_itertools: Callable[[], None] | None = None) -> None:
        self._on_itertools = on_itertools

    @property
    def datetime(self) -> dict[str, Any]:
        return _Names({name: getattr(datetime, name) for name in _DATETIME_NAMES})

    @property
    def re(self) -> dict[str, Any]:
        return _Names({name: getattr(re, name) for name in _RE_NAMES})

    @property
    def itertools(self) -> dict[str, Any]:
        if self._on_itertools is not None:
            self._on_itertools()
        return _Names({name: getattr(itertools, name) for name in _ITERTOOLS_NAMES})

    @property
    def pytz(self) -> Any:
        import pytz

        names = ("timezone", "utc", "UTC", "AmbiguousTimeError", "NonExistentTimeError")
        found = {name: getattr(pytz, name) for name in names if hasattr(pytz, name)}
        return _Names(found)

    def __getitem__(self, name: str) -> Any:
        return getattr(self, name)
