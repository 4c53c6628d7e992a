"""What a parse depends on, as values that can be kept and compared: settings, files, and what files read.

Nothing is kept in clear: settings and values may hold what is nobody's business, so their digests are.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

import tidemill
from tidemill.engine.nodes import Macro
from tidemill.engine.project.config import RuntimeConfig
from tidemill.engine.project.files import ProjectFile
from tidemill.engine.project.loading import vars_for
from tidemill.engine.project.metadata import metadata_envs
from tidemill.engine.project.project_file import PROJECT_FILE
from tidemill.engine.project.reads import (
    CLI_VARS,
    ENV_VAR,
    FLAG,
    MACRO,
    METADATA,
    PROJECT_TEXT,
    PROJECT_VARS,
    THREADS,
    VAR,
    VOLATILE,
    Key,
)
from tidemill.engine.project.target_names import target_names

CLOCK = re.compile(r"\b(?:now|utcnow|today)\s*\(")
"""How a template that may use ``modules`` asks for the time."""
_RACY = 2_000_000_000
"""Nanoseconds. A file that was changed so shortly before it was read may change again under the same time."""


def digest(value: Any) -> bytes:
    """A short digest of a value; equal values have equal ones."""
    return blake2b(value if isinstance(value, bytes) else _encoded(value), digest_size=16).digest()


def _encoded(value: Any) -> bytes:
    try:
        return _encoder.encode(value)
    except TypeError:  # keys that YAML allows and this encoding does not
        return repr(value).encode()


_encoder = msgspec.msgpack.Encoder(enc_hook=repr)


# -- settings --------------------------------------------------------------------------------


def settings_of(config: RuntimeConfig) -> dict[str, bytes]:
    """Digests of everything that is not in a file of the project, by what people call it."""
    found = {"the version of Tidemill": _program(), "the target": digest(_target(config))}
    for name, project in config.packages.items():
        values = msgspec.structs.asdict(project)
        # What templates see of vars is noted where they are read, and so is the text of the file.
        values = {**values, "root": str(project.root), "vars": None}
        found[f"the project file of {name}"] = digest(values)
    found["the packages"] = digest([list(config.packages), config.internal_packages])
    return found


def _target(config: RuntimeConfig) -> Any:
    target = config.target
    names = {k: v for k, v in target_names(target).items() if k != "threads"}
    return [target.type, target.database, target.schema, names]


@lru_cache(maxsize=1)
def _program() -> bytes:
    """Version and files of this program, which may be a working copy."""
    folder = Path(tidemill.__file__).parent
    files = sorted(folder.glob("engine/**/*.py")) + sorted(folder.glob("adapters/**/*.py"))
    stamps = [(str(file), file.stat().st_mtime_ns, file.stat().st_size) for file in files]
    return digest([tidemill.__version__, sys.version, _jinja(), stamps])


def _jinja() -> str:
    """Where Jinja is, and since when, without loading it."""
    from importlib.util import find_spec

    found = find_spec("jinja2")
    path = Path((found and found.origin) or "")
    return f"{path} {path.stat().st_mtime_ns}"


# -- files -----------------------------------------------------------------------------------


class FileStamp(NamedTuple):
    """A file of the project as it was when it was parsed."""

    kind: str
    package: str
    path: str
    size: int
    times: tuple[int, int]
    """Of modification and of change, in nanoseconds; zeros where they cannot be trusted."""
    content: bytes
    """Digest."""


def state_of(file: ProjectFile) -> os.stat_result | None:
    """The file as the disk tells of it."""
    try:
        return os.stat(file.location)  # noqa: PTH116 - thousands of files
    except OSError:
        return None


def times_of(state: os.stat_result) -> tuple[int, int]:
    """The times of a file's last changes."""
    return state.st_mtime_ns, state.st_ctime_ns


def trusted(times: tuple[int, int], seen_at: int) -> tuple[int, int]:
    """``times`` to compare with later, or zeros if the file may have changed since under the same ones."""
    return times if seen_at - max(times) > _RACY else (0, 0)


def content_of(file: ProjectFile) -> bytes:
    """The digest of the file's content, or nothing where it cannot be read."""
    try:
        with open(file.location, "rb", buffering=0) as opened:  # noqa: PTH123 - thousands
            return digest(opened.readall())
    except OSError:
        return b""


# -- what files read -------------------------------------------------------------------------


class Answers:
    """Answers now, as digests, to the questions that files asked while they were parsed."""

    def __init__(self, config: RuntimeConfig, find_macro: Callable[[str], Macro | None]) -> None:
        self._config = config
        self._find_macro = find_macro
        self._vars: dict[str, dict[str, Any]] = {}
        self._known: dict[Key, bytes] = {}

    def of(self, key: Key) -> bytes | None:
        """The digest; None for what has another answer each time."""
        if key[0] == VOLATILE:
            return None
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = digest(self._value(key))
        return found

    def _value(self, key: Key) -> Any:
        kind, *names = key
        if kind == VAR:
            variables = self._vars_of(names[0])
            return [variables[names[1]]] if names[1] in variables else []
        if kind == ENV_VAR:
            value = os.environ.get(names[0])
            return [value] if value is not None else []
        if kind == MACRO:
            macro = self._find_macro(names[0])
            return [macro.macro_sql, macro.original_file_path] if macro is not None else []
        if kind == FLAG:
            from tidemill.engine.jinja.context import Flags

            flags = Flags(self._config.arguments)
            return flags.as_dict() if names == ["*"] else flags.get(names[0])
        if kind == THREADS:
            return self._config.target.threads
        if kind == METADATA:
            return metadata_envs()
        if kind == CLI_VARS:
            return self._config.cli_vars
        if kind == PROJECT_VARS:
            project = self._config.packages.get(names[0])
            return project.vars if project is not None else {}
        if kind == PROJECT_TEXT:
            return self._text_of(names[0])
        return []

    def _text_of(self, package: str) -> bytes:
        project = self._config.packages.get(package)
        try:
            return (project.root / PROJECT_FILE).read_bytes() if project is not None else b""
        except OSError:
            return b""

    def _vars_of(self, package: str) -> dict[str, Any]:
        if package not in self._vars:
            known = package in self._config.packages
            self._vars[package] = vars_for(self._config, package) if known else {}
        return self._vars[package]


def asks_the_clock(texts: Iterable[str]) -> bool:
    """Whether any of these templates may ask for the time."""
    return any(CLOCK.search(text) for text in texts)


def all_keys(reads: Mapping[Any, Iterable[Key]]) -> Iterator[Key]:
    """Every key once."""
    return iter(dict.fromkeys(key for keys in reads.values() for key in keys))
