"""``init``: a new project, or the profile that an existing one lacks."""

from __future__ import annotations

import sys
from pathlib import Path

from tidemill.cli.application import DONE
from tidemill.cli.invocation import PROJECT_FILE, Invocation
from tidemill.cli.rendering.entry import Entry, note
from tidemill.commands.init import add_profile, init_project
from tidemill.engine.project.project_file import read_project_file
from tidemill.errors import ConfigurationError, UsageError


def run(invocation: Invocation) -> int:
    """Create a project; inside one, without a name, create its profile."""
    name = invocation.settings.get("project_name")
    if name is None and (invocation.root / PROJECT_FILE).is_file():
        return _complete(invocation)
    return _create(invocation, name or _ask_name())


def _create(invocation: Invocation, name: str) -> int:
    settings = invocation.settings
    chosen = settings.get("project_dir")
    created = init_project(
        Path(chosen).expanduser() if chosen else Path.cwd(),
        name,
        profile=settings.get("profile"),
        profiles_dir=_profiles_dir(invocation),
        skip_profile=settings["skip_profile_setup"],
    )
    invocation.outlet.say(
        Entry(
            name="ProjectCreated",
            code="A017",
            level="info",
            text=f"Created the project {name} in {created.root}",
            data={"project_name": name},
        )
    )
    if created.profiles_file is not None:
        invocation.outlet.say(note(f"Its profile is in {created.profiles_file}"))
    invocation.outlet.say(note(f"Next: cd {name} && tidemill build"))
    return DONE


def _complete(invocation: Invocation) -> int:
    """Give the project that we are in the profile it names. Raises UsageError where another one is asked for."""
    if invocation.settings.get("profile"):
        raise UsageError(
            "Can not init existing project with specified profile",
            hint=f"write the profile into {PROJECT_FILE}",
        )
    if invocation.settings["skip_profile_setup"]:
        return DONE
    profile = read_project_file(invocation.root).value.get("profile")
    if not isinstance(profile, str):
        raise ConfigurationError(
            f"{PROJECT_FILE} names no profile",
            code="profile-missing",
            hint="add a line such as 'profile: my_profile'",
        )
    file = add_profile(_profiles_dir(invocation) or invocation.root, profile)
    found = f"The profile '{profile}' is there already, and was left as it is"
    invocation.outlet.say(note(f"Wrote the profile '{profile}' to {file}" if file else found))
    return DONE


def _profiles_dir(invocation: Invocation) -> Path | None:
    chosen = invocation.settings.get("profiles_dir")
    return Path(chosen).expanduser() if chosen else None


def _ask_name() -> str:
    """Ask where somebody can answer; a script gets an error in place of a question."""
    if not sys.stdin.isatty():
        raise UsageError("init needs a name for the project", hint="tidemill init my_project")
    answer = input("Name of the project (letters, digits, underscores): ").strip()
    if not answer:
        raise UsageError("init needs a name for the project", hint="tidemill init my_project")
    return answer
