"""Scenarios on Postgres: a project, played by dbt-core with dbt-postgres and by Tidemill in equal databases.

The projects are some of those that are played on DuckDB, where a warehouse has a say, and those of ``postgres_projects``. What dbt left is kept, as by ``peer``.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import yaml

from tests.conformance.ours import PROGRAM
from tests.conformance.peer import locked
from tests.conformance.postgres_side import keep
from tests.conformance.scenarios import Played, Scenario, scenario
from tests.postgres_server import PostgresServer

_HERE = Path(__file__).parent
_OWN_PROJECTS = _HERE / "postgres_projects"
_SIDE = _HERE / "postgres_side.py"
_ON_BOTH = (
    "checks",
    "governance",
    "hooks",
    "increments",
    "naming",
    "packages",
    "shop",
    "variables",
)

NAMES = sorted({*_ON_BOTH, *(path.parent.name for path in _OWN_PROJECTS.glob("*/scenario.yml"))})


def play(name: str, server: PostgresServer, program: Path, folder: Path) -> Played:
    """The scenario ``name`` after both tools went through it."""
    own = _OWN_PROJECTS / name
    chosen = scenario(name, _OWN_PROJECTS if own.is_dir() else None)
    return Played(chosen, _peer(chosen, server, program), _ours(chosen, server, folder))


def _peer(chosen: Scenario, server: PostgresServer, program: Path) -> Path:
    """What dbt left: kept beside its environment, so that only a changed project is played again."""
    store = program.parent.parent / "conformance-postgres"
    store.mkdir(exist_ok=True)
    kept = store / f"{chosen.name}-{_key(chosen, program)}"
    with locked(store / f"{chosen.name}.lock"):
        if not kept.exists():
            for stale in (*store.glob(f"{chosen.name}-*"), *store.glob(f"{chosen.name}.work")):
                shutil.rmtree(stale)
            _play_peer(chosen, server, program, kept)
    return kept


def _play_peer(chosen: Scenario, server: PostgresServer, program: Path, kept: Path) -> None:
    store = kept.parent
    work = store / f"{chosen.name}.work"
    project = _copied(chosen, work, server)
    with _empty_database(chosen, server):
        request = {
            "steps": chosen.steps,
            "prepare": chosen.prepare,
            "into": str(work / "kept"),
            "server": _keywords(chosen, server),
        }
        done = subprocess.run(
            [program.with_name("python"), _SIDE],
            input=json.dumps(request),
            capture_output=True,
            text=True,
            cwd=project,
            env={
                **os.environ,
                "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
                "DBT_USE_COLORS": "false",
                "PYTHONHASHSEED": "0",
                **chosen.environment,
            },
        )
    assert done.returncode == 0, done.stderr
    (work / "kept" / "codes.json").write_text(json.dumps(json.loads(done.stdout)["codes"]))
    (work / "kept" / "output.txt").write_text(done.stderr)
    (work / "kept").rename(kept)
    shutil.rmtree(work)


def _ours(chosen: Scenario, server: PostgresServer, folder: Path) -> Path:
    project = _copied(chosen, folder, server)
    kept = folder / "kept"
    codes = []
    with (
        _empty_database(chosen, server),
        psycopg.connect(**_keywords(chosen, server), autocommit=True) as connection,
    ):
        for number, step in enumerate(chosen.steps, 1):
            shutil.rmtree(project / "target", ignore_errors=True)
            done = subprocess.run(
                [PROGRAM, *step],
                cwd=project,
                env={**os.environ, **chosen.environment},
                capture_output=True,
                text=True,
            )
            codes.append(done.returncode)
            step_folder = kept / f"step-{number}"
            keep(step_folder, project, connection.cursor())
            (step_folder / "output.txt").write_text(done.stdout + done.stderr, "utf-8")
    (kept / "codes.json").write_text(json.dumps(codes))
    return kept


def _copied(chosen: Scenario, folder: Path, server: PostgresServer) -> Path:
    """A copy of the project, with a profile for the server."""
    project = folder / "project"
    shutil.copytree(chosen.folder, project)
    old = yaml.safe_load((project / "profiles.yml").read_text("utf-8"))
    [name] = [key for key in old if key != "config"]
    schema = old[name]["outputs"]["dev"]["schema"]
    output = server.output(schema, dbname=_database(chosen), threads=1)
    profile = {name: {"target": "dev", "outputs": {"dev": output}}}
    (project / "profiles.yml").write_text(yaml.safe_dump(profile), "utf-8")
    return project


def _database(chosen: Scenario) -> str:
    """The database in which both tools work, one after the other, for its name shows in artifacts."""
    return f"warehouse_{chosen.name}"


def _keywords(chosen: Scenario, server: PostgresServer) -> dict[str, str]:
    return {
        "host": server.host,
        "port": str(server.port),
        "user": server.user,
        "dbname": _database(chosen),
    }


@contextmanager
def _empty_database(chosen: Scenario, server: PostgresServer) -> Iterator[None]:
    name = _database(chosen)
    server.execute(f"drop database if exists {name} with (force)")
    server.execute(f"create database {name}")
    for role in ("reader", "writer"):
        # Roles belong to the server; another worker may make the same one at this moment.
        server.execute(f"do $$ begin create role {role}; exception when others then null; end $$")
    yield
    server.execute(f"drop database if exists {name} with (force)")


def _key(chosen: Scenario, program: Path) -> str:
    files = sorted(path for path in chosen.folder.rglob("*") if path.is_file())
    digest = hashlib.sha256(_SIDE.read_bytes() + Path(__file__).read_bytes())
    for path in files:
        digest.update(f"{path.relative_to(chosen.folder)}\n".encode() + path.read_bytes())
    for found in sorted(program.parent.parent.glob("lib/python*/site-packages/*.dist-info")):
        digest.update(found.name.encode())
    return digest.hexdigest()[:16]
