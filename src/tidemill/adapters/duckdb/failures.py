"""DuckDB's exceptions as errors for people: what happened, where, and what to do next."""

from __future__ import annotations

import re
from typing import NamedTuple

from tidemill.adapters.base import SQL_PLACE
from tidemill.errors import Cancelled, DatabaseError, Place, TidemillError

_LINE = re.compile(r"^LINE (\d+): (.*)\n( *)\^", re.MULTILINE)
_HEAD = re.compile(r"(?:\s+|--[^\n]*|/\*.*?\*/)+", re.DOTALL)
_LOCK = re.compile(r'lock on file "([^"]*)".*?(?:held in (.*?) \(PID (\d+)\))?(?:\.|$)', re.DOTALL)
_EXTENSION = re.compile(
    r"the (\w+) extension|extension \"?(\w+)|Extension \"(\w+)\" is an existing"
)


class _Kind(NamedTuple):
    """A kind of failure: a pattern in DuckDB's words, our code, and what to do next."""

    pattern: re.Pattern[str]
    code: str
    hint: str
    retryable: bool = False


def _kind(pattern: str, code: str, hint: str, *, retryable: bool = False) -> _Kind:
    return _Kind(re.compile(pattern, re.IGNORECASE), code, hint, retryable)


_KINDS = (
    _kind(
        "No space left on device|disk full|failed to offload data block",
        "disk-full",
        "free some space on the disk, or let the setting temp_directory name another one",
    ),
    _kind(
        "not a valid DuckDB database|Corrupt database file|Could not read enough bytes|"
        "not a DuckDB database|WAL file .* corrupt|replaying WAL",
        "database-corrupt",
        "the file is damaged or is no DuckDB database: restore it, or move it away to start anew",
    ),
    _kind(
        "Trying to read a database file with version|serialization version|newer version of DuckDB",
        "database-version",
        "the file was written by another version of DuckDB: use that version, or build anew",
    ),
    _kind(
        "Read-only file system|attached in read-only mode|opened in read-only mode",
        "database-read-only",
        "write to another folder, or open the database without read_only",
    ),
    _kind(
        "Permission denied",
        "permission-denied",
        "check the owner and the permissions of the file and of its folder",
    ),
    _kind("Is a directory", "database-path", "the path is a folder: name a file in it"),
    _kind(
        "Cannot open file.*No such file or directory|Cannot open database.*does not exist",
        "database-path",
        "create the folder, or correct 'path' in the profile",
    ),
    _kind(
        "Failed to download extension|Failed to install|Could not establish connection",
        "extension-download",
        "extensions are downloaded from the network: go online once, or remove it from the profile",
    ),
    _kind(
        'Extension ".*" not found',
        "extension-missing",
        "there is no such extension on this machine: check its name, or install it",
    ),
    _kind(
        "unrecognized configuration parameter|options were not recognized",
        "setting-unknown",
        "correct the name under 'settings' or 'config_options' in the profile",
    ),
    _kind(
        "different configuration than existing connections",
        "database-shared",
        "this process has the file open with other config_options: give both the same",
    ),
    _kind("could not allocate|out of memory", "out-of-memory", "raise the setting memory_limit"),
    _kind(
        "write-write conflict|Conflict on|Transaction conflict|Failed to commit",
        "transaction-conflict",
        "another connection changed the same object at the same time: run it again",
        retryable=True,
    ),
)


def translate(error: Exception, sql: str | None = None) -> TidemillError:
    """The error of ours that stands for ``error``, with the place inside ``sql`` where DuckDB tells it."""
    import duckdb

    text = str(error).strip()
    if isinstance(error, duckdb.InterruptException):
        return Cancelled("the statement was cancelled")
    locked = _locked(text)
    if locked is not None:
        return locked
    code, hint, retryable = _classified(text)
    failure = DatabaseError(text, code=code, place=place_in(text, sql) if sql else None, hint=hint)
    failure.retryable = retryable
    return failure


def place_in(text: str, sql: str) -> Place | None:
    """The place inside ``sql`` that a message of DuckDB points at; ``sql`` ran without the blanks in front.

    DuckDB shows the statement without the comments in front of it, but counts the position of a binder error from
    the start of the text, so that its line is wrong by those. Parser errors are shown right.
    """
    match = _LINE.search(text)
    if match is None:
        return None
    ran = sql.lstrip()
    head = _HEAD.match(ran)
    line, shown = int(match[1]), match[2]
    caret = len(match[3]) - len(f"LINE {line}: ")
    for candidate in (ran, ran[head.end() :] if head else ran):
        if _shows(candidate, line, shown):
            offset = _offset(candidate, line, shown, caret)
            return _place(sql, len(sql) - len(ran) + offset)
    return None


def _place(sql: str, offset: int) -> Place:
    before = sql[:offset]
    return Place(file=SQL_PLACE, line=before.count("\n") + 1, column=offset - before.rfind("\n"))


def _offset(sql: str, line: int, shown: str, caret: int) -> int:
    """The position in ``sql`` of a caret below what is shown of one of its lines."""
    lines = sql.split("\n")
    cut = len("...") if shown.startswith("...") else 0
    column = lines[line - 1].find(_uncut(shown)) + caret - cut
    return sum(len(text) + 1 for text in lines[: line - 1]) + max(column, 0)


def _shows(sql: str, line: int, shown: str) -> bool:
    lines = sql.split("\n")
    return line <= len(lines) and _uncut(shown) in lines[line - 1]


def _uncut(shown: str) -> str:
    """A long line is shown in part, with dots where it was cut."""
    return shown.removeprefix("...").removesuffix("...")


def _locked(text: str) -> TidemillError | None:
    if "Could not set lock" not in text and "Conflicting lock" not in text:
        return None
    match = _LOCK.search(text)
    file, program, pid = match.groups() if match else (None, None, None)
    holder = f"process {pid} ({program})" if pid else "another process"
    stop = f"close what uses it (for instance: kill {pid})" if pid else "close what uses it"
    return DatabaseError(
        f"the database file {file or ''} is locked by {holder}\n{text}",
        code="database-locked",
        hint=f"{stop}, or point the profile at another file; DuckDB lets one process write at a time",
    )


def _classified(text: str) -> tuple[str, str | None, bool]:
    extension = missing_extension(text)
    if extension is not None and "Failed to download" not in text:
        hint = f"install the extension once (INSTALL {extension}) and list it under 'extensions' in the profile"
        return "extension-missing", hint, False
    for kind in _KINDS:
        if kind.pattern.search(text):
            return kind.code, kind.hint, kind.retryable
    return "database", None, False


def missing_extension(text: str) -> str | None:
    """The extension that a message of DuckDB asks for."""
    asks = ("Please try installing and loading", "Install it first using", "requires the extension")
    if not any(words in text for words in asks):
        return None
    match = re.search(r"INSTALL (\w+)", text) or _EXTENSION.search(text)
    return next((name for name in match.groups() if name), None) if match else None
