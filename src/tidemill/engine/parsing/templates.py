"""A node's template to what it reads and sets: tag by tag, statically where that is proven equal."""

from __future__ import annotations

import re
from collections.abc import Callable

from tidemill.engine.jinja.capture import Capture
from tidemill.engine.jinja.functions import MacroReturn
from tidemill.engine.jinja.macro_host import MacroHost
from tidemill.engine.jinja.pieces import Piece, Pieces, pieces_of
from tidemill.engine.jinja.resolvers import ref_of, source_of
from tidemill.engine.jinja.static import THIS, Call, static_call
from tidemill.engine.nodes import Node
from tidemill.engine.parsing.parse_sessions import ParseSessions
from tidemill.engine.parsing.python_models import read_python_model
from tidemill.engine.parsing.repeated_pieces import RepeatedPieces
from tidemill.engine.project.reads import only_written

_STATIC_NAMES = (
    "ref",
    "source",
    "config",
    "this",
    "run_started_at",
    "invocation_id",
    "modules",
    "var",
    "env_var",
)
_PLAIN = frozenset(
    {"run_started_at", "invocation_id", "modules", "var", "env_var", "target", "none"}
)
_NAME = re.compile(r"(?<![\w.])([A-Za-z_]\w*)\b(?!\s*=[^=])")


class TemplateReader:
    """Reads the templates of a project's nodes."""

    def __init__(self, host: MacroHost) -> None:
        self._host = host
        self._overridden: dict[str, bool] = {}
        self._repeated = RepeatedPieces(host)
        self._sessions = ParseSessions(host)

    def read(self, node: Node, configured: Callable[[], Node] | None = None) -> Capture:
        """What ``node``'s raw code reads and sets. Raises CompilationError with its place.

        ``configured`` gives the node with what is known of its configuration before its own ``config()``; it is
        asked only when something must be rendered.
        """
        # A function in Python is a template like any other: its body is the warehouse's business.
        if node.language == "python" and node.resource_type != "function":
            return read_python_model(node)
        configured = configured or (lambda: node)
        pieces = pieces_of(node.raw_code)
        if pieces is not None:
            try:
                return self._read_pieces(pieces, node, configured)
            except (Exception, MacroReturn):  # noqa: BLE001 - rendering the whole says it with its place
                pass
        return self._rendered(configured())

    def _rendered(self, node: Node) -> Capture:
        capture = Capture()
        session = self._sessions.open(node, capture)
        session.render(node.raw_code, file=node.original_file_path, line=node.line)
        return capture

    def _read_pieces(self, pieces: Pieces, node: Node, configured: Callable[[], Node]) -> Capture:
        capture = Capture()
        static = pieces.assigned.isdisjoint(_STATIC_NAMES) and not self._overrides_builtins(
            node.package_name
        )
        calls = [
            static_call(piece.expression) if static and piece.expression else None
            for piece in pieces.pieces
        ]
        repeated = self._repeated.of_file(node.package_name, pieces, calls) if static else None
        run = None
        for piece, call in zip(pieces.pieces, calls, strict=True):
            if call is not None:
                _note(call, capture)
                continue
            effect = repeated(piece) if repeated is not None else None
            if effect is not None:
                effect.apply(capture)
                continue
            if run is None:
                session = self._sessions.open(configured(), capture)
                run = session.piecewise()
            if not (static and _only_writes(piece)):
                run(piece)
                continue
            with only_written():
                run(piece)
            for name in _PLAIN:  # so that the next tag asks for it again
                session.context.pop(name, None)
        if all(calls):
            # Then dbt's static reader reads it too, which drops doubles of sources (not of refs).
            capture.sources = list(dict.fromkeys(capture.sources))
        return capture

    def _overrides_builtins(self, package: str) -> bool:
        """Whether the project has macros named as what the static reader knows."""
        known = self._overridden.get(package)
        if known is None:
            find = self._host.registry.find
            known = any(find(name, package=package) is not None for name in _STATIC_NAMES)
            self._overridden[package] = known
        return known


def _only_writes(piece: Piece) -> bool:
    """Whether a tag does nothing but write a value: of the time, say, which need not be noted then."""
    names = (name for name in _NAME.findall(piece.template) if not name.startswith("_literal_"))
    return piece.expression is not None and _PLAIN.issuperset(name.lower() for name in names)


def _note(call: Call, capture: Capture) -> None:
    if call.name == "ref":
        capture.refs.append(ref_of(call.args, call.kwargs))
    elif call.name == "source":
        capture.sources.append(source_of(call.args))
    elif call is not THIS:
        capture.configure(*call.args, **call.kwargs)
