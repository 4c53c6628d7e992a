"""Values to JSON bytes, always the same bytes for the same value; and times as dbt writes them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

_encoder = msgspec.json.Encoder(enc_hook=str, decimal_format="number")


def encode(value: Any) -> bytes:
    """``value`` as JSON. What JSON has no word for (objects of user code) becomes text."""
    try:
        return _encoder.encode(value)
    except TypeError:
        return _encoder.encode(_with_text_keys(value))


def utc(seconds: float) -> str:
    """Unix seconds as dbt writes times: ``2026-11-20T21:34:59.082669Z``."""
    return _iso(seconds) + "Z"


def utc_with_offset(seconds: float) -> str:
    """Unix seconds as dbt writes them in ``run_started_at``: ``2026-11-20T21:34:58.701405+00:00``."""
    return _iso(seconds) + "+00:00"


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None).isoformat()


def _with_text_keys(value: Any) -> Any:
    """YAML allows keys that JSON does not (true, null); they are written as the json module does."""
    if isinstance(value, Mapping):
        return {_text_key(key): _with_text_keys(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_with_text_keys(inner) for inner in value]
    return value


def _text_key(key: Any) -> str:
    if isinstance(key, str):
        return key
    words = {True: "true", False: "false", None: "null"}
    return words[key] if key is None or isinstance(key, bool) else str(key)
