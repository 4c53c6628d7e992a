"""One open store: a SQLite file, its connections and its transactions. No query is made here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event

BUSY_SECONDS = 10.0
"""How long a writer waits for another one. A transaction here lasts milliseconds."""

_WRITING = "tidemill_writing"


class Store:
    """The open store. Safe to use from several threads; close it when done.

    ``temporary`` is what to let go at the end if the store does not outlive the process.
    """

    def __init__(
        self, path: Path, engine: Engine, temporary: TemporaryFolder | None = None
    ) -> None:
        self.path = path
        self.engine = engine
        self._temporary = temporary

    @property
    def survives(self) -> bool:
        """False if what is written here is gone after the process."""
        return self._temporary is None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one moment of the store and never waits for writers."""
        with self.engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that writes. Writers of all processes take turns."""
        with (
            self.engine.connect().execution_options(**{_WRITING: True}) as connection,
            connection.begin(),
        ):
            yield connection

    def close(self) -> None:
        """Give back all connections. Safe to call twice."""
        self.engine.dispose()
        if self._temporary is not None:
            self._temporary.let_go(self)


class TemporaryFolder:
    """The place of a store that nobody keeps: shared by those who opened it, gone with the last."""

    def __init__(self) -> None:
        self._folder = TemporaryDirectory(prefix="tidemill-", ignore_cleanup_errors=True)
        self._users: set[Store] = set()

    @property
    def path(self) -> Path:
        return Path(self._folder.name)

    @property
    def is_gone(self) -> bool:
        return not self.path.exists()

    def hold(self, store: Store) -> None:
        """Stay at least until ``store`` lets go."""
        self._users.add(store)

    def let_go(self, store: Store) -> None:
        """``store`` is closed. Safe to call twice."""
        self._users.discard(store)
        if not self._users:
            self._folder.cleanup()


def make_engine(path: Path) -> Engine:
    """An engine for the file at ``path``, which need not exist yet."""
    engine = create_engine(
        f"sqlite+pysqlite:///{path}",
        # The driver must not begin transactions by itself: a reader that turns writer in the
        # middle fails under load, so a writer says at once that it is one.
        connect_args={"timeout": BUSY_SECONDS, "isolation_level": None},
        pool_size=8,
        max_overflow=32,
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _record: Any) -> None:
    """Settings that live as long as a connection."""
    for setting in ("synchronous=normal", "foreign_keys=on", "journal_size_limit=16777216"):
        connection.execute(f"pragma {setting}").close()


def _begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get(_WRITING)
    connection.exec_driver_sql("begin immediate" if writing else "begin")
