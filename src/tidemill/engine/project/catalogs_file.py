"""``catalogs.yml``: the catalogs that a warehouse may write tables to. What is wrong with it is said here.

Integrations themselves are for adapters that have any: the bridge's plugins. The native ones have none.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tidemill.engine.project.config_context import ConfigContext
from tidemill.engine.project.rendering import TreeRenderer
from tidemill.engine.project.yaml_loader import Document, load_mapping
from tidemill.errors import ConfigurationError, Place, did_you_mean

CATALOGS_FILE = "catalogs.yml"


def check_catalogs(root: Path, context: ConfigContext) -> None:
    """Raise ConfigurationError for a catalogs file that contradicts itself; nothing without a file."""
    path = root / CATALOGS_FILE
    if not path.is_file():
        return
    try:
        document = load_mapping(path.read_text(encoding="utf-8"), CATALOGS_FILE)
    except (OSError, UnicodeDecodeError) as error:
        place = Place(file=CATALOGS_FILE)
        raise ConfigurationError(f"{path} cannot be read: {error}", place=place) from error
    if not document.value:
        raise ConfigurationError(
            f"The file at {path} is empty", code="catalogs", place=Place(file=CATALOGS_FILE)
        )
    for index, written in enumerate(_list(document.value.get("catalogs"))):
        where = ("catalogs", index)
        problem = _problem(TreeRenderer(context, document.place_of).render(written))
        if problem is not None:
            raise _wrong(document, where, *problem)


def _problem(catalog: Any) -> tuple[str, str | None] | None:
    """What is wrong with one catalog, with a hint; None for a good one."""
    if not isinstance(catalog, dict) or not catalog.get("name"):
        return "a catalog needs a 'name'", None
    name = catalog["name"]
    written = _list(catalog.get("write_integrations"))
    if not all(isinstance(each, dict) and each.get("name") for each in written):
        return f"each of the 'write_integrations' of the catalog '{name}' needs a 'name'", None
    names = [str(each["name"]) for each in written]
    twice = next((each for each in names if names.count(each) > 1), None)
    if twice is not None:
        return (
            f"Catalog '{name}' cannot have multiple 'write_integrations' with the same name: '{twice}'.",
            None,
        )
    return _active_problem(name, catalog.get("active_write_integration"), names)


def _active_problem(
    name: str, active: str | None, names: list[str]
) -> tuple[str, str | None] | None:
    if active is None and len(names) == 1:
        return None
    if active is None:
        message = "must specify an 'active_write_integration' when multiple 'write_integrations' are provided."
        return f"Catalog '{name}' {message}", f"one of: {', '.join(names)}" if names else None
    if active not in names:
        message = "must specify an 'active_write_integration' from its set of defined"
        known = f"'write_integrations': {names}. Got: '{active}'."
        return f"Catalog '{name}' {message} {known}", did_you_mean(active, names)
    return None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _wrong(
    document: Document, where: tuple[str | int, ...], message: str, hint: str | None
) -> ConfigurationError:
    return ConfigurationError(message, code="catalogs", place=document.place_of(where), hint=hint)
