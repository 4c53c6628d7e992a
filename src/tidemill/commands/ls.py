"""``ls``: the resources that a selection means, one line each."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence

from tidemill.commands.opening import OpenProject
from tidemill.commands.selecting import Selecting, select_ids
from tidemill.commands.states import state_of
from tidemill.engine.selection import changes_since, list_output, reasons, reasons_behind
from tidemill.errors import UsageError
from tidemill.events import Message


def ls(
    project: OpenProject,
    selecting: Selecting | None = None,
    *,
    output: str = "selector",
    keys: Sequence[str] = (),
    explain: bool = False,
    emit: Callable[[Message], None] | None = None,
) -> Iterator[str]:
    """A line for each selected resource, in the order of unique ids.

    ``output`` is ``selector``, ``name``, ``path`` or ``json``; ``keys`` chooses the keys of ``json``.
    ``explain`` adds what changed of each since the state. Raises UsageError for words that cannot be read.
    """
    wanted = selecting or Selecting()
    ids = select_ids(project, "list", wanted, with_empty=True, emit=emit)
    lines = list_output(project.manifest, ids, output, keys=keys)
    if not explain:
        return lines
    return _explained(zip(lines, _reasons(project, wanted, ids), strict=True), output)


def _reasons(project: OpenProject, selecting: Selecting, ids: Sequence[str]) -> list[list[str]]:
    changes = changes_since(state_of(project, selecting), project.manifest, project.config)
    if changes is None:
        raise UsageError(
            "--explain says what changed since a state, but there is none to compare with",
            code="state-missing",
            hint="give the folder of another run's manifest.json: --state FOLDER",
        )
    found = {key: reasons(changes, key) for key in ids}
    modified = {key for key, why in found.items() if why}
    return [found[key] or reasons_behind(project.dag, modified, key) for key in ids]


def _explained(pairs: Iterable[tuple[str, list[str]]], output: str) -> Iterator[str]:
    for line, why in pairs:
        if output == "json":
            yield json.dumps({**json.loads(line), "changes": why})
        else:
            yield "\n".join([line, *(f"  {reason}" for reason in why)])
