"""Methods that compare with an earlier run. They need its artifacts, which no command reads yet."""

from __future__ import annotations

from collections.abc import Iterator

from tidemill.engine.selection.expressions import Criterion
from tidemill.engine.selection.scope import Scope
from tidemill.errors import UsageError


def needs_state(_scope: Scope, criterion: Criterion) -> Iterator[str]:
    """Always raises UsageError: nothing to compare with is at hand."""
    raise UsageError(
        f"The selector {criterion.raw!r} compares with a stored state, and there is none",
        code="selector-state",
        hint=f"'{criterion.method}:' comes with stored state; "
        "until then select by name, tag, path or config",
    )
