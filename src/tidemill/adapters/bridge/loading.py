"""Imports a plugin of dbt, and says what it consists of. dbt-core stays out, even where it is installed."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from tidemill.adapters.bridge.finding import distribution
from tidemill.errors import ConfigurationError

_CORE = "dbt.node_types"
"""The module of dbt-core that dbt-adapters imports where it finds it, and needs for nothing here."""


class Plugin(NamedTuple):
    """What a plugin brings along."""

    type: str
    adapter: Any
    """Its adapter class."""
    credentials: Any
    """Its class of credentials."""
    packages: dict[str, Path]
    """Its packages of macros, and those of the plugins that it builds on: names and folders, own first."""
    type_names: tuple[str, ...]
    """Its type, and those of the plugins that it builds on."""


def load_plugin(type_name: str) -> Plugin:
    """Import the plugin for a type. Raises ConfigurationError when it, or what it needs, is missing."""
    chain = list(_with_dependencies(type_name))
    first = chain[0]
    return Plugin(
        type=first.adapter.type(),
        adapter=first.adapter,
        credentials=first.credentials,
        packages={entry.project_name: Path(entry.include_path) for entry in chain},
        type_names=tuple(entry.adapter.type() for entry in chain),
    )


def _with_dependencies(type_name: str) -> Iterator[Any]:
    waiting, seen = [type_name], {type_name}
    while waiting:
        entry = _imported(waiting.pop(0)).Plugin
        yield entry
        new = [name for name in entry.dependencies if name not in seen]
        seen.update(new)
        waiting += new


def _imported(type_name: str) -> ModuleType:
    try:
        with _without_core():
            module = import_module(f"dbt.adapters.{type_name}")
    except ImportError as error:
        raise ConfigurationError(
            f"the plugin {distribution(type_name)} cannot be imported: {error}",
            code="adapter-plugin",
            hint=f'pip install "tidemill[bridge]" {distribution(type_name)}',
        ) from error
    enter()
    return module


@contextmanager
def _without_core() -> Iterator[None]:
    """dbt-core's modules cost more than all others together, so they are not found for a while."""
    if _CORE in sys.modules:
        yield
        return
    sys.modules[_CORE] = None  # type: ignore[assignment] # Python's way to say: there is none
    try:
        yield
    finally:
        del sys.modules[_CORE]


def enter() -> None:
    """Make dbt's own context in this thread, where there is none yet."""
    from dbt_common import context

    try:
        context.get_invocation_context()
    except LookupError:
        context.set_invocation_context(os.environ)
