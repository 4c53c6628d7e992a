"""What dbt-core selects by words that compare with a state; run by the Python of its own environment.

Usage: ``python peer_listing.py < request.json``, with the answer as JSON on standard output. Nothing of Tidemill is
imported. The base project is parsed as the state of all others.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any


def listing(request: dict[str, Any]) -> dict[str, Any]:
    """``{project: {selector: [unique ids] or text of a refusal}}``; the state is kept in ``request["state"]``."""
    state = Path(request["state"])
    _parse(request["base"])
    shutil.copytree("target", state)
    answers = {}
    for name, folder in request["projects"].items():
        manifest = _parse(folder)
        answers[name] = {
            words: _selected(manifest, words, state, Path(folder)) for words in request["selectors"]
        }
    return answers


def _parse(folder: str) -> Any:
    from dbt.cli.main import dbtRunner

    os.chdir(folder)
    return dbtRunner().invoke(["--quiet", "parse", "--no-partial-parse"]).result


def _selected(manifest: Any, words: str, state: Path, project: Path) -> Any:
    from dbt.compilation import Linker
    from dbt.contracts.state import PreviousState
    from dbt.graph import NodeSelector, cli

    previous = PreviousState(state, project / "target", project)
    selector = NodeSelector(Linker().get_graph(manifest), manifest, previous)
    try:
        return sorted(selector.get_selected(cli.parse_difference([words], None)))
    except Exception as error:  # noqa: BLE001 - any refusal is an answer
        return f"{type(error).__name__}: {error}"


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    with contextlib.redirect_stdout(sys.stderr):
        answer = listing(asked)
    json.dump(answer, sys.stdout)
