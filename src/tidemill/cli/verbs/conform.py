"""``conform``: a page that says what dbt-core and Tidemill make of a project, and where they differ."""

from __future__ import annotations

from pathlib import Path

from tidemill.cli.application import DONE, FAILED
from tidemill.cli.arguments.settings import Settings
from tidemill.cli.invocation import Invocation
from tidemill.cli.rendering.comparison_page import page
from tidemill.cli.rendering.entry import note, result
from tidemill.commands.conform import conform, find_dbt

LINES_SHOWN = 40


def _selecting(settings: Settings) -> list[str]:
    """The selection as it was given, for both tools' command lines."""
    words: list[str] = []
    for option in ("select", "exclude"):
        given = settings.get(option) or ()
        words += [f"--{option}", *given] if given else []
    return [*words, "--selector", settings["selector"]] if settings.get("selector") else words


def run(invocation: Invocation) -> int:
    """Compare; 0 when nothing differs, 1 otherwise."""
    settings = invocation.settings
    dbt = find_dbt(settings.get("dbt"))
    if settings.get("path"):
        invocation.root = Path(settings["path"]).expanduser().resolve()
    with invocation.open_project() as project:
        compared = conform(
            project,
            dbt,
            build=settings["build"],
            selecting=_selecting(settings),
            tell=lambda text: invocation.outlet.say(note(text)),
        )
    for line in page(compared, most=LINES_SHOWN):
        invocation.outlet.say(result(line))
    if settings.get("output"):
        whole = "\n".join(page(compared))
        Path(settings["output"]).expanduser().write_text(whole + "\n", "utf-8")
        invocation.outlet.say(note(f"Wrote {settings['output']}"))
    invocation.answer = compared
    return DONE if compared.is_equal else FAILED
