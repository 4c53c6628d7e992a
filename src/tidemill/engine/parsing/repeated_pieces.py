"""Pieces of templates that do the same in whatever file of a package they stand: they are run once.

A piece is harmless when all that it and the macros it calls look up are macros, variables and functions that know
nothing of the node. It can then only read: which macros, which variables. Projects call such macros (``cents('x')``)
thousands of times. Whether a piece is harmless is found out by running it aside, where nothing that it does
counts; one that asks for anything else, complains or says something is run in its file, each time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from tidemill.engine.jinja.capture import Capture
from tidemill.engine.jinja.context import promised_names
from tidemill.engine.jinja.facade import ParseFacade
from tidemill.engine.jinja.functions import MacroReturn
from tidemill.engine.jinja.macro_host import MacroHost
from tidemill.engine.jinja.pieces import Piece, Pieces
from tidemill.engine.jinja.session import BoundMacro, PackageMacros
from tidemill.engine.jinja.static import Call
from tidemill.engine.project.reads import Key, aside, note
from tidemill.events import Event

_KNOWS_NO_NODE = frozenset(
    {
        "adapter",
        "api",
        "diff_of_two_dicts",
        "env_var",
        "exceptions",
        "execute",
        "flags",
        "fromjson",
        "fromyaml",
        "local_md5",
        "log",
        "print",
        "project_name",
        "return",
        "set",
        "set_strict",
        "target",
        "tojson",
        "toyaml",
        "validation",
        "var",
        "zip",
        "zip_strict",
    }
)
"""Of the names that are promised to templates."""
ADAPTER_WORDS = frozenset(
    {"Column", "Relation", "dispatch", "quote", "quote_as_configured", "type"}
)
_EMPTY_ANSWERS = frozenset({"get_columns_in_relation", "get_relation", "load_relation"})
"""Words of the adapter that answer nothing while a project is parsed, unless the adapter itself answers."""
CONFIG_WORDS = frozenset({"get", "meta_get", "meta_require", "require"})
"""Words of ``config`` that answer nothing while a project is parsed."""
_NAME = re.compile(r"[A-Za-z_]\w*")


class Effect(msgspec.Struct, frozen=True):
    """All that a harmless piece does: what it reads."""

    macros: tuple[str, ...]
    variables: dict[str, Any]
    environment: dict[str, str | None]
    reads: tuple[Key, ...]

    def apply(self, capture: Capture) -> None:
        """Let the piece have been run, for a template and the file that is parsed now."""
        for macro in self.macros:
            capture.macros[macro] = None
        capture.variables.update(self.variables)
        capture.environment.update(self.environment)
        for key in self.reads:
            note(*key)


class RepeatedPieces:
    """The effects of harmless pieces, of one parse."""

    def __init__(self, host: MacroHost) -> None:
        self._host = host
        self._effects: dict[tuple[str, tuple[Piece, ...]], Effect | None] = {}
        self._harmful = promised_names() - _KNOWS_NO_NODE
        self._harmful_forms: set[tuple[str, tuple[str, ...]]] = set()
        """Pieces that turned out to do more, whatever their literals are."""

    def of_file(
        self, package: str, pieces: Pieces, calls: Sequence[Call | None]
    ) -> Callable[[Piece], Effect | None]:
        """What tells the effect of each of a file's pieces without a static call; None for one to be run there.

        Where pieces set names that others may read, they are taken together, or else those that have no part in it.
        """
        if not pieces.assigned:
            return lambda piece: self.effect_of(package, (piece,))
        both = zip(pieces.pieces, calls, strict=True)
        together = self.effect_of(package, tuple(piece for piece, call in both if call is None))
        if together is not None:
            return lambda _: together

        def alone(piece: Piece) -> Effect | None:
            names = _NAME.findall(piece.template)
            apart = pieces.assigned.isdisjoint(names)
            return self.effect_of(package, (piece,)) if apart else None

        return alone

    def effect_of(self, package: str, pieces: tuple[Piece, ...]) -> Effect | None:
        """What ``pieces`` do in a file of ``package``, run in one context; None when that is to be run there."""
        key = (package, pieces)
        try:
            return self._effects[key]
        except KeyError:
            form = (package, tuple(piece.template for piece in pieces))
            effect = None if form in self._harmful_forms else self._found(package, pieces)
            if effect is None:
                self._harmful_forms.add(form)
            self._effects[key] = effect
            return effect

    def _found(self, package: str, pieces: tuple[Piece, ...]) -> Effect | None:
        if any(not self._harmful.isdisjoint(_NAME.findall(piece.template)) for piece in pieces):
            return None
        capture = Capture()
        said: list[Event] = []
        session = self._host.session(
            None, None, phase="parse", package=package, capture=capture, emit=said.append
        )
        if self._host.registry.find("adapter", package=package) is None:
            session.context["adapter"] = _FewWords(ParseFacade(session))
        run = session.piecewise()
        try:
            with aside() as reads:
                for piece in pieces:
                    run(piece)
        except (Exception, MacroReturn):  # noqa: BLE001 - it is run again in its file, and says it there
            return None
        asked = dict.items(session.context)
        if said or not all(knows_no_node(*pair, self._host) for pair in asked):
            return None
        return Effect(
            tuple(capture.macros), capture.variables, capture.environment, tuple(sorted(reads))
        )


def knows_no_node(name: str, value: Any, host: MacroHost) -> bool:
    """Whether a name that was looked up, with its value, is the same for all nodes of a package."""
    if isinstance(value, BoundMacro | PackageMacros):
        return True
    return name in _KNOWS_NO_NODE or name in host.environment.globals


class _HarmfulError(Exception):
    """A piece asks for something that may know of its node, or that is told once."""


class _FewWords:
    """``adapter``, with those of its words that are the same everywhere."""

    def __init__(self, facade: ParseFacade) -> None:
        self._facade = facade

    def __getattr__(self, name: str) -> Any:
        empty = name in _EMPTY_ANSWERS and name not in vars(self._facade)
        if name in ADAPTER_WORDS or empty:
            return getattr(self._facade, name)
        raise _HarmfulError(name)
