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
    FileKey,
    Files,
    file_changes,
    read_changes,
    settings_changes,
    stamp_files,
)
from tidemill.engine.parsing.cache.inputs import Answers, FileStamp, settings_of
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
    open_state,
    write_changes,
    write_state,
)
from tidemill.engine.parsing.notices import NAME_SHARED
from tidemill.engine.parsing.partial import PartialParser, Updated
from tidemill.engine.parsing.project import (
    ParsedProject,
    ProjectParser,
    counts_of,
    find_files,
)
from tidemill.engine.parsing.reach import WholeNeededError
from tidemill.engine.parsing.warm import Warm, flat_files, state_path
from tidemill.engine.project.config import RuntimeConfig
from tidemill.engine.project.reads import HOOKS, PROJECT, Notebook, Unit, noting
from tidemill.events import Event, ParseFinished, ParseStarted

Emit = Callable[[Event], None]

_LARGEST_PART = 0.3
"""The share of files from which parsing everything is no slower."""
_COLLECTIONS = (200_000, 20, 1000)
"""Thresholds of the garbage collector while a parse makes values that stay: few of them are garbage."""


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


def parse_cached(
    config: RuntimeConfig, adapter: Adapter, emit: Emit | None = None, *, anew: bool = False
) -> CachedParse:
    """Parse what has changed since the last time; ``anew`` parses everything, and writes the state for the next.

    Raises ProjectFaults with everything that was found wrong. Nothing reaches the warehouse.
    """
    with _few_collections():
        return _Run(config, adapter, emit or (lambda _: None)).parse(anew)


class _Run:
    def __init__(self, config: RuntimeConfig, adapter: Adapter, emit: Emit) -> None:
        self._config = config
        self._adapter = adapter
        self._found = find_files(config)
        self._files: Files = flat_files(self._found)
        self._notebook = Notebook()
        self._emit = WarningLog(emit, self._notebook, self._files)
        self._path = state_path(config)

    def parse(self, anew: bool) -> CachedParse:
        if anew:
            return self._whole("it was asked for", ())
        try:
            state = open_state(self._path)
            return self._with(state)
        except DamagedError as error:
            return self._whole(str(error), ())

    def _with(self, state: State) -> CachedParse:
        changes = tuple(settings_changes(state.known, self._config))
        if changes:
            return self._whole(changes[0].why, changes)
        started = time.time()
        stamps = stamp_files(self._files, state.known.files)
        edits = tuple(file_changes(state.known.files, stamps))
        try:
            warm = Warm(self._config, self._adapter, state, self._found, self._emit)
            warm.take_macros(edits)
            answers = Answers(self._config, warm.find_macro)
            reads = read_changes(state.known, answers, same_macros=not warm.has_new_macros)
            changes = (*edits, *reads)
            units = self._units(changes, warm)
        except WholeNeededError as reason:
            return self._whole(str(reason), edits)
        project = self._config.project
        self._emit(ParseStarted(project=project.name, root=str(project.root)))
        try:
            added = {change.key[1:] for change in edits if change.what == "added" and change.key}
            updated = self._updated(warm, units, added)
        except WholeNeededError as reason:
            return self._whole(str(reason), changes, told=True)
        for event in warm.held_back:
            self._emit(event)
        self._replay(state.known, {*units, *updated.parsed, *warm.macro_units})
        manifest = updated.manifest
        changed = updated.changed | warm.changed
        asked_again = any(change.what == "read" for change in changes)
        if changed or asked_again or stamps != state.known.files:
            self._save_changes(state, warm, stamps, manifest, changed, units)
        counts = counts_of(manifest) if changed else state.known.counts
        self._emit(
            ParseFinished(project=project.name, seconds=time.time() - started, counts=counts)
        )
        parsed = ParsedProject(manifest, lambda: warm.host)
        return CachedParse(parsed, Reasons(None, changes, tuple(units)))

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
        if len(units) > _LARGEST_PART * len(self._files) + 10:
            raise WholeNeededError(f"{len(units)} files would be parsed anew")
        return list(units)

    def _updated(self, warm: Warm, units: list[Unit], added: Collection[Unit]) -> Updated:
        if not units:
            return Updated(warm.manifest, frozenset())
        with noting(self._notebook):
            parser = PartialParser(self._config, warm.host, self._files, warm.manifest, self._emit)
            with self._emit.held():
                return parser.parse(units, added)

    def _replay(self, known: Known, units: Iterable[Unit]) -> None:
        """Say again what was said of files that were not parsed."""
        stale = set(units)
        new = list(self._emit.warnings)
        self._emit.warnings.clear()
        for unit, warning in known.warnings:
            if unit not in stale or warning.fault.code == NAME_SHARED:
                self._emit.replay(unit, warning)
        self._emit.warnings += new

    def _save_changes(
        self,
        state: State,
        warm: Warm,
        stamps: dict[FileKey, FileStamp],
        manifest: Manifest,
        changed: Iterable[tuple[str, str]],
        units: Iterable[Unit],
    ) -> None:
        known = state.known
        parsed = set(units) | (self._notebook.reads.keys() - {PROJECT})
        kept = {unit: keys for unit, keys in known.reads.items() if unit not in parsed}
        noted = {unit: tuple(keys) for unit, keys in self._notebook.reads.items() if keys}
        if PROJECT in noted:
            noted[PROJECT] = tuple({*noted[PROJECT], *known.reads.get(PROJECT, ())})
        reads = kept | noted
        volatile = volatile_units(noted, warm.host, self._files)
        updated = msgspec.structs.replace(
            known,
            files=stamps,
            reads=reads,
            answers=answers_to(reads, Answers(self._config, warm.find_macro)),
            counts=counts_of(manifest),
            volatile=(known.volatile - parsed) | volatile,
            warnings=tuple(self._emit.warnings),
        )
        with suppress(OSError, UnknownValueError, DamagedError):
            write_changes(self._path, state, updated, manifest, changed)

    # -- everything --------------------------------------------------------------------------

    def _whole(self, why: str, changes: Iterable[Change], *, told: bool = False) -> CachedParse:
        self._emit.warnings.clear()
        self._emit.silent = (ParseStarted,) if told else ()
        stamps = stamp_files(self._files)
        notebook = self._notebook
        notebook.reads.clear()
        with noting(notebook), notebook.unit(*PROJECT):
            parsed = ProjectParser(self._config, self._adapter, self._emit, self._found).parse()
        reads = {unit: tuple(keys) for unit, keys in notebook.reads.items() if keys}
        known = Known(
            settings=settings_of(self._config),
            files=stamps,
            reads=reads,
            answers=answers_to(reads, Answers(self._config, parsed.host.registry.macro)),
            hooks=tuple(pack(hook) for hook in parsed.manifest.hooks),
            counts=counts_of(parsed.manifest),
            volatile=volatile_units(reads, parsed.host, self._files),
            macros=macros_digest(parsed.manifest.macros.values()),
            warnings=tuple(self._emit.warnings),
            own_package_first=parsed.manifest.own_package_first,
        )
        with suppress(OSError, UnknownValueError, DamagedError):
            write_state(self._path, known, parsed.manifest)
            parsed = self._kept(parsed)
        return CachedParse(parsed, Reasons(why, tuple(changes)))

    def _kept(self, parsed: ParsedProject) -> ParsedProject:
        """``parsed`` on top of its state, from which parts of manifest.json can be taken."""
        found, state = parsed.manifest, open_state(self._path)
        manifest = state.manifest(found.metadata, lambda: found, at_hand=found)
        whole = msgspec.structs.replace(manifest, hooks=found.hooks)
        return ParsedProject(whole, parsed.make_host)


@contextmanager
def _few_collections() -> Iterator[None]:
    before = gc.get_threshold()
    gc.set_threshold(*_COLLECTIONS)
    try:
        yield
    finally:
        gc.set_threshold(*before)
