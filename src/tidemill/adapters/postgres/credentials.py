"""What a Postgres output of a profile says: checked, with dbt-postgres' names, defaults and order.

Nothing is connected here.
"""

from __future__ import annotations

from typing import Any

import msgspec

from tidemill.errors import ConfigurationError, did_you_mean

ALIASES = {"dbname": "database", "pass": "password"}
"""Other names of entries, which profiles may use."""

_REQUIRED = ("host", "user", "password", "port", "database", "schema")


class Credentials(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One output of type postgres. Holds a password: never log it.

    The order of the fields is that of ``target`` in dbt.
    """

    host: str
    port: int
    user: str
    database: str
    schema: str
    password: str
    connect_timeout: int = 10
    role: str | None = None
    """A role to SET on every connection."""
    search_path: str | None = None
    keepalives_idle: int = 0
    """Seconds; 0 leaves it to the system."""
    sslmode: str | None = None
    sslcert: str | None = None
    sslkey: str | None = None
    sslrootcert: str | None = None
    application_name: str | None = "dbt"
    autocommit: bool | None = False
    """Commit every statement by itself: no transactions."""
    retries: int = 1
    """How often to try again when the server cannot be reached."""
    type: str = "postgres"
    threads: int = 1

    def __repr__(self) -> str:
        return f"Credentials(host={self.host!r}, port={self.port}, database={self.database!r})"


def normalise(output: dict[str, Any], profile: str) -> dict[str, Any]:
    """One output of ``profile`` as plain values with defaults filled in, and ``dbname`` beside ``database``.

    Raises ConfigurationError for entries that are unknown, missing, contradictory or of a wrong type.
    """
    entries = _without_aliases(output, profile)
    _refuse_unknown(entries, profile)
    _require(entries, profile)
    values: dict[str, Any] = msgspec.to_builtins(_converted(entries, profile))
    return values | {"dbname": values["database"]}


def read(values: dict[str, Any]) -> Credentials:
    """The credentials that ``normalise`` gave."""
    return msgspec.convert({k: v for k, v in values.items() if k not in ALIASES}, Credentials)


def _without_aliases(output: dict[str, Any], profile: str) -> dict[str, Any]:
    entries: dict[str, Any] = {}
    for key, value in output.items():
        name = ALIASES.get(key, key)
        if name in entries:
            raise ConfigurationError(
                f"profile '{profile}': '{key}' and '{name}' are the same entry, and both are given",
                code="profile-entry",
                hint=f"remove '{key}'",
            )
        entries[name] = value
    return entries


def _refuse_unknown(entries: dict[str, Any], profile: str) -> None:
    known = [*Credentials.__struct_fields__, *ALIASES]
    for key in entries:
        if key not in known:
            raise ConfigurationError(
                f"profile '{profile}': a postgres output has no entry '{key}'",
                code="profile-entry",
                hint=did_you_mean(key, known) or f"known entries: {', '.join(known)}",
            )


def _require(entries: dict[str, Any], profile: str) -> None:
    missing = [name for name in _REQUIRED if entries.get(name) is None]
    if missing:
        names = ", ".join(f"'{name}'" for name in missing)
        raise ConfigurationError(
            f"profile '{profile}': a postgres output needs {names}",
            code="profile-entry",
            hint=f"add {names} to the output",
        )


_NUMBERS = ("port", "threads", "connect_timeout", "keepalives_idle", "retries")
_TEXTS = ("host", "user", "password", "database", "schema")


def _converted(entries: dict[str, Any], profile: str) -> Credentials:
    try:
        credentials = msgspec.convert(_plain(entries), Credentials)
    except msgspec.ValidationError as error:
        message, _, where = str(error).partition(" - at `$.")
        place = f", entry '{where.rstrip('`')}'" if where else ""
        raise ConfigurationError(
            f"profile '{profile}'{place}: {message[:1].lower()}{message[1:]}", code="profile-type"
        ) from error
    if not 0 <= credentials.port <= 65535:
        raise ConfigurationError(
            f"profile '{profile}': there is no port {credentials.port}",
            code="profile-value",
            hint="ports go from 0 to 65535; Postgres listens at 5432 unless told otherwise",
        )
    return credentials


def _plain(entries: dict[str, Any]) -> dict[str, Any]:
    """Numbers from the text that env_var() gives, and text from numbers that YAML saw in a password."""
    values = dict(entries)
    for name in _NUMBERS:
        text = values.get(name)
        if isinstance(text, str) and text.strip().isdigit():
            values[name] = int(text)
    for name in _TEXTS:
        if isinstance(values.get(name), int) and not isinstance(values[name], bool):
            values[name] = str(values[name])
    return values
