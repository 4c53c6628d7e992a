"""``demo``: build the example, say how fast, and serve it."""

from __future__ import annotations

from pathlib import Path

from tidemill.cli.application import DONE
from tidemill.cli.invocation import Invocation
from tidemill.cli.rendering.comparison import comparison
from tidemill.cli.rendering.entry import note, result
from tidemill.cli.verbs.build import exit_code, follow
from tidemill.commands.build import build
from tidemill.commands.demo import example_folder, measure


def run(invocation: Invocation) -> int:
    """Build and, unless told ``--once``, serve what was built."""
    into = invocation.settings.get("into")
    invocation.root = example_folder(Path(into).expanduser().resolve() if into else None)
    _use_own_profile(invocation)
    invocation.outlet.say(note(f"Building the example in {invocation.root}"))
    with invocation.open_project() as project:
        invocation.parse(project)
        built = follow(invocation, project, build)
        if exit_code(built) != DONE:
            return exit_code(built)
        measured = measure(project, built)
    invocation.outlet.say(result(f"\n{comparison(measured)}\n"))
    if invocation.settings["once"]:
        return DONE
    from tidemill.cli.verbs.serve import serve

    return serve(invocation)


def _use_own_profile(invocation: Invocation) -> None:
    """The example brings its profile: variables that are set for somebody's own project do not count."""
    given = invocation.words.values
    for name in ("profile", "target"):
        invocation.settings.values[name] = given.get(name)
    invocation.settings.values["profiles_dir"] = given.get("profiles_dir", str(invocation.root))
