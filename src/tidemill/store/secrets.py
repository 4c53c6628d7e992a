"""Keep secrets out of the store: their values are replaced in every text before it is written.

Names of things are left alone: an id with a hole in it would no longer be found.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from tidemill.events import AnyEvent

MASK = "*****"
ENVIRONMENT_PREFIX = "DBT_ENV_SECRET"
"""dbt's rule: the values of such variables never appear in anything that is written."""

_NAMES = frozenset(
    {"type", "run_id", "unique_id", "name", "resource_type", "status", "node", "nodes", "code"}
)

_SECRET_WORDS = ("password", "passphrase", "token", "secret", "private_key", "access_key", "key_id")

_SHORTEST = 4
"""Shorter values of a profile are left alone: masking them would only make texts unreadable."""


def secrets_of_environment() -> tuple[str, ...]:
    """The values of all secret environment variables."""
    found = (value for name, value in os.environ.items() if name.startswith(ENVIRONMENT_PREFIX))
    return tuple(value for value in found if value)


def secrets_of(settings: Any) -> tuple[str, ...]:
    """The values in ``settings``, at any depth, whose names say that they are secret."""
    return tuple(_secret_values(settings, secret=False))


def _secret_values(value: Any, *, secret: bool) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield from _secret_values(item, secret=secret or _names_a_secret(str(name)))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _secret_values(item, secret=secret)
    elif secret and isinstance(value, str) and len(value) >= _SHORTEST:
        yield value


def _names_a_secret(name: str) -> bool:
    return name.lower() != "secrets" and any(word in name.lower() for word in _SECRET_WORDS)


class Scrubber:
    """Replaces the given secrets, the longest first, in the texts of events."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets = sorted({secret for secret in secrets if secret}, key=len, reverse=True)

    def __call__(self, event: AnyEvent) -> AnyEvent:
        if not self._secrets or not self._appears(msgspec.json.encode(event).decode()):
            return event
        cleaned = self._clean(msgspec.to_builtins(event))
        return msgspec.convert(cleaned, type=type(event))

    def text(self, text: str) -> str:
        """``text`` with every secret masked."""
        for secret in self._secrets:
            text = text.replace(secret, MASK)
        return text

    def _appears(self, encoded: str) -> bool:
        # As JSON a secret may be written with escapes.
        return any(
            s in encoded or msgspec.json.encode(s).decode()[1:-1] in encoded for s in self._secrets
        )

    def _clean(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {k: v if k in _NAMES else self._clean(v) for k, v in value.items()}
        if isinstance(value, list | tuple):
            return [self._clean(item) for item in value]
        return value
