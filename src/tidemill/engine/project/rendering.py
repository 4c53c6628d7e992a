"""Renders the Jinja of whole YAML values, and gathers the faults with their places.

Which entries stay as written is the caller's rule, for dbt leaves hooks, vars, descriptions and test
arguments for later.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import msgspec

from tidemill.engine.project.config_context import ConfigContext
from tidemill.errors import Fault, Place, TidemillError

Path = tuple[str | int, ...]
"""Keys and list positions from the top of a document to one of its values."""


def never(_: Path) -> bool:
    """The rule that keeps nothing: everything is rendered."""
    return False


class TreeRenderer:
    """Renders YAML values with one context. Faults are gathered; what failed stays as written."""

    def __init__(
        self,
        context: ConfigContext,
        place_of: Callable[[Path], Place],
        keep: Callable[[Path], bool] = never,
    ) -> None:
        self.context = context
        self.place_of = place_of
        self.keep = keep
        self.faults: list[Fault] = []

    def render(self, value: Any, path: Path = ()) -> Any:
        """``value`` with all texts rendered and dates written out, except where ``keep`` says so."""
        if isinstance(value, dict):
            return {key: self.render(item, (*path, _key(key))) for key, item in value.items()}
        if isinstance(value, list):
            return [self.render(item, (*path, index)) for index, item in enumerate(value)]
        if isinstance(value, str):
            return value if self.keep(path) else self._text(value, path)
        if isinstance(value, date) and not self.keep(path):
            return value.isoformat()
        return value

    def _text(self, text: str, path: Path) -> Any:
        try:
            return self.context.render(text)
        except TidemillError as error:
            self.faults += [_placed(fault, self.place_of(path)) for fault in error.faults]
            return text


def _key(key: Any) -> str | int:
    return key if isinstance(key, str | int) else str(key)


def _placed(fault: Fault, place: Place) -> Fault:
    return fault if fault.place else msgspec.structs.replace(fault, place=place)
