"""Values to JSON bytes, always the same bytes for the same value; and times as dbt writes them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec

_WORDS = {True: "true", False: "false", None: "null"}


def encode(value: Any) -> bytes:
    """``value`` as JSON. What JSON has no word for (objects of user code) becomes text."""
    return _encoder.encode(value)


def _text(value: Any) -> str:
    """Keys that YAML allows and JSON does not (true, null) are written as the json module does."""
    return _WORDS[value] if value is None or isinstance(value, bool) else str(value)


_encoder = msgspec.json.Encoder(enc_hook=_text, decimal_format="number")


def utc(seconds: float) -> str:
    """Unix seconds as dbt writes times: ``2026-11-20T21:34:59.082669Z``."""
    return _iso(seconds) + "Z"


def utc_with_offset(seconds: float) -> str:
    """Unix seconds as dbt writes them in ``run_started_at``: ``2026-11-20T21:34:58.701405+00:00``."""
    return _iso(seconds) + "+00:00"


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None).isoformat()
