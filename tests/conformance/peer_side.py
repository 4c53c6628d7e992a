"""What is asked of dbt-core, run by the Python of its own environment; nothing of Tidemill is imported.

Usage: ``python peer_side.py``; then each line of standard input is a request, answered with a line on standard output.
Importing dbt takes longer than most of what is asked of it: a request is answered by a fork of one process that has.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sys
import traceback
from pathlib import Path
from typing import Any

_KEPT_FILES = (
    "manifest.json",
    "run_results.json",
    "catalog.json",
    "sources.json",
    "semantic_manifest.json",
)
_KEPT_FOLDERS = ("compiled", "run")
PARSED = "partial_parse.msgpack"
LISTING = ("ls", "list")


def steps(request: dict[str, Any]) -> dict[str, Any]:
    """Run dbt commands in one project and keep, after each, its artifacts and the warehouse.

    dbt may keep what it parsed from one command to the next: only how long it takes depends on it.
    """
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    codes = []
    for command in request["prepare"]:
        dbtRunner().invoke(["--quiet", *command])
    for number, command in enumerate(request["steps"], 1):
        if act(command, Path.cwd()):
            codes.append(0)
            continue
        clear(Path("target"), but=PARSED)
        result = dbtRunner().invoke(["--quiet", *command])
        DuckDBConnectionManager.close_all_connections()  # otherwise much is still in the log file
        codes.append(2 if result.exception is not None else int(not result.success))
        folder = Path(request["into"]) / f"step-{number}"
        keep(folder, Path.cwd())
        if command[0] in LISTING and result.success:
            (folder / "listing.txt").write_text("\n".join(result.result or []))
    return {"codes": codes}


def act(step: list[str] | tuple[str, ...], project: Path) -> bool:
    """Do what a step asks that is no command: ``state NAME`` keeps the artifacts in a folder of that name,
    ``edit NAME`` lays the files of ``edits/NAME`` over the project. False for a command."""
    if step[0] not in ("state", "edit"):
        return False
    if step[0] == "edit":
        shutil.copytree(project / "edits" / step[1], project, dirs_exist_ok=True)
    else:
        (project / step[1]).mkdir(exist_ok=True)
        for file in (project / "target").glob("*.json"):
            shutil.copy(file, project / step[1])
    return True


def clear(target: Path, *, but: str) -> None:
    """Remove what the last command left, except the file named ``but``."""
    for path in target.glob("*"):
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name != but:
            path.unlink()


def keep(folder: Path, project: Path) -> None:
    """Copy what a command left behind in ``project`` into ``folder``."""
    folder.mkdir(parents=True)
    target = project / "target"
    for name in _KEPT_FILES:
        if (target / name).exists():
            shutil.copy(target / name, folder)
    for name in _KEPT_FOLDERS:
        if (target / name).exists():
            shutil.copytree(target / name, folder / name)
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


def _answer(asked: dict[str, Any]) -> None:
    """Answer one request in a process of its own; what it prints goes with the answer if it fails."""
    os.chdir(asked["cwd"])
    os.environ.update(asked["environment"])
    with Path(asked["answer"] + ".log").open("w") as log, contextlib.redirect_stdout(log):
        os.dup2(log.fileno(), 2)
        try:
            answer = _ANSWERS[asked["what"]](asked["request"])
        except BaseException:  # noqa: BLE001 - whoever asked hears of it
            traceback.print_exc(file=log)
            os._exit(1)
        Path(asked["answer"]).write_text(json.dumps(answer, default=str))
    os._exit(0)


def serve() -> None:
    """Answer requests until there are no more."""
    import dbt.adapters.duckdb
    import dbt.cli.main  # noqa: F401 - forks begin with both

    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if not child:
            _answer(asked)
        sys.stdout.write(f"{os.waitpid(child, 0)[1]}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve()
