"""Which plugins of dbt are installed, found by their folders: nothing of dbt is imported here."""

from __future__ import annotations

import sys
from pathlib import Path


def installed_types() -> list[str]:
    """The adapter types that installed plugins serve, sorted. Each has Python and macros of its own."""
    found = set()
    for entry in sys.path:
        folder = Path(entry or ".") / "dbt"
        for project in folder.glob("include/*/dbt_project.yml"):
            name = project.parent.name
            if (folder / "adapters" / name / "__init__.py").is_file():
                found.add(name)
    return sorted(found)


def is_installed(type_name: str) -> bool:
    """Whether a plugin for that type is there."""
    return type_name.isidentifier() and any(
        (Path(entry or ".") / "dbt" / "adapters" / type_name / "__init__.py").is_file()
        for entry in sys.path
    )


def distribution(type_name: str) -> str:
    """The name by which the plugin for a type is published: ``dbt-snowflake``."""
    return f"dbt-{type_name.replace('_', '-')}"


def described(type_name: str) -> str:
    """The plugin with its version, as far as that is known: ``dbt-snowflake 1.11.2``."""
    from importlib.metadata import PackageNotFoundError, version

    name = distribution(type_name)
    try:
        return f"{name} {version(name)}"
    except PackageNotFoundError:
        return name
