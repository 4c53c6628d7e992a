"""Finds and reads ``profiles.yml``, and makes the chosen output a ``Target``.

Only the chosen output is rendered, so that another one may read variables that are not set here.
The output's own keys are checked by its adapter.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import msgspec

from tidemill.adapters.registry import adapter_for
from tidemill.engine.project.config import Target
from tidemill.engine.project.config_context import ConfigContext
from tidemill.engine.project.project_file import raise_configuration
from tidemill.engine.project.rendering import Path as KeyPath
from tidemill.engine.project.rendering import TreeRenderer
from tidemill.engine.project.yaml_loader import Document, load_mapping
from tidemill.errors import ConfigurationError, Place, TidemillError, did_you_mean

PROFILES_FILE = "profiles.yml"
DEFAULT_THREADS = 1


class ProfileRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What decides which target is used."""

    project_root: Path
    profiles_dir: Path | None = None
    profile: str | None = None
    """The profile's name: the command's, else the project's."""
    target: str | None = None
    threads: int | None = None


class FoundProfile(msgspec.Struct, frozen=True):
    """The target, and the ``profiles.yml`` that it is in."""

    target: Target
    folder: Path
    flags: dict[str, Any] = {}
    """What the file says under ``config``: flags, for projects that have none of their own."""


def load_target(request: ProfileRequest, context: ConfigContext) -> FoundProfile:
    """The chosen target with its adapter's defaults.

    Raises ConfigurationError that says where it looked and what there is.
    """
    if request.profile is None:
        raise ConfigurationError(
            "the project names no profile",
            code="profile-missing",
            place=Place(file="dbt_project.yml"),
            hint="add a line such as 'profile: my_profile', or give one with --profile",
        )
    folder, document = _find(request)
    profile = document.value[request.profile]
    path = (request.profile,)
    if not isinstance(profile, dict):
        raise ConfigurationError(
            f"the profile '{request.profile}' is empty",
            code="profile-empty",
            place=document.place_of(path),
            hint="it needs 'target' and 'outputs'",
        )
    name = request.target or _render_one(
        profile.get("target") or "default", (*path, "target"), document, context
    )
    output = _output(profile, str(name), request.profile, document)
    rendered = _render_output(output, (*path, "outputs", str(name)), document, context)
    flags = document.value.get("config") or {}
    return FoundProfile(_target(rendered, str(name), request, document), folder, flags)


def profile_folders(request: ProfileRequest) -> list[Path]:
    """Folders in which ``profiles.yml`` is looked for, best first.

    ``--profiles-dir``, ``DBT_PROFILES_DIR``; without them dbt's own rule (the current folder, else
    ``~/.dbt``), and then the project's folder, which dbt does not look at.
    """
    if request.profiles_dir is not None:
        return [request.profiles_dir]
    for variable in ("DBT_ENGINE_PROFILES_DIR", "DBT_PROFILES_DIR"):
        if os.environ.get(variable):
            return [Path(os.environ[variable]).expanduser()]
    folders = [Path.cwd(), Path.home() / ".dbt", request.project_root]
    return list(dict.fromkeys(folder.resolve() for folder in folders))


def _find(request: ProfileRequest) -> tuple[Path, Document]:
    """The first profiles file that has the profile."""
    folders = profile_folders(request)
    documents = [
        (folder, _read(folder / PROFILES_FILE, request.project_root))
        for folder in folders
        if (folder / PROFILES_FILE).is_file()
    ]
    for folder, document in documents:
        if request.profile in document.value:
            return folder, document
    if not documents:
        raise _no_file(folders)
    raise _no_profile(request, [document for _, document in documents])


def _read(path: Path, root: Path) -> Document:
    file = _shown(path, root)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"{file} cannot be read: {error}", code="profile-unreadable", place=Place(file=file)
        ) from error
    document = load_mapping(text, file)
    if not document.value:
        raise ConfigurationError("the file is empty", code="profile-empty", place=Place(file=file))
    return document


def _shown(path: Path, root: Path | None = None) -> str:
    for base, prefix in ((root, ""), (Path.home(), "~/")):
        if base is not None and path.is_relative_to(base):
            return (prefix + path.relative_to(base).as_posix()).removesuffix("/.")
    return path.as_posix()


def _no_file(folders: list[Path]) -> ConfigurationError:
    looked = ", ".join(_shown(folder) for folder in folders)
    return ConfigurationError(
        f"dbt looked for a {PROFILES_FILE} file in {looked}, and there is none",
        code="profiles-file-missing",
        hint=f"write a {PROFILES_FILE} there, or give its folder with --profiles-dir",
    )


def _no_profile(request: ProfileRequest, documents: list[Document]) -> ConfigurationError:
    names = sorted({str(name) for document in documents for name in document.value} - {"config"})
    places = ", ".join(document.file for document in documents)
    known = ", ".join(f"'{name}'" for name in names) or "none"
    return ConfigurationError(
        f"Could not find profile named '{request.profile}' in {places}; profiles there: {known}",
        code="profile-unknown",
        hint=did_you_mean(str(request.profile), names)
        or "the project's profile is the key 'profile' in dbt_project.yml",
    )


def _output(
    profile: dict[str, Any], name: str, profile_name: str, document: Document
) -> dict[str, Any]:
    outputs = profile.get("outputs")
    if not isinstance(outputs, dict) or not outputs:
        raise ConfigurationError(
            f"the profile '{profile_name}' has no outputs",
            code="profile-outputs",
            place=document.place_of((profile_name, "outputs")),
            hint="add 'outputs:' with one entry for each target",
        )
    if name not in outputs:
        known = ", ".join(f"'{output}'" for output in outputs)
        raise ConfigurationError(
            f"The profile '{profile_name}' does not have a target named '{name}'. Its targets: {known}",
            code="target-unknown",
            place=document.place_of((profile_name, "outputs")),
            hint=did_you_mean(name, map(str, outputs)),
        )
    if not isinstance(outputs[name], dict):
        raise ConfigurationError(
            f"the target '{name}' of the profile '{profile_name}' is not a mapping",
            code="target-empty",
            place=document.place_of((profile_name, "outputs", name)),
            hint="it needs at least 'type'",
        )
    found: dict[str, Any] = outputs[name]
    return found


def _render_one(value: Any, path: KeyPath, document: Document, context: ConfigContext) -> Any:
    renderer = TreeRenderer(context, document.place_of)
    rendered = renderer.render(value, path)
    if renderer.faults:
        raise_configuration(renderer.faults)
    return rendered


def _render_output(
    output: dict[str, Any], path: KeyPath, document: Document, context: ConfigContext
) -> dict[str, Any]:
    """The output rendered. A password that cannot be rendered stays as written, as in dbt."""
    renderer = TreeRenderer(context, document.place_of)
    rendered = {key: renderer.render(value, (*path, str(key))) for key, value in output.items()}
    password = document.place_of((*path, "password"))
    faults = [fault for fault in renderer.faults if fault.place != password]
    if faults:
        raise_configuration(faults)
    return rendered


def _target(
    output: dict[str, Any], name: str, request: ProfileRequest, document: Document
) -> Target:
    path = (str(request.profile), "outputs", name)
    place = document.place_of(path)
    kind = output.get("type")
    if not isinstance(kind, str) or not kind:
        raise ConfigurationError(
            f"the target '{name}' has no type",
            code="target-type",
            place=place,
            hint="add a line such as 'type: duckdb'",
        )
    threads = _threads(output, request, document.place_of((*path, "threads")))
    try:
        credentials = adapter_for(kind).normalise(
            {**output, "threads": threads}, request.project_root, str(request.profile)
        )
    except TidemillError as error:
        raise error.located(place=place) from None
    return Target(
        profile_name=str(request.profile),
        name=name,
        type=kind,
        threads=threads,
        database=credentials.get("database"),
        schema=credentials["schema"],
        credentials=credentials,
    )


def _threads(output: dict[str, Any], request: ProfileRequest, place: Place) -> int:
    threads = output.get("threads", DEFAULT_THREADS)
    if request.threads is not None:
        threads = request.threads
    if not isinstance(threads, int) or isinstance(threads, bool) or threads < 1:
        hint = "write a number such as 4"
        if isinstance(threads, str):
            hint = "make it a number: \"{{ env_var('THREADS', '4') | as_number }}\""
        raise ConfigurationError(
            f"'threads' must be a whole number from 1, and is {threads!r}",
            code="threads",
            place=place,
            hint=hint,
        )
    return threads
