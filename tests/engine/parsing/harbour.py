"""The project ``tests/projects/harbour``, read, beside what dbt-core 1.11.16 makes of it.

``expected/harbour.json`` holds parts of the manifest that ``dbt parse`` wrote for the same folder.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from tidemill.engine.parsing.properties import parse_properties, properties_context
from tidemill.engine.parsing.property_entries import Properties
from tidemill.engine.project.config import RuntimeConfig
from tidemill.engine.project.files import discover
from tidemill.engine.project.loading import load_runtime

HERE = Path(__file__).parent
PROJECT = HERE.parent.parent / "projects" / "harbour"


@cache
def expected() -> dict[str, Any]:
    """What dbt makes of the project: by kind, then by unique id."""
    return json.loads((HERE / "expected" / "harbour.json").read_text(encoding="utf-8"))


@cache
def config() -> RuntimeConfig:
    return load_runtime(PROJECT, profiles_dir=PROJECT)


@cache
def properties() -> tuple[Properties, ...]:
    """All property files of the project and of its package."""
    return tuple(
        parse_properties(file, properties_context(config(), name))
        for name in ("harbour", "tools")
        for file in discover(config().packages[name])["properties"]
    )
