"""``ls``: the resources that a selection means, one line each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from tidemill.commands.opening import OpenProject
from tidemill.commands.selecting import Selecting, select_ids
from tidemill.engine.selection import list_output
from tidemill.events import Message


def ls(
    project: OpenProject,
    selecting: Selecting | None = None,
    *,
    output: str = "selector",
    keys: Sequence[str] = (),
    emit: Callable[[Message], None] | None = None,
) -> Iterator[str]:
    """A line for each selected resource, in the order of unique ids.

    ``output`` is ``selector``, ``name``, ``path`` or ``json``; ``keys`` chooses the keys of ``json``.
    Raises UsageError for words that cannot be read.
    """
    ids = select_ids(project, "list", selecting or Selecting(), with_empty=True, emit=emit)
    return list_output(project.manifest, ids, output, keys=keys)
