"""``source freshness``: how old the newest rows of sources are."""

from __future__ import annotations

import msgspec

from tidemill.cli.interrupts import Interrupts
from tidemill.cli.invocation import Executed, Invocation
from tidemill.cli.verbs.build import exit_code
from tidemill.commands.freshness import FreshnessOptions, freshness
from tidemill.events import Message


def run(invocation: Invocation) -> int:
    """Check, and end with 1 when a source is too old or cannot be asked."""
    settings = invocation.settings
    shared = msgspec.structs.asdict(invocation.run_options())
    options = FreshnessOptions(**shared, output=settings.get("output"))
    if options.output:
        text = "dbt means to give up --output here: sources.json belongs in the target folder"
        invocation.tell(Message(text=text, level="warn", code="D029"))
    with invocation.open_project() as project, Interrupts() as interrupts:
        invocation.parse(project)
        check = freshness(project, options, cancel=interrupts.stop)
        for event in check:
            invocation.tell(event)
        invocation.answer = Executed(check.result, project.manifest)
    return exit_code(check.result)
