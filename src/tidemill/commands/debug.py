"""``debug``: checks of the machine, the project, the profile and the connection, each with what is missing."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

from tidemill import __version__
from tidemill.adapters.registry import served
from tidemill.commands.opening import Emit, Opening, OpenProject, open_project
from tidemill.engine.project.config_context import ConfigContext
from tidemill.engine.project.profiles import (
    PROFILES_FILE,
    ProfileRequest,
    load_target,
    profile_folders,
)
from tidemill.engine.project.project_file import PROJECT_FILE
from tidemill.errors import Fault, TidemillError


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was looked at."""

    section: str
    name: str
    value: str = ""
    """What it is; empty for what is only right or wrong, and where the name says all."""
    ok: bool | None = None
    """None for what cannot be wrong."""
    faults: tuple[Fault, ...] = ()


def debug(
    root: Path, opening: Opening, *, connection_only: bool = False, emit: Emit | None = None
) -> Iterator[Check]:
    """All checks, one after the other. What is wrong is in the checks.

    ``emit`` gets the warnings about a configuration that is right, and may raise. A variable without a
    value raises as well (dbt's rule).
    """
    yield from _machine()
    project: OpenProject | None = None
    for check in _configuration(root, opening):
        if isinstance(check, OpenProject):
            project = check
        elif not connection_only or not check.ok:
            yield check
    if project is not None:
        with project:
            project.emit = emit or project.emit
            project.tell_warnings()
            yield from _connection(project)


def profiles_folder(root: Path, opening: Opening) -> Path:
    """The folder whose profiles.yml is used: the first of those searched that has one, else dbt's usual one."""
    request = ProfileRequest(project_root=root, profiles_dir=opening.profiles_dir)
    folders = profile_folders(request)
    usual = folders[0] if len(folders) == 1 else Path.home() / ".dbt"
    return next((folder for folder in folders if (folder / PROFILES_FILE).is_file()), usual)


def _machine() -> Iterator[Check]:
    facts = {
        "tidemill version": __version__,
        "python version": platform.python_version(),
        "python path": sys.executable,
        "os info": platform.platform(),
    }
    for name, value in facts.items():
        yield Check(section="", name=name, value=value)


def _configuration(root: Path, opening: Opening) -> Iterator[Check | OpenProject]:
    """The project file without a profile first, so that a fault is told of the file it is in."""
    folder = profiles_folder(root, opening)
    for file in (folder / PROFILES_FILE, root / PROJECT_FILE):
        yield Check(section="", name=f"Using {file.name} file at {file}")
    bare = msgspec.structs.replace(opening, require_profile=False)
    section = "Configuration"
    try:
        open_project(root, bare).close()
    except TidemillError as error:
        yield Check(section=section, name=f"{PROJECT_FILE} file", ok=False, faults=error.faults)
        if opening.profile:
            yield _profile(root, opening)
        return
    yield Check(section=section, name=f"{PROJECT_FILE} file", ok=True)
    try:
        project = open_project(root, opening)
    except TidemillError as error:
        if any(fault.code == "var-missing" for fault in error.faults):
            raise
        yield Check(section=section, name=f"{PROFILES_FILE} file", ok=False, faults=error.faults)
        return
    yield Check(section=section, name=f"{PROFILES_FILE} file", ok=True)
    yield project


def _profile(root: Path, opening: Opening) -> Check:
    """The profile that was asked for, where the project cannot say anything about it."""
    request = ProfileRequest(
        project_root=root,
        profiles_dir=opening.profiles_dir,
        profile=opening.profile,
        target=opening.target,
    )
    faults: tuple[Fault, ...] = ()
    try:
        load_target(request, ConfigContext(variables=opening.vars, secrets=True))
    except TidemillError as error:
        faults = error.faults
    return Check(
        section="Configuration", name=f"{PROFILES_FILE} file", ok=not faults, faults=faults
    )


def _connection(project: OpenProject) -> Iterator[Check]:
    section, target = "Connection", project.config.target
    yield Check(section=section, name="profile", value=f"{target.profile_name} ({target.name})")
    yield Check(section=section, name="type", value=target.type)
    yield Check(section=section, name="adapter", value=served(target.type).by)
    try:
        for name, value in project.adapter.debug_facts().items():
            yield Check(section=section, name=name, value=value)
        with project.connection("debug") as connection:
            connection.execute("select 1 as id", fetch=True)
    except TidemillError as error:
        yield Check(section=section, name="Connection test", ok=False, faults=error.faults)
        return
    yield Check(section=section, name="Connection test", ok=True)
