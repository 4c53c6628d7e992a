"""One command on its way: its words, its settings, its outlet, and the project it is about."""

from __future__ import annotations

import os
import sys
import time
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from tidemill.cli.arguments.parser import Words
from tidemill.cli.arguments.settings import Settings, resolve
from tidemill.cli.output.opening import open_log, open_outlet, wants_statements
from tidemill.cli.output.outlet import Outlet
from tidemill.cli.rendering import command
from tidemill.cli.rendering.deprecations import Deprecations
from tidemill.cli.rendering.entry import note
from tidemill.cli.rendering.warning_names import warning_name
from tidemill.cli.warning_rules import HEARD_BY_FLAG, warning_rules
from tidemill.errors import CompilationError, Fault, TidemillError
from tidemill.events import Event, FaultFound

if TYPE_CHECKING:
    from tidemill.commands.opening import Opening, OpenProject
    from tidemill.commands.retry import Retry
    from tidemill.commands.running_nodes import RunOptions
    from tidemill.commands.selecting import Selecting
    from tidemill.engine.nodes import Manifest, RunResult
    from tidemill.engine.parsing.memory import Memory

PROJECT_FILE = "dbt_project.yml"
NAMED_BY_FLAG = "require_event_names_in_deprecations"
"""dbt's behaviour flag by which deprecations are shown with their names."""


class Executed(NamedTuple):
    """The answer of verbs that execute nodes."""

    result: RunResult
    manifest: Manifest


class Invocation:
    """What a verb works with."""

    def __init__(
        self,
        words: Words,
        settings: Settings,
        outlet: Outlet,
        invocation_id: str,
        root: Path,
        flags: Mapping[str, Any] | None = None,
        memory: Memory | None = None,
    ) -> None:
        flags = flags or {}
        self.words = words
        self.settings = settings
        self.outlet = outlet
        self.invocation_id = invocation_id
        self._memory = memory
        self.root = root
        """The project's folder, or the current one when there is no project."""
        self.deprecations = Deprecations(show_all=bool(settings.get("show_all_deprecations")))
        self.started_at = time.time()
        self.warning_rules = warning_rules(
            settings.get("warn_error_options"),
            all_errors=bool(settings["warn_error"]),
            all_heard=bool(flags.get(HEARD_BY_FLAG)),
        )
        if flags.get(NAMED_BY_FLAG):
            outlet.name_deprecations()
        self.alone = False
        """Whether the process ends with it, and so nobody reads its answer."""
        self.retry: Retry | None = None
        """What of an earlier command is to be done, when this one repeats it."""
        self.command_line = " ".join(["tidemill", *sys.argv[1:]])
        self.answer: Any = None
        """What the verb found or did, for those who called it from Python."""
        self.error: Exception | None = None
        """What kept it from its work."""

    @property
    def verb(self) -> str:
        """The verb's own name, whatever alias was used."""
        return self.words.verb.name

    def arguments(self) -> dict[str, Any]:
        """The flags by dbt's names, as templates and artifacts see them."""
        values = dict(self.settings.values)
        values["which"] = "list" if self.verb == "ls" else self.verb.rpartition(" ")[2]
        values["invocation_command"] = self.command_line
        values["project_dir"] = str(self.root)
        del values["daemon"]  # who does the work makes no difference to it
        return values

    def keep_log(self, log_path: str = "logs") -> None:
        """Begin to write the log file: where the settings say, or in the project's ``log_path``."""
        chosen = self.settings.get("log_path")
        folder = Path(chosen).resolve() if chosen else self.root / log_path
        try:
            self.outlet.attach(open_log(self.settings, self.invocation_id, folder))
        except OSError as error:
            self.outlet.attach(None)
            reason = error.strerror or str(error)
            text = f"[WARNING]: the log file in {folder} cannot be written ({reason})"
            self.outlet.say(note(text, "warn"))

    def opening(self, *, require_profile: bool = True, require_packages: bool = True) -> Opening:
        """How the options say that the project is opened."""
        from tidemill.commands.opening import Opening

        settings = self.settings
        profiles_dir = settings.get("profiles_dir")
        return Opening(
            profiles_dir=Path(profiles_dir).expanduser() if profiles_dir else None,
            profile=settings["profile"],
            target=settings["target"],
            vars=settings.get("vars", {}),
            threads=1 if settings["single_threaded"] else settings.get("threads"),
            target_path=settings.get("target_path"),
            arguments=self.arguments(),
            require_profile=require_profile,
            require_packages=require_packages,
            source="cli",
            invocation_id=self.invocation_id,
        )

    def open_project(
        self, *, require_profile: bool = True, require_packages: bool = True
    ) -> OpenProject:
        """Load the configuration of the project. Raises what ``load_runtime`` raises."""
        from tidemill.commands.opening import open_project

        opening = self.opening(require_profile=require_profile, require_packages=require_packages)
        project = open_project(self.root, opening, emit=self.tell, memory=self._memory)
        self.keep_log(project.config.project.log_path)
        if require_profile:
            self.outlet.say(*command.parsing(self.settings, project.config.target))
        return project

    def tell(self, event: Event) -> None:
        """Show what happened. Raises CompilationError for a warning that the settings make an error."""
        if getattr(event, "level", None) == "warn":
            fate = self.warning_rules.fate(warning_name(event))
            if fate == "error":
                raise _as_error(event)
            if fate == "silence" or not self.deprecations.admits(warning_name(event)):
                return
        self.outlet.tell(event)

    def warn(self, *faults: Fault) -> None:
        """Warn of what stops nothing. Raises CompilationError where the settings make it an error."""
        for fault in faults:
            self.tell(FaultFound(fault=fault, level="warn"))

    def parse(self, project: OpenProject) -> None:
        """Parse now, and let the outlet look up nodes. Raises ProjectFaults."""
        manifest = project.manifest
        self.outlet.know(manifest.resource, manifest.groups.get)

    def state_folder(self, option: str) -> str | None:
        """The folder of ``--state`` and its like: inside the project (dbt's rule), else where one is now."""
        chosen = self.settings.get(option)
        if not chosen:
            return None
        folder = Path(chosen).expanduser()
        inside = self.root / folder
        return str(folder.resolve() if folder.is_dir() and not inside.is_dir() else inside)

    def selecting(self) -> Selecting:
        """The selection that the options describe."""
        from tidemill.commands.selecting import Selecting

        return Selecting(**self._selection())

    def run_options(self) -> RunOptions:
        """The options of verbs that execute nodes."""
        from tidemill.commands.running_nodes import RunOptions

        settings = self.settings
        return RunOptions(
            **self._selection(),
            full_refresh=settings.get("full_refresh", False),
            fail_fast=settings["fail_fast"],
            store_failures=settings.get("store_failures", False),
            empty=settings.get("empty", False),
            event_time_start=settings.get("event_time_start"),
            event_time_end=settings.get("event_time_end"),
            sample=settings.get("sample"),
            write_json=settings["write_json"],
            statements=wants_statements(settings),
            only=self.retry.unique_ids if self.retry else None,
            batches=self.retry.batches if self.retry else {},
            as_of=self.retry.began if self.retry else None,
        )

    def _selection(self) -> dict[str, Any]:
        settings = self.settings
        return {
            "select": tuple(settings.get("select", ())),
            "exclude": tuple(settings.get("exclude", ())),
            "selector": settings.get("selector"),
            "resource_types": tuple(settings.get("resource_types", ())),
            "exclude_resource_types": tuple(settings.get("exclude_resource_types", ())),
            "indirect_selection": settings["indirect_selection"],
            "state": self.state_folder("state"),
            "defer": settings["defer"],
            "favor_state": settings["favor_state"],
            "defer_state": self.state_folder("defer_state"),
        }


def _as_error(warning: Event) -> TidemillError:
    fault = warning.fault if isinstance(warning, FaultFound) else None
    text = fault.message if fault else getattr(warning, "text", "")
    place, hint = (fault.place, fault.hint) if fault else (None, None)
    return CompilationError(text, code="warn-error", place=place, hint=hint)


def begin(
    words: Words, environment: Mapping[str, str] | None = None, memory: Memory | None = None
) -> Invocation:
    """Settle the settings and open the console. ``memory`` is of a process that stays. Raises ArgumentFault."""
    found = os.environ if environment is None else environment
    first = resolve(words, found, {})
    root = project_root(first.get("project_dir"))
    flags = read_project_flags(root)
    settings = resolve(words, found, flags) if flags else first
    invocation_id = str(uuid.uuid4())
    outlet = open_outlet(settings, invocation_id, environment=found)
    return Invocation(words, settings, outlet, invocation_id, root, flags, memory)


def project_root(chosen: str | None) -> Path:
    """The folder of the project: the one chosen, or the nearest upwards that has a project file."""
    if chosen:
        return Path(chosen).expanduser().resolve()
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / PROJECT_FILE).is_file():
            return folder
    return here


def read_project_flags(root: Path) -> dict[str, Any]:
    """``flags:`` of the project file, before the project itself is loaded.

    The file is looked at as text first: most projects have no flags, and then no YAML is read here.
    What is wrong with the file is not told here, but by whoever loads the project.
    """
    try:
        text = (root / PROJECT_FILE).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return {}
    if not any(line.startswith(("flags:", '"flags"', "'flags'")) for line in text.splitlines()):
        return {}
    from tidemill.engine.project.project_file import read_project_file

    try:
        flags = read_project_file(root).value.get("flags")
    except TidemillError:
        return {}
    return flags if isinstance(flags, dict) else {}
