"""The entry point ``tidemill``: answers ``--version`` at once and leaves everything else to ``application``.

Nothing is imported here that the interpreter has not loaded already: scripts and shell prompts ask
for the version often, and a test holds the list of modules that this path must not load.
"""

from __future__ import annotations

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
    from tidemill.cli.application import run

    return run(arguments, alone=words is None)
