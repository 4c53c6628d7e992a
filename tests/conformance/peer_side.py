"""What is asked of dbt-core, run by the Python of its own environment; nothing of Tidemill is imported.

Usage: ``python peer_side.py steps|read|schemas|select < request.json``, with the answer as JSON on standard output.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import sys
from pathlib import Path
from typing import Any


def steps(request: dict[str, Any]) -> dict[str, Any]:
    """Run dbt commands in one project and keep, after each, its artifacts and the warehouse.

    The commands share a process: starting dbt takes longer than most of them.
    """
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    codes = []
    for command in request["prepare"]:
        dbtRunner().invoke(["--quiet", *command])
    for number, command in enumerate(request["steps"], 1):
        shutil.rmtree("target", ignore_errors=True)
        result = dbtRunner().invoke(["--quiet", "--no-partial-parse", *command])
        DuckDBConnectionManager.close_all_connections()  # otherwise much is still in the log file
        codes.append(2 if result.exception is not None else int(not result.success))
        keep(Path(request["into"]) / f"step-{number}", Path.cwd())
    return {"codes": codes}


def keep(folder: Path, project: Path) -> None:
    """Copy what a command left behind in ``project`` into ``folder``."""
    folder.mkdir(parents=True)
    target = project / "target"
    for name in ("manifest.json", "run_results.json"):
        if (target / name).exists():
            shutil.copy(target / name, folder)
    if (target / "compiled").exists():
        shutil.copytree(target / "compiled", folder / "compiled")
    for database in project.glob("*.duckdb"):
        shutil.copy(database, folder)


def read(request: dict[str, Any]) -> dict[str, Any]:
    """Read artifacts with dbt's own classes: the keys that it finds in each section of each manifest."""
    from dbt.artifacts.schemas.manifest import WritableManifest
    from dbt.artifacts.schemas.run import RunResultsArtifact
    from dbt.contracts.graph.manifest import Manifest

    manifests, results = [], []
    for path in request["manifests"]:
        writable = WritableManifest.read_and_check_versions(path)
        assert Manifest.from_writable_manifest(writable).nodes.keys() == writable.nodes.keys()
        found = writable.to_dict(omit_none=False, context={"artifact": True})
        manifests.append({name: sorted(section) for name, section in found.items()})
    for path in request["run_results"]:
        artifact = RunResultsArtifact.read_and_check_versions(path)
        results.append([result.unique_id for result in artifact.results])
    return {"manifests": manifests, "run_results": results}


def schemas(_: dict[str, Any]) -> dict[str, Any]:
    """The JSON schemas that dbt publishes for its artifacts."""
    from dbt.artifacts.schemas.manifest import WritableManifest
    from dbt.artifacts.schemas.run import RunResultsArtifact

    return {
        "manifest": WritableManifest.json_schema(),
        "run_results": RunResultsArtifact.json_schema(),
    }


def select(request: dict[str, Any]) -> dict[str, Any]:
    """What dbt selects in each project, for each of the words: sorted ids, or its refusal as text."""
    return {name: _selected(**project) for name, project in request.items()}


def _selected(manifest: str, root: str, words: list[dict[str, Any]]) -> list[Any]:
    from argparse import Namespace

    from dbt.compilation import Linker
    from dbt.flags import set_flags
    from dbt.graph import NodeSelector, cli
    from dbt_common.events.contextvars import set_task_contextvars

    flags = Namespace(INDIRECT_SELECTION="eager", WARN_ERROR=False, WARN_ERROR_OPTIONS=None)
    set_flags(flags)
    set_task_contextvars(project_root=root)
    loaded = _manifest(Path(manifest))
    selector = NodeSelector(Linker().get_graph(loaded), loaded)
    answers: list[Any] = []
    for asked in words:
        flags.INDIRECT_SELECTION = asked.get("indirect", "eager")
        try:
            spec = cli.parse_difference(asked.get("include"), asked.get("exclude"))
            answers.append(sorted(selector.get_selected(spec, warn_on_no_nodes=False)))
        except Exception as error:  # noqa: BLE001 - any refusal is an answer
            answers.append(f"{type(error).__name__}: {error}")
    return answers


def _manifest(path: Path) -> Any:
    """dbt's manifest from its file, with generic tests, which its own reader takes for singular ones."""
    from dbt.artifacts.schemas.manifest import WritableManifest
    from dbt.contracts.graph.manifest import Manifest
    from dbt.contracts.graph.nodes import GenericTestNode

    manifest = Manifest.from_writable_manifest(WritableManifest.read_and_check_versions(str(path)))
    for key, shape in json.loads(path.read_text())["nodes"].items():
        if "test_metadata" in shape:
            manifest.nodes[key] = GenericTestNode.from_dict(shape)
    return manifest


_ANSWERS = {"steps": steps, "read": read, "schemas": schemas, "select": select}

if __name__ == "__main__":
    asked = json.load(sys.stdin)
    with contextlib.redirect_stdout(sys.stderr):
        answer = _ANSWERS[sys.argv[1]](asked)
    json.dump(answer, sys.stdout, default=str)
