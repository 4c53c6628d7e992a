"""Calls of generic tests that read the same, whatever they stand under: they are made once.

While a project is parsed, ``ref`` and ``source`` give the test's own relation. So tests that differ in what they
refer to, and in nothing else, do the same, if all that their macros look up knows nothing of the test: that is
watched while the first of them is run.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from tidemill.engine.jinja.capture import Capture
from tidemill.engine.jinja.context import builtin
from tidemill.engine.jinja.macro_host import MacroHost
from tidemill.engine.jinja.resolvers import ref_of, source_of
from tidemill.engine.jinja.session import Session
from tidemill.engine.jinja.static import Call
from tidemill.engine.jinja.test_arguments import ARGUMENTS_NAME, reference_in
from tidemill.engine.nodes import GenericTest, Macro
from tidemill.engine.parsing.generic_tests import TestTarget
from tidemill.engine.parsing.repeated_pieces import (
    ADAPTER_WORDS,
    CONFIG_WORDS,
    Effect,
    knows_no_node,
)
from tidemill.engine.project.native_jinja import has_jinja
from tidemill.engine.project.reads import aside, note
from tidemill.events import Event

_WATCHED = {"adapter": ADAPTER_WORDS, "config": CONFIG_WORDS}
_REFERENCES = ("ref", "source")


class Form(msgspec.Struct, frozen=True):
    """A test's arguments, as far as they matter: what they refer to stands beside."""

    text: str
    calls: tuple[Call, ...]
    """Of ``ref`` and ``source``, in the order in which they are made."""

    def refer(self, capture: Capture) -> None:
        """Note what the arguments refer to."""
        for call in self.calls:
            if call.name == "ref":
                capture.refs.append(ref_of(call.args, call.kwargs))
            else:
                capture.sources.append(source_of(call.args))


def form_of(arguments: dict[str, Any], target: TestTarget) -> Form | None:
    """The form of a test's arguments; None where only rendering tells what they are."""
    calls: list[Call] = []
    try:
        plain = {
            name: value if name == "column_name" else _plain(name, value, target, calls)
            for name, value in arguments.items()
        }
    except _UnclearError:
        return None
    return Form(repr(plain), tuple(calls))


class _UnclearError(Exception):
    """An argument has Jinja in it that is more than a reference."""


class _Relation:
    """Stands for what ``ref`` and ``source`` give."""

    def __repr__(self) -> str:
        return "<relation>"


_RELATION = _Relation()


def _plain(name: str, value: Any, target: TestTarget, calls: list[Call]) -> Any:
    if isinstance(value, dict):
        return {key: _plain("", item, target, calls) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain("", item, target, calls) for item in value]
    if not isinstance(value, str):
        return value
    call = target.reference if name == "model" else reference_in(value)
    if call is not None:
        calls.append(call)
        return _RELATION
    if has_jinja(value):
        raise _UnclearError
    return value


class TestCall(msgspec.Struct, frozen=True):
    """A call of a test's macro with the test's arguments."""

    __test__ = False  # not a pytest class

    test: GenericTest
    macro: Macro
    sees_as: str
    """The macro by which it is decided what the test sees."""
    form: Form | None


class RepeatedTests:
    """What calls of tests do, of one parse."""

    def __init__(self, host: MacroHost) -> None:
        self._host = host
        self._effects: dict[tuple[str, ...], Effect | None] = {}
        self._own_words: dict[str, bool] = {}

    def capture_of(self, call: TestCall, make: Callable[[Capture, Watch | None], None]) -> Capture:
        """What ``call`` reads and sets. ``make`` makes it, which is not done for one of a known form."""
        capture, form, package = Capture(), call.form, call.test.package_name
        if form is None or self._has_own_words(package):
            make(capture, None)
            return capture
        key = (package, call.macro.unique_id, call.sees_as, form.text)
        if key not in self._effects:
            self._effects[key] = _watched(make, capture, form)
            return capture
        effect = self._effects[key]
        if effect is None:
            make(capture, None)
            return capture
        form.refer(capture)
        effect.apply(capture)
        return capture

    def _has_own_words(self, package: str) -> bool:
        """Whether the project has macros in the place of what is watched."""
        known = self._own_words.get(package)
        if known is None:
            find = self._host.registry.find
            names = (*_WATCHED, *_REFERENCES)
            known = any(find(name, package=package) is not None for name in names)
            self._own_words[package] = known
        return known


def _watched(
    make: Callable[[Capture, Watch | None], None], capture: Capture, form: Form
) -> Effect | None:
    """Make a call, and say what others of its form do; None when they must be made as well."""
    watch, said = Watch(), Capture()
    with aside() as reads:
        make(capture, watch)
    found = tuple(sorted(reads))
    for read in found:
        note(*read)
    form.refer(said)
    same = (capture.refs, capture.sources) == (said.refs, said.sources)
    nothing_else = not (capture.config_calls or capture.metrics or capture.functions)
    if not (same and nothing_else and watch.saw_no_node()):
        return None
    macros, variables, environment = capture.macros, capture.variables, capture.environment
    return Effect(tuple(macros), dict(variables), dict(environment), found)


class Watch:
    """Watches what one call of a test asks for."""

    def __init__(self) -> None:
        self._said = False
        self._objects: list[_Watched] = []

    def begin(self, session: Session) -> None:
        """Watch what happens in ``session``."""
        self._session = session
        emit = session.emit

        def heard(event: Event) -> None:
            self._said = True
            emit(event)

        session.emit = heard
        for name, words in _WATCHED.items():
            watched = _Watched(builtin(session, name), words)
            self._objects.append(watched)
            session.context[name] = watched

    def arguments_are_rendered(self) -> None:
        """From now on references are the macro's own."""
        for name in _REFERENCES:
            self._session.context.pop(name, None)

    def saw_no_node(self) -> bool:
        """Whether all that was asked for is the same for all nodes of the package."""
        host = self._session.host
        asked = dict.items(self._session.context)
        passed_over = (ARGUMENTS_NAME, *_WATCHED)
        return (
            not self._said
            and not any(watched.is_harmful for watched in self._objects)
            and all(name in passed_over or knows_no_node(name, v, host) for name, v in asked)
        )


class _Watched:
    """An object of templates that notes whether words are used that are not the same everywhere."""

    def __init__(self, inner: Any, words: frozenset[str]) -> None:
        self._inner = inner
        self._words = words
        self.is_harmful = False

    def __getattr__(self, name: str) -> Any:
        if name not in self._words:
            self.is_harmful = True
        return getattr(self._inner, name)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        self.is_harmful = True
        return self._inner(*args, **kwargs)
