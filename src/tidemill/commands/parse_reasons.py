"""What a parse did and why, for the log: in dbt's words where dbt has some."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidemill.events import Message

if TYPE_CHECKING:
    from tidemill.engine.parsing.cached import Reasons

_DBTS_WORDS = {
    "there is no state yet": "saved manifest not found",
    "the target has changed": "profile has changed",
    "a macro came or went": "change detected to override macro",
}
"""dbt's words for reasons, by how ours begin."""


def told(reasons: Reasons) -> Message:
    """One line, at the level of debugging."""
    if reasons.whole is not None:
        why = next((d for own, d in _DBTS_WORDS.items() if reasons.whole.startswith(own)), None)
        text = f"Unable to do partial parsing because {why or reasons.whole}. Starting full parse."
        return Message(text=text, level="debug", code="I024")
    if not reasons.changes:
        return Message(text="Nothing changed, skipping partial parsing.", level="debug")
    changes = "; ".join(map(str, reasons.changes))
    count = len(reasons.parsed)
    files = "1 file is" if count == 1 else f"{count} files are"
    return Message(text=f"{files} parsed anew: {changes}", level="debug")
