"""Which warnings are errors, and which are not told at all: ``--warn-error`` and ``--warn-error-options``."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, Literal, NamedTuple

from tidemill.cli.arguments.parser import ArgumentFault
from tidemill.cli.rendering.warning_names import EVENTS

ALL = ("all", "*")
DEPRECATIONS = "Deprecations"
"""dbt's word for all warnings whose names end with ``Deprecation``."""

HEARD_BY_FLAG = "require_all_warnings_handled_by_warn_error"
"""dbt's behaviour flag: without it the warnings below are never errors, nor silenced."""

_BY_FLAG = frozenset(
    {
        "FreshnessConfigProblem",
        "MicrobatchModelNoEventTimeInputs",
        "SemanticValidationFailure",
        "WarnStateTargetEqual",
    }
)

_KEYS = {
    "error": "error",
    "include": "error",
    "warn": "warn",
    "exclude": "warn",
    "silence": "silence",
}

Fate = Literal["error", "warn", "silence"]


class WarningRules(NamedTuple):
    """A name wins over ``Deprecations``, and that over ``all``; among equals silence, then warn, then error."""

    error: tuple[str, ...] = ()
    warn: tuple[str, ...] = ()
    silence: tuple[str, ...] = ()
    all_heard: bool = False
    """Whether the flag above is set."""

    def fate(self, name: str | None) -> Fate:
        """What becomes of the warning that dbt calls ``name``; None is one that dbt does not know."""
        if name in _BY_FLAG and not self.all_heard:
            return "warn"
        for word in self._words(name):
            if word in self.silence:
                return "silence"
            if word in self.warn:
                return "warn"
            if word in self.error:
                return "error"
        return "error" if any(word in self.error for word in ALL) else "warn"

    def _words(self, name: str | None) -> list[str]:
        if name is None:
            return []
        return [name, DEPRECATIONS] if name.endswith("Deprecation") else [name]


def warning_rules(
    options: Mapping[str, Any] | None, *, all_errors: bool = False, all_heard: bool = False
) -> WarningRules:
    """The rules that ``--warn-error-options`` (a mapping) and ``--warn-error`` describe.

    Raises ArgumentFault for words that dbt does not know, and for keys that mean the same thing.
    """
    found: dict[str, tuple[str, ...]] = {"error": ALL[:1]} if all_errors else {}
    said: dict[str, str] = {}
    for key, value in (options or {}).items():
        meant = _KEYS.get(str(key))
        if meant is None:
            raise _refused(f"'{key}' is no key", str(key), _KEYS)
        if meant in said:
            old, new = sorted([said[meant], str(key)], key=lambda word: word == meant)
            raise ArgumentFault(
                f"Only `{old}` or `{new}` can be specified in --warn-error-options, not both"
            )
        said[meant] = str(key)
        found[meant] = _names(meant, value)
    rules = WarningRules(**found, all_heard=all_heard)
    if rules.warn and not {*rules.error, *rules.silence} & {*ALL, DEPRECATIONS}:
        raise ArgumentFault(
            "--warn-error-options: `warn` can only be specified if `error` is 'all', or "
            f"{DEPRECATIONS} is in `error` or `silence`"
        )
    return rules


def _names(key: str, value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, str):
        if key == "error" and value in ALL:
            return (value,)
        raise ArgumentFault(f"--warn-error-options: {key} must be a list of names, not '{value}'")
    names = tuple(str(name) for name in value)
    for name in names:
        if name not in EVENTS and name != DEPRECATIONS:
            raise _refused(f"{name} is not a valid dbt error name", name, [*EVENTS, DEPRECATIONS])
    return names


def _refused(message: str, word: str, known: Any) -> ArgumentFault:
    near = get_close_matches(word, list(known), n=1)
    nearest = f"; did you mean '{near[0]}'?" if near else ""
    return ArgumentFault(f"--warn-error-options: {message}{nearest}")
