"""Adding a package to packages.yml for ``--add-package``, leaving the rest of the file as people wrote it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec
import yaml

from tidemill.engine.installing.lock import dump
from tidemill.engine.project.packages import DEPENDENCIES_FILE, PACKAGES_FILE
from tidemill.engine.project.yaml_loader import load_mapping
from tidemill.errors import ConfigurationError

SourceKind = Literal["hub", "git", "local"]
_ADDRESS_KEYS = ("package", "git", "local", "tarball", "private")


class Added(msgspec.Struct, frozen=True, kw_only=True):
    """What ``add_package`` did."""

    file: Path
    created: bool
    removed: tuple[dict[str, Any], ...]


def add_package(root: Path, name: str, version: str | None, source: SourceKind) -> Added:
    """Add one entry, in place of those that name the same package already.

    Raises ParsingError for a file that is no YAML, ConfigurationError when it cannot be written.
    """
    path = _file_of(root)
    created = not path.exists()
    text = "packages: []\n" if created else path.read_text(encoding="utf-8")
    entries = load_mapping(text, path.name).value.get("packages") or []
    doubles = [index for index, entry in enumerate(entries) if names_package(entry, name)]
    changed = _edited(text, doubles, _entry(name, version, source))
    try:
        path.write_text(changed, encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(
            f"{path} cannot be written: {error.strerror or error}", code="cannot-write"
        ) from error
    return Added(file=path, created=created, removed=tuple(entries[index] for index in doubles))


def names_package(entry: Any, name: str) -> bool:
    """Whether an entry means the package ``name``, from wherever: a hub's ``a/b_c`` is ``.../b-c.git`` too."""
    if not isinstance(entry, Mapping):
        return False
    address = next((str(entry[key]) for key in _ADDRESS_KEYS if entry.get(key)), "")
    full = {name, name.replace("_", "-"), name.replace("-", "_")}
    wanted = full | {variant.rpartition("/")[2] for variant in full}
    return any(re.search(rf"(^|[/.]){re.escape(word)}($|[/.])", address) for word in wanted)


def _file_of(root: Path) -> Path:
    """dependencies.yml where the packages stand there, else packages.yml."""
    path = root / DEPENDENCIES_FILE
    if path.is_file():
        text = path.read_text(encoding="utf-8")
        if "packages" in load_mapping(text, path.name).value:
            return path
    return root / PACKAGES_FILE


def _entry(name: str, version: str | None, source: SourceKind) -> dict[str, Any]:
    entry: dict[str, Any] = {"package" if source == "hub" else source: name}
    if version:
        parts = [part.strip() for part in version.split(",")]
        key = "revision" if source == "git" else "version"
        entry[key] = parts[0] if len(parts) == 1 else parts
    return entry


def _edited(text: str, removed: list[int], entry: dict[str, Any]) -> str:
    """The file with the entry added. Comments and layout stay, except in a list on one line."""
    node = _packages_node(text)
    if node is None or node.flow_style or not node.value:
        return _rewritten(text, removed, entry)
    lines = text.splitlines(keepends=True)
    first = node.value[0].start_mark.line
    starts = [_with_comments(lines, item.start_mark.line) for item in node.value]
    end = _last_line(lines, starts[-1], node.end_mark.line)
    spans = [*starts, end]
    column = node.value[0].start_mark.column
    new = _block(entry, lines[first].index("-"), column)
    kept = lines[: starts[0]]
    for index in range(len(starts)):
        if index not in removed:
            kept += lines[spans[index] : spans[index + 1]]
    if kept and not kept[-1].endswith("\n"):
        kept[-1] += "\n"
    return "".join([*kept, new, *lines[end:]])


def _packages_node(text: str) -> yaml.SequenceNode | None:
    top = yaml.compose(text, Loader=yaml.SafeLoader)
    if not isinstance(top, yaml.MappingNode):
        return None
    for key, value in top.value:
        if key.value == "packages" and isinstance(value, yaml.SequenceNode):
            return value
    return None


def _with_comments(lines: list[str], start: int) -> int:
    """The first line of an entry: comments right above it belong to it."""
    while start and lines[start - 1].lstrip().startswith("#"):
        start -= 1
    return start


def _last_line(lines: list[str], start: int, end: int) -> int:
    """The line after the last entry; comments and gaps behind it are not its own."""
    last = min(end, len(lines)) if end > start else len(lines)
    while last - 1 > start and not lines[last - 1].split("#")[0].strip():
        last -= 1
    return last


def _block(entry: dict[str, Any], dash: int, width: int) -> str:
    inner = yaml.safe_dump(entry, default_flow_style=False, sort_keys=False).splitlines()
    first = " " * dash + "-" + " " * max(width - dash - 1, 1)
    rest = " " * len(first)
    return "".join(f"{first if index == 0 else rest}{line}\n" for index, line in enumerate(inner))


def _rewritten(text: str, removed: list[int], entry: dict[str, Any]) -> str:
    value = load_mapping(text, PACKAGES_FILE).value
    entries = value.get("packages") or []
    kept = [item for index, item in enumerate(entries) if index not in removed]
    return dump({**value, "packages": [*kept, entry]})
