"""``conform``: dbt-core and Tidemill on copies of one project, and what they leave behind side by side.

Both run as processes of their own, in a folder of their own, so neither sees what the other wrote. A DuckDB file is copied
for each; on other warehouses nothing is built and only what both compile is compared.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from tidemill.commands.opening import OpenProject
from tidemill.engine.artifacts.comparing import (
    PROJECT_SECTIONS,
    SECTIONS,
    manifest_differences,
    results,
    section,
    unequal,
)
from tidemill.engine.artifacts.state import read_artifact
from tidemill.engine.project.profiles import PROFILES_FILE, ProfileRequest, profile_folders
from tidemill.errors import ConfigurationError

_LEFT_OUT = shutil.ignore_patterns("target", "logs", ".git", ".tidemill", ".venv", "*.wal")
RUN_RESULTS = "run_results.json"
PARSED = "parsed_manifest.json"
"""Where the manifest is kept that comes of parsing alone, beside the project's files."""

_NOT_SUPPORTED = re.compile(r"not (?:yet )?(?:supported|available)", re.IGNORECASE)
_WORDS = {"dbt": "dbt", "tidemill": "Tidemill"}


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What one tool did with its copy."""

    code: int
    seconds: float
    output: str
    folder: Path


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of what is compared."""

    name: str
    compared: int
    """How many things there were on either side."""
    differences: tuple[str, ...] = ()
    note: str = ""
    """Why it was not compared."""


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that was found."""

    project: str
    dbt_version: str
    command: str
    seconds: dict[str, float]
    """By tool."""
    codes: dict[str, int]
    parts: tuple[Part, ...]
    not_supported: tuple[str, ...] = ()
    failure: str = ""
    """The last words of dbt, where it did not come as far as a manifest."""

    @property
    def is_equal(self) -> bool:
        """Whether nothing differs."""
        same_codes = len(set(self.codes.values())) == 1
        return same_codes and not any(part.differences for part in self.parts)


def find_dbt(given: str | None) -> Path:
    """The dbt program: the one that was named, else the one on PATH. Raises ConfigurationError with what to install."""
    found = shutil.which(given) if given else shutil.which("dbt")
    if found is None:
        where = f"there is no program {given}" if given else "dbt-core is not on PATH"
        raise ConfigurationError(
            f"{where}: the comparison needs one",
            code="dbt-missing",
            hint="python -m venv dbt-env && dbt-env/bin/pip install 'dbt-core==1.11.*' "
            "dbt-duckdb (or your adapter), then name it with --dbt dbt-env/bin/dbt",
        )
    return Path(found).resolve()


def conform(
    project: OpenProject,
    dbt: Path,
    *,
    build: bool = True,
    selecting: Sequence[str] = (),
    tell: Callable[[str], None] = lambda _: None,
) -> Comparison:
    """Run both tools and compare. ``build`` builds on DuckDB; otherwise both only compile. ``selecting`` are the
    words of the command line that say what of the project.

    ``tell`` hears what goes on. Raises ConfigurationError when dbt cannot be run.
    """
    config = project.config
    builds = build and config.target.type == "duckdb"
    command = "build" if builds else "compile"
    version = _version(dbt)
    with tempfile.TemporaryDirectory(prefix="tidemill-conform-") as work:
        outcomes = {}
        since = dt.datetime.now().astimezone()
        for tool, program in {"dbt": [str(dbt)], "tidemill": _OURS}.items():
            folder = _copy(project, Path(work) / tool)
            tell(f"Running {_WORDS[tool]} {command} on a copy")
            outcomes[tool] = _run(program, [command, *selecting], folder, project)
        return _compared(project, version, command, outcomes, since=since if builds else None)


_OURS = [sys.executable, "-m", "tidemill"]


def _version(dbt: Path) -> str:
    try:
        done = subprocess.run([dbt, "--version"], capture_output=True, text=True, check=False)
    except OSError as error:
        raise ConfigurationError(
            f"{dbt} cannot be run: {error.strerror or error}", code="dbt-missing"
        ) from error
    found = re.search(r"installed:\s*(\S+)", done.stdout + done.stderr)
    return found[1] if found else "of an unknown version"


def _copy(project: OpenProject, into: Path) -> Path:
    """A copy of the project with a profile of its own; a DuckDB file is copied beside it."""
    config = project.config
    folder = into / "project"
    shutil.copytree(project.root, folder, ignore=_LEFT_OUT, symlinks=True)
    request = ProfileRequest(
        project_root=project.root,
        profiles_dir=project.opening.profiles_dir,
        profile=config.target.profile_name,
    )
    profile = _profile(request, config.target.profile_name)
    if config.target.type == "duckdb":
        output = profile["outputs"][config.target.name]
        output["path"] = str(_database_copy(config.target.credentials, into))
    profiles = into / "profiles"
    profiles.mkdir()
    content = msgspec.json.encode({config.target.profile_name: profile}, enc_hook=str)
    (profiles / PROFILES_FILE).write_bytes(content)  # JSON is YAML
    return folder


def _profile(request: ProfileRequest, name: str) -> dict[str, Any]:
    """The profile as it is written, its Jinja included. Loading the project has found it before."""
    import yaml

    for folder in profile_folders(request):
        path = folder / PROFILES_FILE
        if path.is_file():
            found = yaml.safe_load(path.read_text("utf-8")) or {}
            if name in found:
                profile: dict[str, Any] = found[name]
                return profile
    raise ConfigurationError(f"the profile '{name}' was not found", code="profile-missing")


def _database_copy(credentials: Mapping[str, Any], into: Path) -> Path:
    path = str(credentials.get("path") or ":memory:")
    if path == ":memory:":
        return into / "memory.duckdb"
    database = into / Path(path).name
    if Path(path).is_file():
        shutil.copy(path, database)
    return database


def _run(
    program: Sequence[str], command: Sequence[str], folder: Path, project: OpenProject
) -> Outcome:
    """Parse, keep the manifest as it is then (dbt adds to it while it builds), and go on if that went well."""
    parsed = _run_one(program, ["parse"], folder, project)
    manifest = folder / "target" / "manifest.json"
    if parsed.code or not manifest.exists():
        return parsed
    shutil.copy(manifest, folder / PARSED)
    return _run_one(program, command, folder, project)


def _run_one(
    program: Sequence[str], command: Sequence[str], folder: Path, project: OpenProject
) -> Outcome:
    profiles = folder.parent / "profiles"
    words = [*program, *command, "--profiles-dir", str(profiles), "--target-path", "target"]
    words += ["--target", project.config.target.name]
    if project.opening.vars:
        words += ["--vars", msgspec.json.encode(project.opening.vars).decode()]
    started = time.monotonic()
    done = subprocess.run(
        words,
        cwd=folder,
        env={**os.environ, "DBT_SEND_ANONYMOUS_USAGE_STATS": "false", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    return Outcome(
        code=done.returncode,
        seconds=time.monotonic() - started,
        output=done.stdout + done.stderr,
        folder=folder,
    )


# -- comparing -------------------------------------------------------------------------------


def _compared(
    project: OpenProject,
    version: str,
    command: str,
    outcomes: Mapping[str, Outcome],
    *,
    since: dt.datetime | None,
) -> Comparison:
    """``since`` is when the first tool began to build; None where neither did."""
    peer, ours = outcomes["dbt"], outcomes["tidemill"]
    comparing = _parts(peer.folder, ours.folder)
    tables = _no_tables(project) if since is None else _tables(peer, ours, since)
    lines = ours.output.splitlines()
    return Comparison(
        project=project.config.project.name,
        dbt_version=version,
        command=command,
        seconds={tool: outcome.seconds for tool, outcome in outcomes.items()},
        codes={tool: outcome.code for tool, outcome in outcomes.items()},
        parts=(*comparing, tables),
        not_supported=tuple(
            dict.fromkeys(line[10:] for line in lines if _NOT_SUPPORTED.search(line))
        ),
        failure=_failure(peer, ours),
    )


def _failure(peer: Outcome, ours: Outcome) -> str:
    """What a tool said that did not come as far as a manifest, or as results."""
    said = []
    for name, outcome in (("dbt", peer), ("Tidemill", ours)):
        parsed = (outcome.folder / PARSED).exists()
        if not parsed or not (outcome.folder / "target" / RUN_RESULTS).exists():
            end = "\n".join(outcome.output.splitlines()[-12:])
            what = "come to results" if parsed else "parse the project"
            said.append(f"{name} could not {what}. It said at last:\n{end}")
    return "\n\n".join(said)


def _parts(peer: Path, ours: Path) -> Iterator[Part]:
    first, second = (read_artifact(folder / PARSED) for folder in (peer, ours))
    if first is None or second is None:
        yield Part(name="manifest", compared=0, note="not both could parse the project")
        return
    yield _part("manifest", _entries(first, second), manifest_differences(first, second))
    targets = [folder / "target" for folder in (peer, ours)]
    sql = [_texts(target / "compiled") for target in targets]
    yield _part("compiled SQL", len({*sql[0], *sql[1]}), unequal("", *sql))
    told = [results(read_artifact(target / RUN_RESULTS) or {}) for target in targets]
    if not all(told):
        yield Part(name="results", compared=0, note="not both came to results")
        return
    yield _part("results", len({*told[0], *told[1]}), _unequal_results(*told))


_FAILED = frozenset({"error", "fail", "runtime error"})
_COMPARED = ("status", "failures", "message", "adapter_response", "relation_name")


def _unequal_results(first: Mapping[str, Any], second: Mapping[str, Any]) -> Iterator[str]:
    """A line for what differs between results, but for the words about what failed: ours say more."""
    for key in {**first, **second}:
        if key not in second or key not in first:
            who, found = ("dbt", first[key]) if key in first else ("Tidemill", second[key])
            yield f"{key}: only {who} has a result: {found['status']}"
            continue
        for name in _COMPARED:
            here, there = first[key][name], second[key][name]
            if name != "message" or not {first[key]["status"], second[key]["status"]} & _FAILED:
                yield from unequal(f"{key}/{name}", here, there)


def _part(name: str, compared: int, differences: Iterator[str]) -> Part:
    return Part(name=name, compared=compared, differences=tuple(differences))


def _entries(first: Mapping[str, Any], second: Mapping[str, Any]) -> int:
    names = (*SECTIONS, *PROJECT_SECTIONS)
    return sum(len({*section(first, name), *section(second, name)}) for name in names)


def _texts(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in files}


def _no_tables(project: OpenProject) -> Part:
    kind = project.config.target.type
    why = "nothing was built" if kind == "duckdb" else f"only DuckDB is built on; this is {kind}"
    return Part(name="tables", compared=0, note=why)


def _tables(peer: Outcome, ours: Outcome, since: dt.datetime) -> Part:
    from tidemill.commands.relations_beside import RelationsBeside

    if not all((outcome.folder / "target" / RUN_RESULTS).exists() for outcome in (peer, ours)):
        return Part(name="tables", compared=0, note="not both came to results")
    first, second = (
        next(iter(sorted(outcome.folder.parent.glob("*.duckdb"))), None) for outcome in (peer, ours)
    )
    beside = RelationsBeside(first, second, since)
    return _part("tables", len(beside), beside.differences())
