"""Postgres' errors as ours: its words, a place in the statement, and what to do next."""

from __future__ import annotations

from typing import NamedTuple

import psycopg

from tidemill.adapters.base import SQL_PLACE
from tidemill.errors import Cancelled, DatabaseError, Place, TidemillError


class _Kind(NamedTuple):
    """A kind of failure: our code, what to do next, and whether trying again may help."""

    code: str
    hint: str | None = None
    retryable: bool = False


_AGAIN = "another session changed the same rows or objects at the same time: run it again"
_KINDS: dict[str, _Kind] = {
    "08": _Kind(
        "connection-lost", "check that the server runs and can be reached, then run it again", True
    ),
    "25006": _Kind("database-read-only", "the transaction or the server is read-only"),
    "28": _Kind("login-refused", "check 'user' and 'password' in the profile"),
    "3D000": _Kind("database-path", "create the database, or correct 'dbname' in the profile"),
    "40001": _Kind("transaction-conflict", _AGAIN, True),
    "40P01": _Kind("transaction-conflict", _AGAIN, True),
    "42501": _Kind(
        "permission-denied", "grant the right to the profile's user, or use another 'role'"
    ),
    "53100": _Kind("disk-full", "free some space on the server's disk"),
    "53200": _Kind("out-of-memory", "lower the number of threads, or give the server more memory"),
    "53300": _Kind(
        "too-many-connections", "lower 'threads' in the profile, or close other sessions", True
    ),
    "55P03": _Kind("locked", "another session holds a lock: run it again", True),
    "57P01": _Kind("connection-lost", "the server ended the session: run it again", True),
    "57P02": _Kind("connection-lost", "the server crashed: look at its log", True),
    "57P03": _Kind("server-starting", "the server is not ready yet: run it again", True),
}
"""Kinds by SQLSTATE: the whole of it, or its class (the first two characters)."""


def translate(error: psycopg.Error, sql: str | None = None, *, shift: int = 0) -> TidemillError:
    """The error of ours that stands for ``error``, with the place inside ``sql`` where Postgres tells it.

    ``shift`` is how many characters ran in front of ``sql``.
    """
    state = error.sqlstate or ""
    if isinstance(error, psycopg.errors.QueryCanceled) and "user request" in str(error):
        return Cancelled("the statement was cancelled")
    kind = _KINDS.get(state) or _KINDS.get(state[:2]) or _Kind("database")
    failure = DatabaseError(
        str(error).strip(),
        code=kind.code,
        place=place_in(error.diag.statement_position, sql, shift) if sql else None,
        # Where Postgres has a hint of its own, it stands in its message already.
        hint=None if error.diag.message_hint else kind.hint,
    )
    failure.retryable = kind.retryable
    return failure


def unreachable(error: psycopg.Error, host: str, port: int) -> DatabaseError:
    """The error for a connection that could not be made."""
    text = str(error).strip()
    code, hint = "connection-refused", f"is there a Postgres server at {host}, port {port}?"
    for words, other_code, other_hint in _REFUSALS:
        if words in text:
            code, hint = other_code, other_hint
            break
    failure = DatabaseError(text, code=code, hint=hint)
    failure.retryable = code == "connection-refused"
    return failure


_REFUSALS = (
    (
        "could not translate host name",
        "host-unknown",
        "correct 'host' in the profile, or check the network",
    ),
    ("failed to resolve host", "host-unknown", "correct 'host' in the profile"),
    ("password authentication failed", "login-refused", "check 'user' and 'password'"),
    ("no pg_hba.conf entry", "login-refused", "the server does not let this user in from here"),
    ("role ", "login-refused", "check 'user' and 'role' in the profile"),
    ("database ", "database-path", "create the database, or correct 'dbname' in the profile"),
    ("does not support SSL", "ssl", "set 'sslmode' to prefer or disable"),
    ("certificate", "ssl", "check 'sslrootcert', 'sslcert' and 'sslkey' in the profile"),
)
"""What a refused connection says (psycopg gives no SQLSTATE for it), our code, and what to do next."""


def place_in(position: str | None, sql: str, shift: int = 0) -> Place | None:
    """The place inside ``sql`` of a position that Postgres counts in characters from 1."""
    if not position or not position.isdigit() or int(position) <= shift:
        return None
    before = sql[: int(position) - 1 - shift]
    return Place(
        file=SQL_PLACE, line=before.count("\n") + 1, column=len(before) - before.rfind("\n")
    )
