"""``lineage``: columns as a tree, or as JSON."""

from __future__ import annotations

import msgspec

from tidemill.cli.application import DONE
from tidemill.cli.garbage import collected_rarely
from tidemill.cli.invocation import Invocation
from tidemill.cli.rendering.entry import result
from tidemill.cli.rendering.lineage import coverage_text, lineage_text
from tidemill.commands.lineage import coverage, lineage
from tidemill.commands.lineage_reading import column_lineage
from tidemill.errors import UsageError


def run(invocation: Invocation) -> int:
    """Print the lineage of what was named, or how much of the project's is known."""
    settings = invocation.settings
    name, depth = settings.get("column"), settings.get("depth")
    if depth is not None and depth < 1:
        raise UsageError("--depth must be at least 1", code="lineage-depth")
    with invocation.open_project() as project, collected_rarely():
        invocation.parse(project)
        as_json = settings["output"] == "json"
        known = column_lineage(project, introspect=settings["introspect"])
        if not name:
            found = coverage(known)
            invocation.answer = found
            text = _json(found) if as_json else coverage_text(found)
        else:
            both = settings["upstream"] == settings["downstream"]
            answer = lineage(
                project,
                name,
                upstream=both or settings["upstream"],
                downstream=both or settings["downstream"],
                depth=depth,
                rows=settings["rows"],
                known=known,
            )
            invocation.answer = answer
            text = _json(answer) if as_json else lineage_text(answer, project.manifest)
        invocation.outlet.say(result(text))
        known.cache.save()
    return DONE


def _json(value: object) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()
