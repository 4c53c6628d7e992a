"""Every edit of a project is the same change to dbt-core and to Tidemill, also with dbt-core's own artifacts as state."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from tests.conformance.peer import locked
from tidemill.commands.opening import OpenProject, open_project
from tidemill.commands.parse import parse
from tidemill.engine.artifacts.state import read_state
from tidemill.engine.project.config import RuntimeConfig
from tidemill.engine.selection import select
from tidemill.errors import TidemillError
from tidemill.keys import RESOURCE_TYPES

pytestmark = [pytest.mark.conformance, pytest.mark.xdist_group("conformance-changes")]

_HERE = Path(__file__).with_name("changes")
_SELECTORS = (
    "state:modified",
    "state:new",
    "state:old",
    "state:unmodified",
    "state:modified.body",
    "state:modified.configs",
    "state:modified.persisted_descriptions",
    "state:modified.relation",
    "state:modified.macros",
    "state:modified.contract",
    "state:modified+",
)
_LAYOUT = {"body in blanks alone", "blanks at the end of a file"}
"""Edits that are changes to dbt, which compares texts; to us they are none, unless the project says so."""
_BY_TEXT = {*_LAYOUT, "a variable"}
"""Edits with other answers where code is compared by its meaning, and with the values that it reads."""
_EDITS: dict[str, list[dict[str, Any]]] = yaml.safe_load((_HERE / "edits.yml").read_text("utf-8"))


class Answers:
    """What dbt said, and where both tools' states and the edited projects are."""

    def __init__(self, folder: Path, peer_dbt: Path) -> None:
        self.base = folder / "base"
        shutil.copytree(_HERE / "project", self.base)
        self.projects: dict[str, Path] = {}
        for number, (name, edits) in enumerate(_EDITS.items()):
            self.projects[name] = folder / str(number)
            shutil.copytree(_HERE / "project", self.projects[name])
            for edit in edits:
                _apply(edit, self.projects[name])
        kept = _kept(peer_dbt)
        kept.parent.mkdir(parents=True, exist_ok=True)
        # Workers may come here together; one asks, the others wait for its answers.
        with locked(kept.with_suffix(".lock")):
            if not kept.exists():
                self._ask(peer_dbt, kept)
        self.of_dbt: dict[str, dict[str, Any]] = json.loads((kept / "answers.json").read_text())
        with open_project(self.base) as project:
            parse(project)
        self.states = {"our-state": self.base / "target", "dbt-state": kept / "state"}

    def _ask(self, peer_dbt: Path, kept: Path) -> None:
        work = kept.with_suffix(".work")
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        request = {
            "base": str(self.base),
            "state": str(work / "state"),
            "projects": {name: str(folder) for name, folder in self.projects.items()},
            "selectors": _SELECTORS,
        }
        done = subprocess.run(
            [peer_dbt.with_name("python"), _HERE / "peer_listing.py"],
            input=json.dumps(request),
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        (work / "answers.json").write_text(done.stdout)
        work.rename(kept)


def _kept(peer_dbt: Path) -> Path:
    """Where dbt's answers stay, under a key of all that they depend on: asking takes minutes."""
    files = sorted(path for path in _HERE.rglob("*") if path.is_file() and path.suffix != ".pyc")
    words = [*(path.read_bytes() for path in files), " ".join(_SELECTORS).encode()]
    key = hashlib.sha256(b"\0".join(words)).hexdigest()[:16]
    return peer_dbt.parent.parent / "conformance" / f"changes-{key}"


@pytest.fixture(scope="module")
def answers(peer_dbt: Path, tmp_path_factory: pytest.TempPathFactory) -> Answers:
    """Return dbt's answers for all edits."""
    return Answers(tmp_path_factory.mktemp("changes"), peer_dbt)


@pytest.mark.parametrize("state", ["our-state", "dbt-state"])
@pytest.mark.parametrize("edit", list(_EDITS))
def test_an_edit_is_the_same_change(answers: Answers, edit: str, state: str) -> None:
    with open_project(answers.projects[edit]) as project:
        config = project.config if edit not in _BY_TEXT else _comparing_text(project.config)
        found = {
            words: _selected(project, words, answers.states[state], config) for words in _SELECTORS
        }
    assert found == {words: _expected(answer) for words, answer in answers.of_dbt[edit].items()}


@pytest.mark.parametrize("edit", sorted(_LAYOUT))
def test_layout_is_no_change_of_meaning(answers: Answers, edit: str) -> None:
    with open_project(answers.projects[edit]) as project:
        state = answers.states["dbt-state"]
        assert _selected(project, "state:modified", state, project.config) == []


def _comparing_text(config: RuntimeConfig) -> RuntimeConfig:
    """``config`` with the project's flag for dbt's own rules."""
    flags = {**config.project.flags, "state_modified_compares_meaning": False}
    project = msgspec.structs.replace(config.project, flags=flags)
    return msgspec.structs.replace(config, project=project)


def _selected(
    project: OpenProject, words: str, state: Path, config: RuntimeConfig
) -> list[str] | str:
    try:
        return select(
            project.manifest,
            project.dag,
            [words],
            config=config,
            resource_types=RESOURCE_TYPES,
            state=read_state(state, project.config.target_path),
        )
    except TidemillError:
        return "refused"


def _expected(answer: list[str] | str) -> list[str] | str:
    return "refused" if isinstance(answer, str) else answer


def _apply(edit: dict[str, Any], project: Path) -> None:
    path = project / edit["file"]
    if edit.get("delete"):
        path.unlink()
    elif "write" in edit:
        path.write_text(edit["write"], "utf-8")
    else:
        text = path.read_text("utf-8")
        assert edit["old"] in text, edit
        path.write_text(text.replace(edit["old"], edit["new"]), "utf-8")
