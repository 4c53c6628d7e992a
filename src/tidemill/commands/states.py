"""The earlier state that a command compares with or defers to, from its options."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from tidemill.commands.opening import OpenProject
from tidemill.engine.nodes import Node
from tidemill.errors import UsageError
from tidemill.events import Message

if TYPE_CHECKING:
    from tidemill.engine.artifacts.state import State

_SAME_FOLDER = "I072"


class StateOptions(Protocol):
    """dbt's options of the same names."""

    @property
    def state(self) -> str | None: ...
    @property
    def defer(self) -> bool: ...
    @property
    def defer_state(self) -> str | None: ...


def state_of(
    project: OpenProject, options: StateOptions, emit: Callable[[Message], None] | None = None
) -> State | None:
    """The artifacts in ``--state``; None without it. Raises ConfigurationError for unreadable ones."""
    if not options.state:
        return None
    folder = Path(options.state)
    if emit is not None and folder.resolve() == project.config.target_path.resolve():
        shown = folder.relative_to(project.root) if folder.is_relative_to(project.root) else folder
        text = (
            f"Warning: The state and target directories are the same: '{shown}'. What a command writes there "
            "takes the place of the state that the next one would compare with"
        )
        emit(Message(text=text, level="warn", code=_SAME_FOLDER))
    from tidemill.engine.artifacts.state import read_state

    return read_state(folder, project.config.target_path)


def deferred_nodes(project: OpenProject, options: StateOptions) -> Mapping[str, Node]:
    """What stands in for nodes that were not built, by unique id; nothing without ``--defer``.

    Raises UsageError where no state was given, or the folder has no manifest.
    """
    return state_nodes(project, options) if options.defer else {}


def defer_inline(project: OpenProject, options: StateOptions) -> None:
    """Let what is compiled outside a run defer as well. Raises like ``deferred_nodes``."""
    if options.defer:
        project.host().deferred = deferred_nodes(project, options)


def state_nodes(project: OpenProject, options: StateOptions) -> Mapping[str, Node]:
    """What the state built, by unique id. Raises UsageError where there is no such state."""
    folder = options.defer_state or options.state
    if not folder:
        raise UsageError(
            "--state or --defer-state are required for deferral, but neither was provided",
            code="state-missing",
            hint="give the folder of another run's manifest.json",
        )
    from tidemill.engine.artifacts.state import deferrable, read_state

    state = read_state(Path(folder), project.config.target_path)
    if state.manifest is None:
        raise UsageError(
            f"Could not find manifest in --state path: '{folder}'",
            code="state-missing",
            hint="the folder must hold the manifest.json of another run",
        )
    return deferrable(state.manifest)
