"""What each file of a project reads beside itself while it is parsed: the notebook of the parse cache.

    with noting(notebook), notebook.unit("shop", "models/orders.sql"):
        ...
        note(VAR, "shop", "start_date")

Whoever answers a template's question about the world outside its file (vars, environment, flags, macros) notes
the question here. Without a notebook, noting costs next to nothing. What the answers were is for the cache to ask.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar

VAR = "var"
"""(VAR, package, name)"""
ENV_VAR = "env_var"
"""(ENV_VAR, name)"""
MACRO = "macro"
"""(MACRO, unique id): the macro was called."""
FLAG = "flag"
"""(FLAG, name), or (FLAG, "*") for all of them."""
THREADS = "threads"
"""(THREADS,): the target was looked at, which says how many threads there are."""
MODULES = "modules"
"""(MODULES,): parts of Python, among them the clock."""
VOLATILE = "volatile"
"""(VOLATILE, name): a value that no two invocations share."""
CLI_VARS = "cli_vars"
"""(CLI_VARS,): all vars of the command line at once."""
PROJECT_VARS = "project_vars"
"""(PROJECT_VARS, package): all vars of its project file, or of its vars.yml, at once."""
PROJECT_TEXT = "project_text"
"""(PROJECT_TEXT, package): its project file, as it is written."""
METADATA = "metadata"
"""(METADATA,): the environment variables that go into artifacts."""

Key = tuple[str, ...]
Unit = tuple[str, str]
"""Package and path of a file."""
HOOKS: Unit = ("", "hooks")
"""The unit of on-run-start and on-run-end of all projects."""
PROJECT: Unit = ("", "")
"""The unit of what belongs to no file: a change of what it read means that all must be parsed anew."""


_NEVER_THE_SAME = frozenset({VOLATILE, MODULES})


class Notebook:
    """The reads of all units of one parse."""

    def __init__(self) -> None:
        self.reads: dict[Unit, set[Key]] = {}
        self._only_written = False
        self._unit = PROJECT
        self._keys = self.reads.setdefault(PROJECT, set())

    @property
    def current(self) -> Unit:
        """The unit that is being parsed."""
        return self._unit

    def add(self, key: Key) -> None:
        """Note a read of the current unit."""
        if not (self._only_written and key[0] in _NEVER_THE_SAME):
            self._keys.add(key)

    @contextmanager
    def only_written(self) -> Iterator[None]:
        """Let the time not count: what is read now is written out, and nothing is made of it."""
        self._only_written = True
        try:
            yield
        finally:
            self._only_written = False

    @contextmanager
    def aside(self) -> Iterator[set[Key]]:
        """Let reads count for no file; they are what is yielded."""
        before, self._keys = self._keys, set()
        try:
            yield self._keys
        finally:
            self._keys = before

    def unit(self, package: str, path: str) -> AbstractContextManager[None]:
        """Let reads count for the file at ``path`` of ``package``."""
        return _Reading(self, (package, path))

    def turn_to(self, unit: Unit, keys: set[Key] | None = None) -> tuple[Unit, set[Key]]:
        """Let reads count for ``unit``, among ``keys`` or its own; gives what they counted for before."""
        before = self._unit, self._keys
        self._unit = unit
        self._keys = self.reads.setdefault(unit, set()) if keys is None else keys
        return before


class _Reading:
    """While one file is parsed. A plain object: there are tens of thousands."""

    __slots__ = ("_before", "_notebook", "_unit")

    def __init__(self, notebook: Notebook, unit: Unit) -> None:
        self._notebook = notebook
        self._unit = unit

    def __enter__(self) -> None:
        self._before = self._notebook.turn_to(self._unit)

    def __exit__(self, *error: object) -> None:
        self._notebook.turn_to(*self._before)


_notebook: ContextVar[Notebook | None] = ContextVar("tidemill_notebook", default=None)


@contextmanager
def noting(notebook: Notebook) -> Iterator[None]:
    """Let ``note`` write into ``notebook``."""
    token = _notebook.set(notebook)
    try:
        yield
    finally:
        _notebook.reset(token)


def reading(package: str, path: str) -> AbstractContextManager[None]:
    """Let reads count for the file at ``path`` of ``package``, if somebody keeps a notebook."""
    notebook = _notebook.get()
    return notebook.unit(package, path) if notebook is not None else nullcontext()


def only_written() -> AbstractContextManager[None]:
    """Let the time not count in what is read now, if somebody keeps a notebook."""
    notebook = _notebook.get()
    return notebook.only_written() if notebook is not None else nullcontext()


def aside() -> AbstractContextManager[set[Key]]:
    """Let reads count for no file, if somebody keeps a notebook; they are what is yielded."""
    notebook = _notebook.get()
    if notebook is not None:
        return notebook.aside()
    nothing: set[Key] = set()
    return nullcontext(nothing)


def note(*key: str) -> None:
    """Note a read of the file that is parsed now, if somebody keeps a notebook."""
    notebook = _notebook.get()
    if notebook is not None:
        notebook.add(key)
