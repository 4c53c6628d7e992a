"""What of the environment goes into artifacts."""

from __future__ import annotations

import os

_PREFIX = "DBT_ENV_CUSTOM_ENV_"


def metadata_envs() -> dict[str, str]:
    """Environment variables that dbt passes on as metadata, without their prefix."""
    found = os.environ.items()
    return {k.removeprefix(_PREFIX): v for k, v in found if k.startswith(_PREFIX)}
