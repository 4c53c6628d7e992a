"""What a live display shows of a running command, as a value that events change. Draws nothing."""

from __future__ import annotations

import msgspec

from tidemill.events import (
    AnyEvent,
    NodeFinished,
    NodeStarted,
    ParseFinished,
    ParseStarted,
    RunFinished,
    RunStarted,
)


class Running(msgspec.Struct, frozen=True):
    """A node at work."""

    index: int
    description: str
    since: float


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """The state between two events."""

    activity: str = ""
    """What goes on when no nodes run: ``Parsing shop``."""
    since: float = 0.0
    total: int = 0
    done: int = 0
    failed: int = 0
    running: dict[str, Running] = {}

    @property
    def is_idle(self) -> bool:
        return not self.activity and not self.total


def after(progress: Progress, event: AnyEvent) -> Progress:
    """The state once ``event`` has happened."""
    match event:
        case ParseStarted():
            return Progress(activity=f"Parsing {event.project}", since=event.at)
        case ParseFinished() | RunFinished():
            return Progress()
        case RunStarted():
            return Progress(total=len(event.nodes), since=event.at)
        case NodeStarted():
            node = Running(event.index, event.description, event.at)
            running = {**progress.running, event.unique_id: node}
            return msgspec.structs.replace(progress, total=event.total, running=running)
        case NodeFinished():
            rest = {key: node for key, node in progress.running.items() if key != event.unique_id}
            failed = progress.failed + (event.status in {"error", "fail"})
            return msgspec.structs.replace(
                progress, running=rest, done=progress.done + 1, failed=failed
            )
        case _:
            return progress
