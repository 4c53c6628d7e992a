"""``package-lock.yml``: which versions were chosen, in dbt's form, so that both tools read one file."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
import yaml

from tidemill.engine.installing.resolving import Pin
from tidemill.engine.installing.wishes import Wish, wishes_of
from tidemill.engine.project.config_context import ConfigContext
from tidemill.engine.project.packages import check_entries
from tidemill.engine.project.rendering import TreeRenderer
from tidemill.engine.project.yaml_loader import load_mapping
from tidemill.errors import ConfigurationError, raise_faults

LOCK_FILE = "package-lock.yml"
HASH_KEY = "sha1_hash"


class Lock(msgspec.Struct, frozen=True, kw_only=True):
    """A lock file: what to install, and for which wishes it was made."""

    entries: tuple[dict[str, Any], ...]
    """Rendered: may hold secrets."""
    written: tuple[dict[str, Any], ...]
    fingerprint: str | None

    @property
    def wishes(self) -> list[Wish]:
        return wishes_of(self.entries, self.written)


def read_lock(root: Path, context: ConfigContext) -> Lock | None:
    """The lock file of the project in ``root``, or None. Raises ConfigurationError or ProjectFaults."""
    path = root / LOCK_FILE
    if not path.is_file():
        return None
    document = load_mapping(path.read_text(encoding="utf-8"), LOCK_FILE)
    written = document.value.get("packages") or []
    renderer = TreeRenderer(context, document.place_of)
    entries = renderer.render(written, ("packages",))
    raise_faults([*renderer.faults, *check_entries(entries, document)])
    return Lock(
        entries=tuple(entries),
        written=tuple(written),
        fingerprint=document.value.get(HASH_KEY),
    )


def write_lock(root: Path, pins: Iterable[Pin], fingerprint: str) -> Path:
    """Write the lock file, byte for byte as dbt writes it. Raises ConfigurationError."""
    path = root / LOCK_FILE
    content = {"packages": [pin.entry for pin in pins], HASH_KEY: fingerprint}
    try:
        path.write_text(dump(content), encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(
            f"{path} cannot be written: {error.strerror or error}", code="cannot-write"
        ) from error
    return path


def dump(content: dict[str, Any]) -> str:
    """YAML in the layout of dbt's package files: list items are indented below their key."""
    text: str = yaml.dump(content, Dumper=_Indented, default_flow_style=False)
    return text


class _Indented(yaml.SafeDumper):
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)
