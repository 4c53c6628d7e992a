"""The nodes that a command is about, from the options that all verbs share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from tidemill.commands.opening import OpenProject
from tidemill.commands.states import state_of
from tidemill.engine.selection import resource_types_for, select
from tidemill.events import Message


class Selecting(msgspec.Struct, frozen=True, kw_only=True):
    """Which nodes: dbt's options of the same names."""

    select: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    selector: str | None = None
    resource_types: tuple[str, ...] = ()
    exclude_resource_types: tuple[str, ...] = ()
    indirect_selection: str = "eager"
    state: str | None = None
    """The folder of artifacts to compare with, and to defer to."""
    defer: bool = False
    favor_state: bool = False
    defer_state: str | None = None

    @property
    def arguments(self) -> dict[str, Any]:
        """As flags by dbt's names."""
        found: Mapping[str, Any] = msgspec.structs.asdict(self)
        return {name: list(v) if isinstance(v, tuple) else v for name, v in found.items()}


def select_ids(
    project: OpenProject,
    command: str,
    selecting: Selecting,
    *,
    with_empty: bool = False,
    emit: Callable[[Message], None] | None = None,
) -> list[str]:
    """Unique ids for ``command``, sorted. Words that match nothing are told to ``emit``.

    Raises UsageError for words that cannot be read.
    """
    types = resource_types_for(command, selecting.resource_types, selecting.exclude_resource_types)
    return select(
        project.manifest,
        project.dag,
        selecting.select,
        selecting.exclude,
        config=project.config,
        indirect=selecting.indirect_selection,
        resource_types=types,
        selector=selecting.selector,
        with_empty=with_empty,
        state=state_of(project, selecting, emit),
        emit=emit or project.emit,
    )
