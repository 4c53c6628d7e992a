"""The entry point ``tidemill``: answers ``--version`` at once and leaves everything else to ``application``.

Nothing is imported here that the interpreter has not loaded already: scripts and shell prompts ask
for the version often, and a test holds the list of modules that this path must not load.
"""

from __future__ import annotations

import os
import sys

import tidemill

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

VERSION_WORDS = ("--version", "-V", "-v")


def main(words: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 something in the run failed, 2 it could not run."""
    arguments = sys.argv[1:] if words is None else list(words)
    if len(arguments) == 1 and arguments[0] in VERSION_WORDS:
        sys.stdout.write(f"tidemill {tidemill.__version__}\n")
        return 0
    code = _run_resident(arguments) if words is None else None
    if code is not None:
        return code
    from tidemill.cli.application import run

    return run(arguments, alone=words is None)


def _run_resident(words: Sequence[str]) -> int | None:
    """Let the project's resident process run the command; None if there is none, or it may not."""
    from tidemill.cli.resident import address

    if not address.is_wanted(words, os.environ):
        return None
    root = address.project_root(words, os.environ)
    where = address.read_address(root) if root is not None else None
    if where is None:
        return None
    from tidemill.cli.resident.client import run_there

    return run_there(where, words)
