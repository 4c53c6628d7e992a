"""Where the resident process of a project answers, and which commands it may be asked for.

Every command passes here before anything else is imported, so nothing heavy is.
"""

from __future__ import annotations

import os
import sys

import tidemill

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FILE = ".tidemill/resident"
"""In the project: where the process answers, and in the lines below what program it is."""
SOCKET = "socket"
FOLDER_START = "tidemill-"
"""How the socket and the folder around it are named."""
PROJECT_FILE = "dbt_project.yml"
_VERBS = frozenset(
    (
        "build",
        "compile",
        "lineage",
        "list",
        "ls",
        "parse",
        "run",
        "seed",
        "show",
        "snapshot",
        "test",
    )
)
_OPTIONS = ("--project-dir",)
_VARIABLES = ("DBT_ENGINE_PROJECT_DIR", "DBT_PROJECT_DIR")
_OFF = ("TIDEMILL_DAEMON", "DBT_ENGINE_DAEMON", "DBT_DAEMON")
_NO = frozenset(("0", "false", "f", "n", "no", "off"))
_OWNERS_ONLY = 0o077


def program() -> str:
    """What must be the same on both sides: version, place and interpreter."""
    flags = f"{sys.flags.optimize} {sys.flags.utf8_mode} {sys.flags.dev_mode}"
    path = os.environ.get("PYTHONPATH", "")
    parts = (tidemill.__version__, tidemill.__file__, sys.version, sys.executable, path, flags)
    return "\n".join(parts)


def is_wanted(words: Sequence[str], environment: Mapping[str, str]) -> bool:
    """Whether a resident process may run this command."""
    if "--no-daemon" in words or not hasattr(os, "fork"):
        return False
    if any(environment.get(name, "").lower() in _NO for name in _OFF if name in environment):
        return False
    return not _VERBS.isdisjoint(words)


def project_root(words: Sequence[str], environment: Mapping[str, str]) -> str | None:
    """The folder of the project that the command is about, if there is one."""
    chosen = next((environment[name] for name in _VARIABLES if environment.get(name)), None)
    for index, word in enumerate(words):
        name, _, value = word.partition("=")
        if name in _OPTIONS:
            chosen = value or (words[index + 1] if index + 1 < len(words) else None)
    if chosen is not None:
        return os.path.realpath(os.path.expanduser(chosen))
    here = os.getcwd()
    while not os.path.isfile(f"{here}/{PROJECT_FILE}"):
        above = os.path.dirname(here)
        if above == here:
            return None
        here = above
    return os.path.realpath(here)


def read_address(root: str) -> str | None:
    """The socket of the resident process of a project, if it is this program's and this user's own."""
    try:
        with open(f"{root}/{FILE}", encoding="utf-8") as file:
            socket, _, of = file.read().partition("\n")
        return socket if of == program() and _is_own(socket) else None
    except (OSError, ValueError):
        return None


def _is_own(socket: str) -> bool:
    """Whether a process of this user made it for this: the file in the project may be anybody's."""
    folder, name = os.path.split(socket)
    if name != SOCKET or not os.path.basename(folder).startswith(FOLDER_START):
        return False
    state = os.lstat(folder)
    return state.st_uid == os.getuid() and not state.st_mode & _OWNERS_ONLY
