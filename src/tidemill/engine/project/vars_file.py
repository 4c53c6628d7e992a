"""``vars.yml``: a project's variables in a file of their own (dbt 1.12).

It is read before ``dbt_project.yml``, whose Jinja may use them. A project has its variables in one of
the two places, never in both.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tidemill.engine.project.yaml_loader import Document, describe_type, load_mapping
from tidemill.errors import ConfigurationError, Place, did_you_mean

VARS_FILE = "vars.yml"


def read_vars_file(folder: Path, *, shown: str = "") -> dict[str, Any]:
    """The variables in ``folder``'s vars.yml as written; empty without such a file.

    ``shown`` is the folder's name in places. Raises ParsingError for a file that is no YAML, and
    ConfigurationError for one that holds anything but variables.
    """
    path = folder / VARS_FILE
    if not path.is_file():
        return {}
    file = f"{shown}/{VARS_FILE}" if shown else VARS_FILE
    try:
        document = load_mapping(path.read_text(encoding="utf-8"), file)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"{path} cannot be read: {error}", code="vars-unreadable", place=Place(file=file)
        ) from error
    _check_keys(document)
    variables = document.value.get("vars") or {}
    if not isinstance(variables, dict):
        raise ConfigurationError(
            f"'vars' must be a mapping, and is {describe_type(variables)}",
            code="vars-file",
            place=document.place_of(("vars",)),
        )
    return variables


def seen_in_project_file(variables: Mapping[str, Any], project: Any) -> dict[str, Any]:
    """What ``var()`` sees in the project file: general variables, and over them the project's own."""
    own = variables.get(project)
    return {**variables, **(own if isinstance(own, dict) else {})}


def refuse_both_places(variables: Mapping[str, Any], document: Document) -> None:
    """Raise ConfigurationError when the project file has variables as well."""
    if variables and document.value.get("vars"):
        raise ConfigurationError(
            f"variables stand in {VARS_FILE} and here",
            code="vars-twice",
            place=document.place_of(("vars",)),
            hint=f"keep them in one place: move these to {VARS_FILE}",
        )


def _check_keys(document: Document) -> None:
    unknown = [key for key in document.value if key not in {"vars", "version"}]
    if unknown:
        raise ConfigurationError(
            f"unknown key '{unknown[0]}'",
            code="vars-file",
            place=document.place_of((unknown[0],)),
            hint=did_you_mean(str(unknown[0]), ["vars"]) or "variables stand under 'vars:'",
        )
