"""What the resident process has ready before a command comes: modules, the project's parse, and what is made of it."""

from __future__ import annotations

import importlib
from contextlib import suppress
from pathlib import Path

import tidemill
from tidemill.adapters.registry import adapter_for
from tidemill.commands.lineage_reading import lineage_cache
from tidemill.commands.opening import Opening, open_project
from tidemill.engine.artifacts.links import links_identity
from tidemill.engine.graph import Dag
from tidemill.engine.lineage.calm import about_macros
from tidemill.engine.nodes import Manifest
from tidemill.engine.parsing.cached import parse_again
from tidemill.engine.parsing.memory import Memory
from tidemill.engine.project.watching import FolderWatch, folders_below, open_watch
from tidemill.engine.selection.methods.named import index_names
from tidemill.errors import TidemillError

_MODULES = (
    "tidemill.cli.invocation",
    "tidemill.cli.verbs.build",
    "tidemill.cli.verbs.compile",
    "tidemill.cli.verbs.lineage",
    "tidemill.cli.verbs.ls",
    "tidemill.cli.verbs.parse",
    "tidemill.cli.verbs.show",
    "tidemill.cli.rendering.command",
    "tidemill.commands.command_run",
    "tidemill.store.opening",
    "rich.console",
)


class Warmth:
    """Of one project, as it is opened without further words."""

    def __init__(self, root: Path, opening: Opening) -> None:
        self.memory = Memory()
        self._root = root
        self._opening = opening
        self._watch = _watch_program()
        self._program = None if self._watch else _stamps_of_program()
        self._outdated = False
        for module in _MODULES:
            importlib.import_module(module)

    def is_outdated(self) -> bool:
        """Whether the program itself has changed since this process began."""
        if self._watch is None:
            return _stamps_of_program() != self._program
        news = self._watch.news()
        changed = any(path.endswith(".py") for path in news.paths)
        self._outdated = self._outdated or changed or news.unsure
        return self._outdated

    def watches(self) -> list[FolderWatch]:
        """What tells of changes to files."""
        return self.memory.watches()

    def refresh(self) -> None:
        """Parse what has changed, if that is a part. What is wrong is told by the commands that meet it."""
        with suppress(Exception):  # of ours as well: a command that meets it says more of it
            self._parse()
        # Also of places that were not looked at, or are looked at no more.
        self.memory.hear()

    def _parse(self) -> None:
        project = open_project(self._root, self._opening)
        target = project.config.target
        kind = adapter_for(target.type)
        with suppress(ImportError):  # told by whoever connects
            kind.load_driver()
        adapter = kind(target.credentials, self._root)
        found = parse_again(project.config, adapter, self.memory)
        if found is not None:
            _make_ready(found.project.manifest)
            lineage_cache(project.config).load()


def _make_ready(manifest: Manifest) -> None:
    """Make what most commands ask of a manifest."""
    for look_up in (
        manifest.refable,
        manifest.sources_by_name,
        manifest.tests_of,
        manifest.children,
    ):
        len(look_up)
    about_macros(manifest)
    with suppress(TidemillError):  # a ring, which is told by the commands that meet it
        Dag.of(manifest)
    index_names(manifest)
    links_identity(manifest)


def _program_folder() -> Path:
    return Path(tidemill.__file__).parent


def _watch_program() -> FolderWatch | None:
    watch = open_watch(_program_folder())
    if watch is not None:
        for folder in folders_below(str(_program_folder())):
            if not folder.endswith("__pycache__"):
                watch.add(folder, contents=False)
    return watch


def _stamps_of_program() -> list[tuple[str, int, int]]:
    files = [(str(file), file.stat()) for file in sorted(_program_folder().rglob("*.py"))]
    return [(name, state.st_mtime_ns, state.st_size) for name, state in files]
