"""Keeps secrets out of messages and files: values of secret variables, and passwords in addresses."""

from __future__ import annotations

import os
import re

from tidemill.engine.project.config_context import SECRET_PREFIX

MASK = "*****"
_CREDENTIALS = re.compile(r"(?<=://)[^/@\s]+:[^/@\s]+(?=@)")


def without_secrets(text: str) -> str:
    """``text`` with the values of secret environment variables replaced (dbt's rule for lock files)."""
    values = [value for key, value in os.environ.items() if key.startswith(SECRET_PREFIX) and value]
    for value in sorted(values, key=len, reverse=True):
        text = text.replace(value, MASK)
    return text


def shown(text: str) -> str:
    """``text`` as it may be shown: also without passwords that stand in an address."""
    return _CREDENTIALS.sub(MASK, without_secrets(text))
