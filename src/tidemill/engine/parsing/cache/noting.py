"""Gathers, beside a parse, what its state needs: reads, warnings, and which file each belongs to."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from tidemill.engine.nodes import Macro
from tidemill.engine.parsing.cache.changes import FileKey, Files
from tidemill.engine.parsing.cache.inputs import Answers, all_keys, asks_the_clock, digest
from tidemill.engine.project.reads import MACRO, MODULES, PROJECT, VOLATILE, Key, Notebook, Unit
from tidemill.errors import TidemillError
from tidemill.events import Event, FaultFound

if TYPE_CHECKING:
    from tidemill.engine.jinja.macro_host import MacroHost


class WarningLog:
    """Passes events on, and keeps the warnings among them with the file they are about."""

    def __init__(
        self, emit: Callable[[Event], None], notebook: Notebook, files: Callable[[], Files]
    ) -> None:
        self._emit = emit
        self._notebook = notebook
        self._files = files
        self.warnings: list[tuple[Unit, FaultFound]] = []
        self._held: list[Event] | None = None
        self.silent: tuple[type[Event], ...] = ()
        """Kinds of events that were told already."""

    def __call__(self, event: Event) -> None:
        if isinstance(event, FaultFound):
            self.warnings.append((self._unit(event), event))
        if self._held is not None:
            self._held.append(event)
        elif not isinstance(event, self.silent):
            self._emit(event)

    @cached_property
    def _units(self) -> dict[str, Unit]:
        return units_by_path(self._files())

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep events back until all went well; what raises takes its events with it."""
        held: list[Event] = []
        self._held = held
        try:
            yield
        finally:
            self._held = None
        for event in held:
            self._emit(event)

    def replay(self, unit: Unit, warning: FaultFound) -> None:
        """Tell what an earlier parse told of a file."""
        self.warnings.append((unit, warning))
        self._emit(msgspec.structs.replace(warning, at=time.time()))

    def _unit(self, event: FaultFound) -> Unit:
        if self._notebook.current != PROJECT:
            return self._notebook.current
        place = event.fault.place
        return self._units.get(place.file, PROJECT) if place is not None else PROJECT


def units_by_path(files: Files) -> dict[str, Unit]:
    """Files by their path alone; of two packages' the first."""
    found: dict[str, Unit] = {}
    for _, package, path in files:
        found.setdefault(path, (package, path))
    return found


def answers_to(reads: Mapping[Unit, Iterable[Key]], answers: Answers) -> dict[Key, bytes]:
    """What the questions have for an answer now; those that never have the same one are left out."""
    found = {key: answers.of(key) for key in all_keys(reads)}
    return {key: answer for key, answer in found.items() if answer is not None}


def volatile_units(
    reads: Mapping[Unit, Iterable[Key]], host: MacroHost, files: Files
) -> frozenset[Unit]:
    """Files whose templates ask for what is never the same twice."""
    texts = _Texts(host, files)
    return frozenset(unit for unit, keys in reads.items() if _is_volatile(unit, keys, texts))


def _is_volatile(unit: Unit, keys: Iterable[Key], texts: _Texts) -> bool:
    kinds = {key[0] for key in keys}
    if VOLATILE in kinds:
        return True
    if MODULES not in kinds:
        return False
    return asks_the_clock([*texts.of_unit(unit), *(texts.of_macro(key) for key in keys)])


class _Texts:
    def __init__(self, host: MacroHost, files: Files) -> None:
        self._host = host
        self._files: dict[Unit, FileKey] = {key[1:]: key for key in files}
        self._all = files

    def of_unit(self, unit: Unit) -> list[str]:
        key = self._files.get(unit)
        if key is None:
            projects = self._host.config.packages.values()
            return [text for p in projects for text in (*p.on_run_start, *p.on_run_end)]
        try:
            return [self._all[key].read()]
        except TidemillError:
            return []

    def of_macro(self, key: Key) -> str:
        macro: Macro | None = self._host.registry.macro(key[1]) if key[0] == MACRO else None
        return macro.macro_sql if macro is not None else ""


def macros_digest(macros: Iterable[Macro]) -> bytes:
    """Which macros there are: what a name can mean."""
    return digest(sorted(macro.unique_id for macro in macros))
