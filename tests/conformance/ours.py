"""The same steps with Tidemill, through its command line, with the same things kept after each."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.conformance.peer_side import LISTING, PARSED, act, clear, keep
from tests.conformance.scenarios import Scenario, on_one_thread

PROGRAM = Path(sys.executable).with_name("tidemill")


def outcome(scenario: Scenario, into: Path) -> Path:
    """Run the steps in a copy of the project; the folder with what was left after each.

    Output is kept as ``step-n/output.txt``, exit codes as ``codes.json``.
    """
    project = into / "project"
    kept = into / "kept"
    shutil.copytree(scenario.folder, project)
    on_one_thread(project / "profiles.yml")
    codes = []
    for number, step in enumerate(scenario.steps, 1):
        if act(step, project):
            codes.append(0)
            continue
        clear(project / "target", but=PARSED)
        listing = step[0] in LISTING
        done = subprocess.run(
            [PROGRAM, *(["--quiet"] if listing else []), *step],
            cwd=project,
            env={**os.environ, **scenario.environment},
            capture_output=True,
            text=True,
        )
        codes.append(done.returncode)
        folder = kept / f"step-{number}"
        keep(folder, project)
        (folder / "output.txt").write_text(done.stdout + done.stderr, "utf-8")
        if listing and not done.returncode:
            (folder / "listing.txt").write_text(done.stdout.rstrip("\n"), "utf-8")
    (kept / "codes.json").write_text(json.dumps(codes))
    return kept
