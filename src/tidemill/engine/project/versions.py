"""Versions of dbt and of packages, and requirements on them such as ``[">=1.6.0", "<2.0.0"]``."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

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

_Part = tuple[int, int, str]


class Version(NamedTuple):
    """One version, in an order in which a prerelease stands before its release."""

    major: int
    minor: int
    patch: int
    is_final: bool
    prerelease: tuple[_Part, ...] = ()

    @property
    def base(self) -> tuple[int, int, int]:
        return (self.major, self.minor, self.patch)


class Requirement(NamedTuple):
    """A sign (``>=``) and the version that it speaks of."""

    sign: str
    version: Version

    def is_met_by(self, version: Version) -> bool:
        """Whether ``version`` is in the range. ``<2.0.0`` leaves out ``2.0.0-rc1`` (dbt's rule)."""
        wanted = self.version
        if self.sign == "<" and wanted.is_final and version.base == wanted.base:
            return False
        return _COMPARE[self.sign](version, wanted)


def meets(version: str, requirements: Iterable[str]) -> bool:
    """Whether ``version`` meets all ``requirements``. Raises ValueError for one that cannot be read."""
    number = parse_requirement(version).version
    return all(parse_requirement(text).is_met_by(number) for text in requirements)


def split_requirements(written: str | Iterable[str]) -> tuple[str, ...]:
    """Requirements as written: one text (with commas) or a list of texts."""
    parts = written.split(",") if isinstance(written, str) else written
    return tuple(str(part).strip() for part in parts)


def parse_requirement(text: str) -> Requirement:
    """The requirement in ``text``; a bare version means exactly that one. Raises ValueError."""
    match = _REQUIREMENT.fullmatch(text)
    if match is None:
        raise ValueError(f"'{text}' is not a version requirement such as '>=1.6.0'")
    sign, major, minor, patch, prerelease = match.groups()
    parts = tuple(map(_part, prerelease.split("."))) if prerelease else ()
    version = Version(int(major), int(minor), int(patch), prerelease is None, parts)
    return Requirement(sign or "=", version)


def _part(text: str) -> _Part:
    """One part of a prerelease: numbers by value and before words."""
    return (0, int(text), "") if text.isdigit() else (1, 0, text)
