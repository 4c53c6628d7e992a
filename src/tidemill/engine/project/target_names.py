"""What templates see as ``target``: the connection without its secrets, as dbt shows it."""

from __future__ import annotations

import re
from typing import Any

from tidemill.engine.project.config import Target

_SECRET = re.compile(r"^pass$|password|passphrase|secret|token|private_key|keyfile|api_?key")
_SWITCHES = {
    "duckdb": frozenset({"retries", "keep_open", "module_paths", "flights", "is_ducklake"}),
}
"""Beside secrets, a few credentials that dbt's adapters leave out of ``target``."""


class NoTarget(dict[str, Any]):
    """``target`` where no profile is needed: every field is empty text, as in dbt."""

    def __missing__(self, key: str) -> str:
        return ""


def target_names(target: Target) -> dict[str, Any]:
    """dbt's ``target`` as a mapping, in dbt's order. Without a profile every field is empty."""
    if not target.type:
        return NoTarget()
    names = {
        key: value
        for key, value in target.credentials.items()
        if key not in {"type", "threads"}
        and key not in _SWITCHES.get(target.type, ())
        and not _SECRET.search(key)
    }
    return names | {
        "type": target.type,
        "threads": target.threads,
        "name": target.name,
        "target_name": target.name,
        "profile_name": target.profile_name,
    }
