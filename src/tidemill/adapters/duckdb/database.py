"""Opens the database that a profile describes, and hands out cursors of it.

DuckDB itself shares one instance of a file among all that open it in a process. Which statements run is not
decided here.
"""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tidemill.adapters.duckdb.credentials import Credentials, Extension, resolved
from tidemill.adapters.duckdb.failures import translate
from tidemill.adapters.duckdb.statements import attach_sql, secret_sql, setting_sql
from tidemill.errors import ConfigurationError, DatabaseError, TidemillError

if TYPE_CHECKING:
    import duckdb


class Database:
    """The open database of one adapter. ``open`` and ``close`` may be called repeatedly."""

    def __init__(self, credentials: Credentials, root: Path) -> None:
        self._credentials = credentials
        self._root = root
        self._main: duckdb.DuckDBPyConnection | None = None
        self.is_shut = False
        """True when the process is ending."""
        # DuckDB refuses two calls on one connection at a time, so all use of the main one is behind this.
        self._lock = threading.Lock()

    @property
    def path(self) -> str:
        """The file's absolute path, or ``:memory:``."""
        return resolved(self._credentials.path, self._root)

    def open(self) -> None:
        """Open the file. Raises DatabaseError or ConfigurationError when that fails."""
        with self._lock:
            self._opened()

    def bare_cursor(self) -> duckdb.DuckDBPyConnection:
        """A new connection to the database, which is opened when it is not."""
        with self._lock:
            return self._opened().cursor()

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A new connection to the database, with the profile's settings."""
        import duckdb

        cursor = self.bare_cursor()
        try:
            for name, value in (self._credentials.settings or {}).items():
                cursor.execute(setting_sql(name, value))
        except duckdb.Error as error:
            cursor.close()
            raise self._scrubbed(error) from error
        return cursor

    def close(self) -> None:
        """Close the main connection. The file is free when all cursors are closed as well."""
        with self._lock:
            if self._main is not None:
                self._main.close()
                self._main = None

    def shut(self) -> None:
        """Open nothing any more."""
        self.is_shut = True

    def _opened(self) -> duckdb.DuckDBPyConnection:
        if self.is_shut:
            raise DatabaseError("the process is ending", code="database-shut")
        if self._main is None:
            main = self._connect()
            try:
                self._prepare(main)
            except BaseException:
                main.close()
                raise
            self._main = main
        return self._main

    def _connect(self) -> duckdb.DuckDBPyConnection:
        import duckdb

        retries = self._credentials.retries
        attempts = max(1, retries.connect_attempts if retries else 1)
        names = retries.retryable_exceptions if retries else ()
        config = dict(self._credentials.config_options or {})
        for attempt in range(attempts):
            try:
                return duckdb.connect(self.path, read_only=False, config=config)
            except duckdb.Error as error:
                if attempt + 1 == attempts or type(error).__name__ not in names:
                    raise self._scrubbed(error) from error
                time.sleep(2**attempt)
        raise AssertionError("connect_attempts is at least 1")

    def _prepare(self, main: duckdb.DuckDBPyConnection) -> None:
        """All that the profile asks for once per database."""
        import duckdb

        credentials = self._credentials
        self._add_module_paths()
        try:
            for sql in self._own_settings():
                main.execute(sql)
            for extension in credentials.extensions or ():
                _load_extension(main, extension)
            for number, secret in enumerate(credentials.secrets or (), start=1):
                main.execute(secret_sql(secret, number))
            self._register_filesystems(main)
            for attachment in credentials.attach or ():
                main.execute(attach_sql(attachment, self._root))
        except duckdb.Error as error:
            raise self._scrubbed(error) from error

    def _own_settings(self) -> list[str]:
        """SET GLOBAL, which later cursors inherit, for what we want unless the profile says otherwise."""
        own = {
            # A build must not reach for the network because some SQL names an extension.
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            # A table that does not exist must not be looked up among our Python variables.
            "python_enable_replacements": "false",
            # dbt runs inside the project's folder, so that models may read files by relative paths.
            "file_search_path": str(self._root),
        }
        given = {*(self._credentials.config_options or {}), *(self._credentials.settings or {})}
        return [setting_sql(f"GLOBAL {key}", own[key]) for key in own if key not in given]

    def _add_module_paths(self) -> None:
        for entry in self._credentials.module_paths or ():
            path = resolved(entry, self._root)
            if path not in sys.path:
                sys.path.append(path)

    def _register_filesystems(self, main: duckdb.DuckDBPyConnection) -> None:
        for entry in self._credentials.filesystems or ():
            options = dict(entry)
            name = options.pop("fs", None)
            try:
                import fsspec  # type: ignore[import-not-found, import-untyped, unused-ignore]

                main.register_filesystem(fsspec.filesystem(name, **options))
            except (ImportError, ValueError) as error:
                raise ConfigurationError(
                    f"the profile's filesystem '{name}' cannot be used: {error}",
                    code="filesystem",
                    hint="filesystems need the package fsspec and the one that serves this kind",
                ) from error

    def _scrubbed(self, error: duckdb.Error) -> TidemillError:
        """``error`` translated, without the values of secrets that DuckDB quotes in its messages."""
        text = str(error)
        for value in self._secret_values():
            text = text.replace(value, "***")
        return translate(type(error)(text))

    def _secret_values(self) -> list[str]:
        entries = [*(self._credentials.secrets or ()), self._credentials.settings or {}]
        hidden = ("secret", "token", "password", "key")
        return [
            str(value)
            for entry in entries
            for name, value in entry.items()
            if any(word in name.lower() for word in hidden) and len(str(value)) > 3
        ]


def _load_extension(main: duckdb.DuckDBPyConnection, extension: str | Extension) -> None:
    """Load, and install before only what is not there: a build in the wheel has some, and may be offline."""
    name = extension if isinstance(extension, str) else extension.name
    known = main.execute(
        "select loaded, installed from duckdb_extensions() "
        "where extension_name = ? or list_contains(aliases, ?)",
        [name, name],
    ).fetchone()
    loaded, installed = known or (False, False)
    if loaded:
        return
    if not installed:
        source = "" if isinstance(extension, str) else f" FROM {extension.repo}"
        main.execute(f"INSTALL {name}{source}")
    main.execute(f"LOAD {name}")
