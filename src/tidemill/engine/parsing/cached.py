"""Parses a project with what the last parse left on disk: nothing new, a few files, or everything.

    parsed = parse_cached(config, adapter, emit)
    parsed.project, parsed.reasons

A parse that took anything from the cache gives what a parse of everything gives; where that is not certain,
everything is parsed.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, suppress

import msgspec

from tidemill.adapters.base import Adapter
from tidemill.engine.nodes import Manifest
from tidemill.engine.parsing.cache.changes import (
    Change,
    WholeNeededError,
    WiderNeededError,
    file_changes,
    read_changes,
    settings_changes,
)
from tidemill.engine.parsing.cache.inputs import Answers, settings_of
from tidemill.engine.parsing.cache.noting import (
    WarningLog,
    answers_to,
    macros_digest,
    volatile_units,
)
from tidemill.engine.parsing.cache.records import UnknownValueError, pack
from tidemill.engine.parsing.cache.segments import DamagedError
from tidemill.engine.parsing.cache.state import (
    Known,
    State,
    write_state,
)
from tidemill.engine.parsing.cache.tree import Look
from tidemill.engine.parsing.memory import Disk
from tidemill.engine.parsing.parsed import ParsedProject, Updated, counts_of
from tidemill.engine.parsing.warm import Warm, state_path
from tidemill.engine.project.config import RuntimeConfig
from tidemill.engine.project.reads import HOOKS, PROJECT, Notebook, Unit, noting
from tidemill.events import Event, ParseFinished, ParseStarted

Emit = Callable[[Event], None]

_LARGEST_PART = 0.3
"""The share of files from which parsing everything is no slower."""


class Reasons(msgspec.Struct, frozen=True):
    """What a parse did, and why."""

    whole: str | None = None
    """Why everything was parsed; None if it was not."""
    changes: tuple[Change, ...] = ()
    parsed: tuple[Unit, ...] = ()
    """The files that were parsed, if not all were."""


class CachedParse(msgspec.Struct, frozen=True):
    """A parsed project, and how it was come by."""

    project: ParsedProject
    reasons: Reasons
    chain: object = None
    """The same object as in the parse before, if this one is an update of it."""
    changed: frozenset[tuple[str, str]] = frozenset()
    """Sections and ids of what was parsed anew for the update; it may be what it was."""
    settled: bool = False
    """Whether the next parse has nothing to do, as long as nothing changes: none asks for the time or its like."""


def parse_cached(
    config: RuntimeConfig,
    adapter: Adapter,
    emit: Emit | None = None,
    *,
    anew: bool = False,
    memory: Disk | None = None,
) -> CachedParse:
    """Parse what has changed since the last time; ``anew`` parses everything, and writes the state for the next.

    ``memory`` is of a process that parses more than once.
    Raises ProjectFaults with everything that was found wrong. Nothing reaches the warehouse.
    """
    with _no_collections():
        run = _Run(config, adapter, emit or (lambda _: None), memory or Disk())
        return run.parse_everything("it was asked for") if anew else run.parse()


def parse_again(config: RuntimeConfig, adapter: Adapter, memory: Disk) -> CachedParse | None:
    """Parse what has changed, if that is a part; None where everything has to be parsed. Raises ProjectFaults."""
    with _no_collections():
        try:
            return _Run(config, adapter, lambda _: None, memory).parse_part()
        except (WholeNeededError, DamagedError):
            return None


class _Run:
    def __init__(self, config: RuntimeConfig, adapter: Adapter, emit: Emit, memory: Disk) -> None:
        self._config = config
        self._adapter = adapter
        self._memory = memory
        self._notebook = Notebook()
        self._emit = WarningLog(emit, self._notebook, lambda: self._look.files)
        self._path = state_path(config)
        self._look = Look({}, {}, {})
        self._changes: tuple[Change, ...] = ()
        self._told = False
        """Whether it was told that parsing began."""

    def parse(self) -> CachedParse:
        """A part, or everything."""
        try:
            return self.parse_part()
        except WholeNeededError as reason:
            return self.parse_everything(str(reason))
        except DamagedError as error:
            self._changes = ()
            return self.parse_everything(str(error))

    def parse_part(self) -> CachedParse:
        """What has changed. Raises WholeNeededError, DamagedError and ProjectFaults."""
        state = self._memory.open(self._path)
        self._look = self._memory.look(self._config, state.known.files)
        self._changes = tuple(settings_changes(state.known, self._config))
        if self._changes:
            raise WholeNeededError(self._changes[0].why)
        started = time.time()
        warm = Warm(self._config, self._adapter, state, self._look, self._emit)
        units = self._stale_units(state.known, warm)
        project = self._config.project
        self._emit(ParseStarted(project=project.name, root=str(project.root)))
        self._told = True
        updated = self._updated(warm, units)
        for event in warm.held_back:
            self._emit(event)
        self._replay(state.known, {*units, *updated.parsed, *warm.macro_units})
        manifest, known = self._kept(state, warm, updated, units)
        seconds = time.time() - started
        self._emit(ParseFinished(project=project.name, seconds=seconds, counts=known.counts))
        parsed = ParsedProject(manifest, lambda: warm.host)
        chain = self._memory.chain(self._path)
        reasons = Reasons(None, self._changes, tuple(units))
        changed = updated.changed | warm.changed
        return CachedParse(parsed, reasons, chain, changed, settled=not known.volatile)

    def _stale_units(self, known: Known, warm: Warm) -> list[Unit]:
        self._changes = edits = tuple(file_changes(known.files, self._look.stamps))
        warm.take(edits)
        answers = Answers(self._config, warm.find_macro)
        asked = read_changes(known, answers, same_macros=not warm.has_new_macros)
        reads = (*asked, *warm.reached)
        units = self._units((*edits, *reads), warm)
        self._changes = (*edits, *reads)
        return units

    def _kept(
        self, state: State, warm: Warm, updated: Updated, units: list[Unit]
    ) -> tuple[Manifest, Known]:
        """The manifest, kept for the next parse, and what is known of it."""
        known = state.known
        changed = updated.changed | warm.changed
        asked_again = any(change.what == "read" for change in self._changes)
        if not changed and not asked_again and self._look.stamps == known.files:
            return self._memory.keep(self._path, state, updated.manifest), known
        counts = counts_of(updated.manifest) if changed else known.counts
        known = self._known_now(known, warm, units, counts)
        manifest = self._memory.save(self._path, state, known, updated.manifest, changed)
        return manifest, known

    def _units(self, changes: Iterable[Change], warm: Warm) -> list[Unit]:
        """The files to parse anew. Raises WholeNeededError."""
        units: dict[Unit, None] = {}
        for change in changes:
            if change.unit == PROJECT:
                raise WholeNeededError(change.why)
            if change.unit == HOOKS:
                with noting(self._notebook), self._notebook.unit(*HOOKS):
                    warm.check_hooks()
            elif change.unit is not None:
                units[change.unit] = None
            elif change.key is not None:
                units |= dict.fromkeys(warm.units_of(change, change.key))
        self._check_size(units)
        return list(units)

    def _check_size(self, units: Collection[Unit]) -> None:
        if len(units) > _LARGEST_PART * len(self._look.files) + 10:
            raise WholeNeededError(f"{len(units)} files would be parsed anew")

    def _updated(self, warm: Warm, units: list[Unit]) -> Updated:
        """The files parsed, and those that notice it, which join ``units``. Raises WholeNeededError."""
        if not units:
            return Updated(warm.manifest, frozenset())
        from tidemill.engine.parsing.partial import PartialParser

        files, said = self._look.files, len(self._emit.warnings)
        while True:
            parser = PartialParser(self._config, warm.host, files, warm.manifest, self._emit)
            try:
                with noting(self._notebook), self._emit.held():
                    updated = parser.parse(units)
                    if updated.names_differ:
                        warm.check_configs(updated.manifest)
                    return updated
            except WiderNeededError as wider:
                del self._emit.warnings[said:]
                units += wider.units
                self._changes += tuple(
                    Change("reached", why, unit=unit) for unit, why in wider.units.items()
                )
                self._check_size(units)

    def _replay(self, known: Known, units: Iterable[Unit]) -> None:
        """Say again what was said of files that were not parsed."""
        if not known.warnings:
            return
        from tidemill.engine.parsing.notices import NAME_SHARED

        stale = set(units)
        new = list(self._emit.warnings)
        self._emit.warnings.clear()
        for unit, warning in known.warnings:
            if unit not in stale or warning.fault.code == NAME_SHARED:
                self._emit.replay(unit, warning)
        self._emit.warnings += new

    def _known_now(
        self, known: Known, warm: Warm, units: Iterable[Unit], counts: dict[str, int]
    ) -> Known:
        parsed = set(units) | (self._notebook.reads.keys() - {PROJECT})
        noted = {unit: tuple(keys) for unit, keys in self._notebook.reads.items() if keys}
        if PROJECT in noted:
            noted[PROJECT] = tuple({*noted[PROJECT], *known.reads.get(PROJECT, ())})
        reads = {**known.reads, **noted}
        for unit in parsed - noted.keys():
            reads.pop(unit, None)
        asked = {PROJECT: tuple(known.answers), **noted}
        volatile = volatile_units(noted, warm.host, self._look.files)
        return msgspec.structs.replace(
            known,
            files=self._look.stamps,
            reads=reads,
            answers=answers_to(asked, Answers(self._config, warm.find_macro)),
            counts=counts,
            hooks=tuple(pack(hook) for hook in warm.manifest.hooks),
            macros=macros_digest(warm.manifest.macros.values()),
            volatile=(known.volatile - parsed) | volatile,
            warnings=tuple(self._emit.warnings),
        )

    # -- everything --------------------------------------------------------------------------

    def parse_everything(self, why: str) -> CachedParse:
        """Everything, and write the state for the next parse. Raises ProjectFaults."""
        self._emit.warnings.clear()
        self._emit.silent = (ParseStarted,) if self._told else ()
        self._look = look = (
            self._look if self._look.files else self._memory.look(self._config, None)
        )
        from tidemill.engine.parsing.project import ProjectParser

        notebook = self._notebook
        notebook.reads.clear()
        with noting(notebook), notebook.unit(*PROJECT):
            parser = ProjectParser(self._config, self._adapter, self._emit, look.found)
            parsed = parser.parse()
        reads = {unit: tuple(keys) for unit, keys in notebook.reads.items() if keys}
        known = Known(
            settings=settings_of(self._config),
            files=look.stamps,
            reads=reads,
            answers=answers_to(reads, Answers(self._config, parsed.host.registry.macro)),
            hooks=tuple(pack(hook) for hook in parsed.manifest.hooks),
            counts=counts_of(parsed.manifest),
            volatile=volatile_units(reads, parsed.host, look.files),
            macros=macros_digest(parsed.manifest.macros.values()),
            warnings=tuple(self._emit.warnings),
            own_package_first=parsed.manifest.own_package_first,
        )
        with suppress(OSError, UnknownValueError, DamagedError):
            write_state(self._path, known, parsed.manifest)
            self._memory.forget(self._path)
            parsed = self._on_disk(parsed)
        reasons, chain = Reasons(why, self._changes), self._memory.chain(self._path)
        return CachedParse(parsed, reasons, chain, settled=not known.volatile)

    def _on_disk(self, parsed: ParsedProject) -> ParsedProject:
        """``parsed`` on top of its state, from which parts of manifest.json can be taken."""
        found, state = parsed.manifest, self._memory.open(self._path)
        manifest = state.manifest(found.metadata, lambda: found, at_hand=found)
        whole = msgspec.structs.replace(manifest, hooks=found.hooks)
        return ParsedProject(self._memory.keep(self._path, state, whole), parsed.make_host)


@contextmanager
def _no_collections() -> Iterator[None]:
    """Nobody looks for garbage among what a parse makes: nearly all of it stays."""
    before = gc.get_threshold()
    gc.set_threshold(0)
    try:
        yield
    finally:
        gc.set_threshold(*before)
