"""What can go wrong with the store's file, as faults that say what to do next."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlalchemy.exc import DatabaseError

from tidemill.errors import ConfigurationError, TidemillError

ERRORS = (DatabaseError, sqlite3.DatabaseError)
"""What a look into the file can raise: SQLAlchemy's errors, or the driver's own while connecting."""

DAMAGED = frozenset({"SQLITE_CORRUPT", "SQLITE_NOTADB"})
UNWRITABLE = frozenset({"SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_IOERR"})
FULL = frozenset({"SQLITE_FULL"})
BUSY = frozenset({"SQLITE_BUSY", "SQLITE_LOCKED"})


def kind_of(error: BaseException) -> str:
    """SQLite's primary name for ``error`` (``SQLITE_FULL``), or an empty text if it is not SQLite's.

    Extended names (``SQLITE_IOERR_WRITE``) are cut to the primary one.
    """
    original = getattr(error, "orig", None) or error
    if not isinstance(original, sqlite3.Error):
        return ""
    name = getattr(original, "sqlite_errorname", None) or ""
    return "_".join(name.split("_")[:2])


def reason_of(error: BaseException) -> str:
    """SQLite's own words for ``error``."""
    return str(getattr(error, "orig", None) or error)


def damaged(path: Path, reason: object) -> TidemillError:
    """The file is no database, or no longer a whole one."""
    return ConfigurationError(
        f"The run history {path} is damaged: {reason}",
        code="store-damaged",
        hint="move or delete the file. Only the history of runs is in it, no table of the warehouse",
    )


def newer(path: Path, revision: str) -> TidemillError:
    """The file was written by a version of Tidemill that this one does not know."""
    return ConfigurationError(
        f"The run history {path} was written by a newer Tidemill (its revision is {revision})",
        code="store-newer",
        hint="update Tidemill, or move the file away to start a new history",
    )


def busy(path: Path) -> TidemillError:
    """Another process holds the file for longer than anyone should wait."""
    return ConfigurationError(
        f"The run history {path} is locked by another process",
        code="store-busy",
        hint="wait for the other process to end, or look for one that hangs",
    )
