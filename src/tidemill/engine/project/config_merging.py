"""How two layers of configuration become one, key by key, by dbt's rules.

Lists of hooks, tags and packages grow; ``meta``, ``docs``, ``quoting`` and their like are updated;
``grants`` grow under keys with ``+``; everything else is replaced.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tidemill.engine.project.config_kinds import DEFAULTS
from tidemill.engine.project.yaml_loader import describe_type

HOOK_KEYS = ("pre-hook", "post-hook")
_HOOK_SPELLINGS = {"pre_hook": "pre-hook", "post_hook": "post-hook"}
_APPEND = frozenset({"tags", "packages"})
_UPDATE = frozenset({"quoting", "column_types", "meta", "docs", "contract"})
_GRANTS = "grants"
_REPLACED = {"source": frozenset({"tags"}), "exposure": frozenset({"tags", "meta"})}
"""Keys that a later layer replaces, for kinds that do not merge them as others do."""
_MERGED = {
    kind: frozenset(defaults.keys() - _REPLACED.get(kind, frozenset()))
    for kind, defaults in DEFAULTS.items()
}


class ConfigProblem(Exception):
    """One key of a layer cannot be merged. Turned into a ParsingError by those who know the place."""

    def __init__(self, key: str, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.key = key
        self.message = message
        self.hint = hint


def merge_layer(config: dict[str, Any], layer: Mapping[str, Any], kind: str) -> None:
    """Lay ``layer`` over ``config``, in place. Raises ConfigProblem.

    Only keys that the kind has defaults for merge; those of others replace each other, and hooks of kinds
    without hooks are dropped, as in dbt.
    """
    own = _MERGED[kind]
    for written, value in layer.items():
        key = _HOOK_SPELLINGS.get(written, written)
        if key in own:
            config[key] = _merged(key, config[key], value)
        elif key not in HOOK_KEYS:
            config[key] = value


def _merged(key: str, old: Any, new: Any) -> Any:
    if key in HOOK_KEYS:
        return [*old, *hooks(key, new)]
    if key in _APPEND:
        return [*listed(old), *listed(new)]
    if key in _UPDATE:
        return {**_mapping(key, old), **_mapping(key, new)}
    if key == _GRANTS:
        return _merged_grants(_mapping(key, old), _mapping(key, new))
    return new


def hooks(key: str, value: Any) -> list[dict[str, Any]]:
    """Hooks as dbt keeps them: ``{"sql", "transaction", "index"}``. Raises ConfigProblem."""
    return [_hook(key, hook) for hook in listed(value) if hook is not None]


def listed(value: Any) -> list[Any]:
    """``value`` if it is a list, else a list of it."""
    return list(value) if isinstance(value, list | tuple) else [value]


def _hook(key: str, hook: Any) -> dict[str, Any]:
    if isinstance(hook, str):
        hook = _from_text(hook)
    if not isinstance(hook, dict) or not isinstance(hook.get("sql"), str):
        raise ConfigProblem(
            key,
            f"a {key} must be SQL, or a mapping with the key 'sql'; this is {describe_type(hook)}",
        )
    transaction = hook.get("transaction", True)
    if not isinstance(transaction, bool):
        raise ConfigProblem(key, f"'transaction' of a {key} must be true or false")
    return {"sql": hook["sql"], "transaction": transaction, "index": hook.get("index")}


def _from_text(text: str) -> Any:
    """A hook written as text may be a mapping in JSON, as ``before_begin()`` makes it."""
    try:
        value = json.loads(text)
    except ValueError:
        return {"sql": text}
    return value if isinstance(value, dict) else {"sql": text}


def _mapping(key: str, value: Any) -> Mapping[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise ConfigProblem(key, f"'{key}' must be a mapping, and is {describe_type(value)}")
    return value


def _merged_grants(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    merged = {privilege: listed(grantees) for privilege, grantees in old.items()}
    for written, grantees in new.items():
        privilege = written.lstrip("+") if written.startswith("+") else written
        if written.startswith("+") and privilege in merged:
            merged[privilege] = [*merged[privilege], *listed(grantees)]
        else:
            merged[privilege] = listed(grantees)
    return merged
