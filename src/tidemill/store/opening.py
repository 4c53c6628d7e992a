"""Open the store of a project: make the folder, bring the file to this version, or say why not.

A folder that cannot be written does not stop anyone's work: the store then lives in a temporary
place until the process ends, with what is known of the past copied into it.
"""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, Engine

from tidemill.errors import TidemillError
from tidemill.events import Message
from tidemill.store import faults
from tidemill.store.database import BUSY_SECONDS, Store, TemporaryFolder, make_engine

FOLDER = ".tidemill"
FILE = "store.db"
HEAD = "0001"
"""The newest migration. When the file has it, Alembic is not even imported."""

MIGRATIONS = Path(__file__).parent / "migrations"


def store_path(project_root: Path) -> Path:
    """Where the store of a project is."""
    return project_root / FOLDER / FILE


def open_store(project_root: Path, *, on_warning: Callable[[Message], None] | None = None) -> Store:
    """The store of the project in ``project_root``, made or migrated if need be.

    Several processes may do this at once. When the folder is read-only or the disk is full, the
    store is a temporary one, and ``on_warning`` is told so by the first who opens it.
    Raises ConfigurationError (``store-damaged``, ``store-newer``, ``store-busy``).
    """
    path = store_path(project_root)
    opened = _open_temporary(path) if _has_temporary(path) else _open_kept(path)
    if isinstance(opened, Store):
        return opened
    if on_warning is not None:
        on_warning(_not_kept(path, reason=opened))
    return _open_temporary(path)


def _open_kept(path: Path) -> Store | str:
    """The store at ``path``, or why it cannot be written."""
    try:
        _make_folder(path.parent)
        return _open(path, None)
    except OSError as error:
        return error.strerror or str(error)
    except faults.ERRORS as error:
        if faults.kind_of(error) not in faults.UNWRITABLE | faults.FULL:
            raise
        return faults.reason_of(error)


def _has_temporary(path: Path) -> bool:
    """Whether somebody in this process has the project's temporary store open."""
    with _temporary_lock:
        folder = _temporary.get(path)
        return folder is not None and not folder.is_gone


def _open_temporary(path: Path) -> Store:
    """A store that lasts as long as somebody in this process has it open.

    All who open the same project share it, so that a server sees the runs that it starts.
    It begins as a copy of ``path`` if that can be read.
    """
    with _temporary_lock:
        folder = _temporary.get(path)
        if folder is None or folder.is_gone:
            folder = _temporary[path] = TemporaryFolder()
            for suffix in ("", "-wal"):
                _copy_if_readable(path.with_name(path.name + suffix), folder.path)
        try:
            return _open(folder.path / FILE, folder)
        except TidemillError:
            # Copied while somebody wrote: go on without the past.
            folder = _temporary[path] = TemporaryFolder()
            return _open(folder.path / FILE, folder)


_temporary: dict[Path, TemporaryFolder] = {}
_temporary_lock = threading.Lock()


def _not_kept(path: Path, reason: str) -> Message:
    return Message(
        level="warn",
        code="store-not-kept",
        text=f"The history of this run is not kept: {path} cannot be written ({reason})",
    )


def _copy_if_readable(file: Path, folder: Path) -> None:
    try:
        shutil.copyfile(file, folder / file.name)
    except OSError:
        return


def _make_folder(folder: Path) -> None:
    """The folder, with a ``.gitignore`` that keeps it out of anyone's repository."""
    folder.mkdir(parents=True, exist_ok=True)
    ignore = folder / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n", encoding="utf-8")


def _open(path: Path, folder: TemporaryFolder | None) -> Store:
    store = Store(path, make_engine(path), folder)
    if folder is not None:
        folder.hold(store)
    try:
        _prepare(store)
    except faults.ERRORS as error:
        store.close()
        kind = faults.kind_of(error)
        if kind in faults.DAMAGED:
            raise faults.damaged(path, faults.reason_of(error)) from None
        if kind in faults.BUSY:
            raise faults.busy(path) from None
        raise
    except BaseException:
        store.close()
        raise
    return store


def _prepare(store: Store) -> None:
    _use_write_ahead_log(store.engine)
    with store.reading() as connection:
        revision = _revision(connection)
    if revision != HEAD:
        with store.writing() as connection:
            _migrate(store.path, connection)


def _use_write_ahead_log(engine: Engine) -> None:
    """Readers and one writer at a time then do not wait for each other. The file remembers it.

    The switch itself does not wait for its turn as statements do, so two processes that make the
    same file need this loop.
    """
    give_up = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            with engine.connect() as connection:
                driver = connection.connection.driver_connection
                assert driver is not None
                driver.execute("pragma journal_mode=wal").close()
                return
        except Exception as error:
            if faults.kind_of(error) not in faults.BUSY or time.monotonic() > give_up:
                raise
        time.sleep(0.02)


def _revision(connection: Connection) -> str | None:
    """The file's migration, or None for an empty file."""
    table = "select 1 from sqlite_master where name = 'alembic_version'"
    if connection.exec_driver_sql(table).first() is None:
        return None
    row = connection.exec_driver_sql("select version_num from alembic_version").first()
    return None if row is None else str(row[0])


def _migrate(path: Path, connection: Connection) -> None:
    """Apply all missing steps in the one transaction of ``connection``: all of them, or none."""
    # Another process may have been first while this one waited for its turn.
    revision = _revision(connection)
    if revision == HEAD:
        return
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory
    from alembic.util.exc import CommandError

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    if revision is not None:
        try:
            ScriptDirectory.from_config(config).get_revision(revision)
        except CommandError:
            raise faults.newer(path, revision) from None
    command.upgrade(config, HEAD)
