"""SQL that is written from the profile: attached databases, secrets and settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tidemill.adapters.duckdb.credentials import Attachment, resolved
from tidemill.errors import ConfigurationError

SECRET_PREFIX = "_dbt_secret_"
"""Names of unnamed secrets begin so, as in dbt-duckdb."""


def literal(value: Any) -> str:
    """``value`` as a string literal."""
    return "'" + str(value).replace("'", "''") + "'"


def quoted(identifier: str) -> str:
    """``identifier`` in double quotes; those inside it are doubled."""
    return '"' + identifier.replace('"', '""') + '"'


def attach_sql(attachment: Attachment, root: Path) -> str:
    """ATTACH for one entry of the profile.

    Raises ConfigurationError when an option is given twice, as a key of its own and under ``options``.
    """
    sql = f"ATTACH IF NOT EXISTS {literal(_attached_path(attachment, root))}"
    if attachment.alias:
        sql += f" AS {quoted(attachment.alias)}"
    options = list(_attach_options(attachment))
    return f"{sql} ({', '.join(options)})" if options else sql


def _attached_path(attachment: Attachment, root: Path) -> str:
    kind = str(attachment.type or (attachment.options or {}).get("type") or "duckdb")
    # Others, such as Postgres, have connection strings in place of paths.
    is_file = kind.strip("'\"").lower() in {"duckdb", "sqlite"}
    return resolved(attachment.path, root) if is_file else attachment.path


def _attach_options(attachment: Attachment) -> Iterator[str]:
    options = {key.lower(): value for key, value in (attachment.options or {}).items()}
    own = {
        "type": attachment.type,
        "secret": attachment.secret,
        "read_only": attachment.read_only or None,
    }
    twice = sorted(key for key, value in own.items() if value is not None and key in options)
    if twice:
        raise ConfigurationError(
            f"attach '{attachment.path}': {', '.join(twice)} is given beside and under 'options'",
            code="profile-value",
            hint="give each option once",
        )
    merged = {key: options.pop(key, None) if value is None else value for key, value in own.items()}
    for key in ("type", "secret"):
        if merged[key]:
            yield f"{key.upper()} {merged[key]}"
    if merged["read_only"]:
        yield "READ_ONLY"
    for key, value in options.items():
        yield from _option(key.upper(), value)


def _option(key: str, value: Any) -> Iterator[str]:
    if isinstance(value, bool):
        if value:
            yield key
    elif isinstance(value, str):
        text = value.strip()
        is_quoted = len(text) >= 2 and text[0] == text[-1] and text[0] in "'\""
        yield f"{key} {value if is_quoted else literal(value)}"
    elif value is not None:
        yield f"{key} {value}"


def secret_sql(secret: Mapping[str, Any], number: int) -> str:
    """CREATE SECRET for one entry of the profile; unnamed ones are numbered from 1."""
    entries = {key: value for key, value in secret.items() if value is not None}
    name = entries.pop("name", f"{SECRET_PREFIX}{number}")
    persistent = " PERSISTENT" if entries.pop("persistent", False) is True else ""
    scope = entries.pop("scope", ())
    parts = [_secret_entry(key, value) for key, value in entries.items()]
    scopes = [scope] if isinstance(scope, str) else scope
    parts += [f"scope {literal(place)}" for place in scopes]
    return f"CREATE OR REPLACE{persistent} SECRET {name} ({', '.join(parts)})"


def _secret_entry(key: str, value: Any) -> str:
    if isinstance(value, Mapping):
        pairs = ", ".join(f"{literal(k)}: {literal(v)}" for k, v in value.items())
        return f"{key} map {{{pairs}}}"
    if isinstance(value, list | tuple):
        return f"{key} array [{', '.join(literal(item) for item in value)}]"
    if key in {"type", "provider", "extra_http_headers"}:
        return f"{key} {value}"
    return f"{key} {literal(value)}"


def setting_sql(name: str, value: Any) -> str:
    """SET for one entry of ``settings``; DuckDB casts the text to the setting's type."""
    return f"SET {name} = {literal(value)}"
