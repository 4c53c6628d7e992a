"""What a DuckDB output of a profile says: checked, with dbt-duckdb's defaults, as values.

Nothing is opened here. Entries that dbt-duckdb knows and Tidemill does not serve are refused by name.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec

from tidemill.errors import ConfigurationError, did_you_mean

MEMORY = ":memory:"

UNSUPPORTED = {
    "remote": "a remote server (Buena Vista) is a service of dbt-duckdb",
    "plugins": "dbt-duckdb's plugins are Python code written for dbt",
    "flights": "MotherDuck Flights run on MotherDuck only",
    "motherduck_token": "MotherDuck needs an extension that is downloaded from the network",
}
"""Entries that dbt-duckdb knows, with the reason why they are refused here."""


class Attachment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Another database to attach."""

    path: str
    type: str | None = None
    alias: str | None = None
    secret: str | None = None
    read_only: bool = False
    options: dict[str, Any] | None = None
    is_ducklake: bool | None = None


class Extension(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An extension from a repository other than DuckDB's own."""

    name: str
    repo: str


class Retries(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How often to try again, after pauses of 1, 2, 4 ... seconds."""

    connect_attempts: int = 1
    query_attempts: int | None = None
    retryable_exceptions: tuple[str, ...] = ("IOException",)
    """Names of exception classes of the ``duckdb`` package."""


class Credentials(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One output of type duckdb. Holds secrets: never log it."""

    type: str = "duckdb"
    threads: int = 1
    path: str = MEMORY
    database: str = ""
    schema: str = "main"
    config_options: dict[str, Any] | None = None
    """What DuckDB takes only while it opens a database."""
    settings: dict[str, Any] | None = None
    """What is SET on every connection."""
    extensions: tuple[str | Extension, ...] | None = None
    secrets: tuple[dict[str, Any], ...] | None = None
    attach: tuple[Attachment, ...] | None = None
    filesystems: tuple[dict[str, Any], ...] | None = None
    module_paths: tuple[str, ...] | None = None
    external_root: str = "."
    use_credential_provider: str | None = None
    disable_transactions: bool = False
    keep_open: bool = True
    retries: Retries | None = None
    is_ducklake: bool | None = None

    def __repr__(self) -> str:
        return f"Credentials(path={self.path!r}, database={self.database!r})"

    @property
    def in_memory(self) -> bool:
        return self.path.startswith(MEMORY)

    def ducklake_databases(self) -> frozenset[str]:
        """Names of the databases that are DuckLakes, by flag or by path."""
        found = {self.database} if _is_ducklake(self.is_ducklake, self.path) else set[str]()
        for attached in self.attach or ():
            if _is_ducklake(attached.is_ducklake, attached.path):
                found.add(attached.alias or database_name(attached.path))
        return frozenset(found)


def normalise(output: dict[str, Any], profile: str) -> dict[str, Any]:
    """One output of ``profile`` as plain values, with defaults and the database's name filled in.

    Raises ConfigurationError for entries that are unknown, of a wrong type, contradictory or not supported.
    """
    entries = {key: value for key, value in output.items() if value is not None}
    _refuse_unsupported(entries, profile)
    _refuse_unknown(entries, profile)
    credentials = _converted(entries, profile)
    _refuse_motherduck(credentials, profile)
    credentials = _with_credential_provider(credentials, profile)
    named = msgspec.structs.replace(credentials, database=_database(credentials, profile))
    return {key: value for key, value in msgspec.to_builtins(named).items() if value is not None}


def read(values: dict[str, Any]) -> Credentials:
    """The credentials that ``normalise`` gave."""
    return msgspec.convert(values, Credentials)


def database_name(path: str) -> str:
    """The name that DuckDB gives to the database of a path: the file's name up to the first dot."""
    if path.startswith(MEMORY):
        return path.removeprefix(MEMORY) or "memory"
    last = path.split("?", maxsplit=1)[0].replace("\\", "/").rstrip("/").rpartition("/")[2]
    return last.rpartition(":")[2].lstrip(".").split(".")[0]


def resolved(path: str, root: Path) -> str:
    """A file's path as an absolute one: relative paths mean the project's folder.

    Left alone are ``:memory:`` and whatever has a scheme (``s3://...``, ``ducklake:...``).
    """
    if path.startswith(MEMORY) or re.match(r"[A-Za-z][A-Za-z0-9+.-]+:", path):
        return path
    return str(root / Path(path).expanduser())


def _is_ducklake(flag: bool | None, path: str) -> bool:
    return bool(flag) or "ducklake:" in path.lower()


def _refuse_unsupported(entries: dict[str, Any], profile: str) -> None:
    for key, why in UNSUPPORTED.items():
        if entries.pop(key, None):
            raise ConfigurationError(
                f"profile '{profile}': '{key}' is not supported: {why}",
                code="profile-unsupported",
                hint=f"remove '{key}' from the output",
            )


def _refuse_unknown(entries: dict[str, Any], profile: str) -> None:
    known = Credentials.__struct_fields__
    for key in entries:
        if key not in known:
            raise ConfigurationError(
                f"profile '{profile}': a duckdb output has no entry '{key}'",
                code="profile-entry",
                hint=did_you_mean(key, known) or f"known entries: {', '.join(known)}",
            )


def _converted(entries: dict[str, Any], profile: str) -> Credentials:
    try:
        return msgspec.convert(_with_whole_threads(entries), Credentials)
    except msgspec.ValidationError as error:
        message, _, where = str(error).partition(" - at `$.")
        place = f", entry '{where.rstrip('`')}'" if where else ""
        raise ConfigurationError(
            f"profile '{profile}'{place}: {message[:1].lower()}{message[1:]}",
            code="profile-type",
        ) from error


def _with_whole_threads(entries: dict[str, Any]) -> dict[str, Any]:
    # An env_var() in the profile gives text.
    threads = entries.get("threads")
    if isinstance(threads, str) and threads.strip().isdigit():
        return {**entries, "threads": int(threads)}
    return entries


def _refuse_motherduck(credentials: Credentials, profile: str) -> None:
    paths = [credentials.path, *(attached.path for attached in credentials.attach or ())]
    for path in paths:
        if path.lower().startswith(("md:", "motherduck:")):
            raise ConfigurationError(
                f"profile '{profile}': '{path.split('?')[0]}' is on MotherDuck, which is not supported",
                code="profile-unsupported",
                hint="use the path of a local file",
            )


def _with_credential_provider(credentials: Credentials, profile: str) -> Credentials:
    provider = credentials.use_credential_provider
    if provider is None:
        return credentials
    if provider != "aws":
        raise ConfigurationError(
            f"profile '{profile}': use_credential_provider can only be 'aws', not '{provider}'",
            code="profile-value",
        )
    chain = {"type": "s3", "provider": "credential_chain"}
    secrets = (*(credentials.secrets or ()), chain)
    return msgspec.structs.replace(credentials, secrets=secrets, use_credential_provider=None)


def _database(credentials: Credentials, profile: str) -> str:
    """The profile's ``database``, which must be the path's or that of an attached database."""
    derived = database_name(credentials.path)
    if not derived:
        raise ConfigurationError(
            f"profile '{profile}': no database name can be taken from the path '{credentials.path}'",
            code="profile-value",
            hint="name a file, such as dev.duckdb",
        )
    given = credentials.database
    aliases = {attached.alias for attached in credentials.attach or () if attached.alias}
    if given and given != derived and given not in aliases:
        raise ConfigurationError(
            f"profile '{profile}': the path '{credentials.path}' holds the database '{derived}', "
            f"but 'database' says '{given}'",
            code="profile-value",
            hint=f"set database to '{derived}' or remove it, or attach a database with alias '{given}'",
        )
    return given or derived
