"""An output of the profile as a plugin's credentials: its own classes say what is right and what is missing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from tidemill.adapters.bridge.finding import distribution
from tidemill.adapters.bridge.loading import Plugin
from tidemill.errors import ConfigurationError, did_you_mean

ENTRIES = "secret_entries"
"""Where the entries stand as the profile has them, secrets included; ``target`` never shows them."""
_OURS = frozenset({"type", "threads"})


def normalise(plugin: Plugin, output: dict[str, Any], profile: str) -> dict[str, Any]:
    """What ``target`` may show, with the plugin's defaults, and beside it the entries themselves.

    Raises ConfigurationError for what the plugin does not take, with the nearest name.
    """
    entries = {key: value for key, value in output.items() if key not in _OURS}
    credentials = read(plugin, entries, profile)
    shown = {
        key: value
        for key, value in credentials.connection_info(with_aliases=True)
        if key not in _OURS
    }
    return shown | {
        "type": plugin.type,
        "threads": output.get("threads", 1),
        "database": credentials.database,
        "schema": credentials.schema,
        ENTRIES: entries,
    }


def read(plugin: Plugin, entries: dict[str, Any], profile: str = "") -> Any:
    """The plugin's own credentials."""
    from dbt_common.dataclass_schema import ValidationError
    from dbt_common.exceptions import DbtBaseException

    kind = plugin.credentials
    try:
        data = kind.translate_aliases(dict(entries))
        kind.validate(data)
        return kind.from_dict(data)
    except ValidationError as error:
        where = ".".join(str(part) for part in error.path)
        message = f"{where}: {error.message}" if where else str(error.message)
        raise _refused(plugin, profile, message, entries) from error
    except DbtBaseException as error:
        raise _refused(plugin, profile, str(getattr(error, "msg", error)), entries) from error


def _refused(
    plugin: Plugin, profile: str, message: str, entries: Iterable[str]
) -> ConfigurationError:
    known = [*(field.name for field in fields(plugin.credentials)), *plugin.credentials._ALIASES]
    hints = [did_you_mean(name, known) for name in entries if name not in known]
    hint = next((text for text in hints if text), None)
    return ConfigurationError(
        f"profile '{profile}': {distribution(plugin.type)} does not take these credentials: {message}",
        code="profile-entry",
        hint=hint or f"the profile's entries are those that {distribution(plugin.type)} documents",
    )
