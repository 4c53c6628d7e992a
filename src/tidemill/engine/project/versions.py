"""dbt version requirements such as ``[">=1.6.0", "<2.0.0"]``, and whether a version meets them."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable
from typing import Any

_REQUIREMENT = re.compile(
    r"\s*(>=|<=|>|<|=)?\s*(\d+)\.(\d+)\.(\d+)(?:[-.]?([0-9A-Za-z][0-9A-Za-z.-]*))?(?:\+\S*)?\s*"
)
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "=": operator.eq,
}


def meets(version: str, requirements: Iterable[str]) -> bool:
    """Whether ``version`` meets all ``requirements``. Raises ValueError for one that cannot be read."""
    number = _parse(version)[1]
    return all(_COMPARE[sign](number, wanted) for sign, wanted in map(_parse, requirements))


def split_requirements(written: str | Iterable[str]) -> tuple[str, ...]:
    """Requirements as written: one text (with commas) or a list of texts."""
    parts = written.split(",") if isinstance(written, str) else written
    return tuple(str(part).strip() for part in parts)


def _parse(text: str) -> tuple[str, tuple[int, int, int, bool, str]]:
    match = _REQUIREMENT.fullmatch(text)
    if match is None:
        raise ValueError(f"'{text}' is not a version requirement such as '>=1.6.0'")
    sign, major, minor, patch, prerelease = match.groups()
    # A prerelease stands before its release.
    final = prerelease is None
    return sign or "=", (int(major), int(minor), int(patch), final, prerelease or "")
