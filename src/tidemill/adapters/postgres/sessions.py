"""Opens sessions on the server that a profile names, and keeps idle ones for the next who asks.

A session that comes back is put into the state of a new one, so that nothing of one node reaches another.
Which statements run is not decided here.
"""

from __future__ import annotations

import threading
import time
from typing import Any

import psycopg

from tidemill.adapters.postgres import failures, loaders
from tidemill.adapters.postgres.credentials import Credentials

Session = psycopg.Connection[Any]


class Sessions:
    """The sessions of one adapter. Safe to share between threads."""

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials
        self._idle: list[Session] = []
        self._lock = threading.Lock()

    def take(self) -> Session:
        """An idle session, or a new one. Raises DatabaseError when the server cannot be reached."""
        while True:
            with self._lock:
                session = self._idle.pop() if self._idle else None
            if session is None:
                return self._connect()
            if not session.closed and not session.broken:
                return session

    def give_back(self, session: Session) -> None:
        """Keep a session for later, or close it when it is of no more use."""
        try:
            if self._is_wanted(session):
                session.execute("DISCARD ALL")
                self._take_role(session)
                with self._lock:
                    self._idle.append(session)
                return
        except psycopg.Error:
            pass  # a session that cannot be cleaned is closed
        session.close()

    def close(self) -> None:
        """Close the idle sessions."""
        with self._lock:
            idle, self._idle = self._idle, []
        for session in idle:
            session.close()

    def _is_wanted(self, session: Session) -> bool:
        with self._lock:
            has_room = len(self._idle) <= self._credentials.threads
        idle = session.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
        return has_room and idle and not session.broken

    def _connect(self) -> Session:
        """Connect, and try again after 0, 1, 4, 9 ... seconds as the profile's ``retries`` ask (dbt's pauses)."""
        credentials = self._credentials
        for attempt in range(max(0, credentials.retries) + 1):
            try:
                return self._connected()
            except psycopg.OperationalError as error:
                if attempt >= credentials.retries:
                    raise failures.unreachable(error, credentials.host, credentials.port) from error
                time.sleep(attempt * attempt)
        raise AssertionError("there is at least one attempt")

    def _connected(self) -> Session:
        session = psycopg.connect(
            autocommit=True, cursor_factory=psycopg.ClientCursor, **_parameters(self._credentials)
        )
        loaders.register(session)
        try:
            self._take_role(session)
        except psycopg.Error as error:
            session.close()
            raise failures.translate(error) from error
        return session

    def _take_role(self, session: Session) -> None:
        role = self._credentials.role
        if role:
            # As dbt writes it: a role that needs quotes has them in the profile.
            session.execute(f"set role {role}".encode())


def _parameters(credentials: Credentials) -> dict[str, Any]:
    """What libpq is told; entries that are empty are left to its defaults, as dbt-postgres does."""
    wanted = {
        "host": credentials.host,
        "port": credentials.port,
        "user": credentials.user,
        "password": credentials.password,
        "dbname": credentials.database,
        "connect_timeout": credentials.connect_timeout,
        "keepalives_idle": credentials.keepalives_idle or None,
        "sslmode": credentials.sslmode or None,
        "sslcert": credentials.sslcert,
        "sslkey": credentials.sslkey,
        "sslrootcert": credentials.sslrootcert,
        # Statements are sent as UTF-8, whatever the database keeps.
        "client_encoding": "UTF8",
        "application_name": credentials.application_name or None,
    }
    if credentials.search_path:
        path = credentials.search_path.replace(" ", "\\ ")
        wanted["options"] = f"-c search_path={path}"
    return {name: value for name, value in wanted.items() if value is not None}
