"""Finds what has changed since a state was written: settings, files, and answers that files got."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Literal

import msgspec

from tidemill.engine.parsing.cache.inputs import (
    Answers,
    FileStamp,
    content_of,
    settings_of,
    state_of,
    times_of,
    trusted,
)
from tidemill.engine.parsing.cache.state import Known
from tidemill.engine.project.config import RuntimeConfig
from tidemill.engine.project.files import ProjectFile
from tidemill.engine.project.reads import MACRO, PROJECT, Key, Unit


class WholeNeededError(Exception):
    """The change reaches further than the files that it is in."""


class WiderNeededError(Exception):
    """Other files have to be parsed as well: ``units`` says why."""

    def __init__(self, units: Mapping[Unit, str]) -> None:
        super().__init__(", ".join(path for _, path in units))
        self.units = units


FileKey = tuple[str, str, str]
"""Kind, package and path."""
Files = Mapping[FileKey, ProjectFile]


class Change(msgspec.Struct, frozen=True):
    """One reason to parse something anew."""

    what: Literal["settings", "added", "removed", "edited", "read", "volatile", "reached"]
    why: str
    """For people: ``the variable 'day' has another value``."""
    key: FileKey | None = None
    """The file that was added, removed or edited."""
    unit: Unit | None = None
    """The file that reads what has changed, or that another one's change reaches."""

    def __str__(self) -> str:
        place = self.key[1:] if self.key is not None else self.unit
        return f"{place[1]}: {self.why}" if place is not None and place != PROJECT else self.why


def settings_changes(known: Known, config: RuntimeConfig) -> list[Change]:
    """Settings that differ."""
    now = settings_of(config)
    names = dict.fromkeys((*known.settings, *now))
    return [
        Change("settings", f"{name} has changed")
        for name in names
        if known.settings.get(name) != now.get(name)
    ]


def stamp_files(
    files: Files, known: Mapping[FileKey, FileStamp] | None = None
) -> dict[FileKey, FileStamp]:
    """The files as they are now. Those with the size and times of ``known`` are not read."""
    known = known or {}
    seen_at = time.time_ns()
    found = {}
    for key, file in files.items():
        state, old = state_of(file), known.get(key)
        if state is None:
            found[key] = FileStamp(*key, -1, (0, 0), b"")
        elif old is not None and old[3:5] == (state.st_size, times_of(state)):
            found[key] = old
        else:
            times = trusted(times_of(state), seen_at)
            found[key] = FileStamp(*key, state.st_size, times, content_of(file))
    return found


def file_changes(
    old: Mapping[FileKey, FileStamp], new: Mapping[FileKey, FileStamp]
) -> Iterator[Change]:
    """Files that came, went, or have another content."""
    if new is old:
        return
    for key, stamp in new.items():
        before = old.get(key)
        if before is None:
            yield Change("added", "it is new", key=key)
        elif before is not stamp and before.content != stamp.content:
            yield Change("edited", "it was edited", key=key)
    for key in old:
        if key not in new:
            yield Change("removed", "it is gone", key=key)


def read_changes(known: Known, answers: Answers, *, same_macros: bool) -> Iterator[Change]:
    """Files that would read something else now. Macros need not be looked at if they are the ``same``."""
    changed = {
        key
        for key, answer in known.answers.items()
        if not (same_macros and key[0] == MACRO) and answers.of(key) != answer
    }
    if changed:
        for unit, keys in known.reads.items():
            for key in keys:
                if key in changed:
                    yield Change("read", _told(key), unit=unit)
                    break
    for unit in known.volatile:
        yield Change("volatile", "it asks for the time, or what else differs each time", unit=unit)


_TELLERS = {
    "var": "the variable '{1}' has another value",
    "env_var": "the environment variable '{0}' has another value",
    "macro": "the macro '{0}' was edited",
    "flag": "the flag '{0}' has another value",
    "threads": "the number of threads is another",
    "cli_vars": "the variables of the command line are others",
    "project_vars": "the variables of {0} were edited",
    "project_text": "the project file of {0} was edited",
    "metadata": "environment variables for artifacts have changed",
}


def _told(key: Key) -> str:
    return _TELLERS.get(key[0], "what it reads has changed").format(*key[1:])
