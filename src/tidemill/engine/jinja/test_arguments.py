"""The arguments of generic tests: YAML values whose Jinja is rendered when the test is compiled.

dbt's rules: a text that looks like a call of ``ref``, ``source``, ``var``, ``env_var`` or ``doc`` is an expression
even without braces; what is a whole expression keeps its type; ``column_name`` stays as written.
"""

from __future__ import annotations

import re
from typing import Any

from tidemill.engine.jinja.pieces import LITERAL, parametrised
from tidemill.engine.jinja.plain import ARGUMENTS_NAME
from tidemill.engine.jinja.session import Session
from tidemill.engine.jinja.static import Call, static_call
from tidemill.engine.nodes import GenericTest
from tidemill.engine.project.native_jinja import has_jinja, render_native
from tidemill.errors import CompilationError

__all__ = ["ARGUMENTS_NAME", "rendered_arguments"]

_CALL = re.compile(r"\s*(env_var|ref|var|source|doc)\s*\(.+\)\s*", re.DOTALL)
_WORD = re.compile(r"[A-Za-z_]\w*")


def rendered_arguments(test: GenericTest, session: Session) -> dict[str, Any]:
    """The arguments of ``test``, rendered with the names of ``session``."""
    return {
        name: value if name == "column_name" else _rendered(value, session)
        for name, value in test.test_metadata.kwargs.items()
    }


def is_call(value: str) -> bool:
    """Whether a text is an expression even without braces."""
    return _CALL.fullmatch(value) is not None


def _rendered(value: Any, session: Session) -> Any:
    if isinstance(value, dict):
        return {key: _rendered(item, session) for key, item in value.items()}
    if isinstance(value, list):
        return [_rendered(item, session) for item in value]
    if not isinstance(value, str):
        return value
    text = f"{{{{ {value} }}}}" if is_call(value) else value
    call = _reference(text)
    if call is not None and session.phase == "parse":
        return session.context[call.name](*call.args, **call.kwargs)
    return _native(text, session) if has_jinja(text) else value


def _reference(text: str) -> Call | None:
    """The call, if the whole text is a reference with literal names, which most such arguments are."""
    if not (text.startswith("{{") and text.endswith("}}")):
        return None
    call = static_call(text[2:-2])
    return call if call is not None and call.name in {"ref", "source"} else None


def reference_in(value: str) -> Call | None:
    """The call of ``ref`` or ``source`` that an argument is, if its names are literal and it is nothing else."""
    return _reference(f"{{{{ {value} }}}}" if _CALL.fullmatch(value) else value)


def _native(text: str, session: Session) -> Any:
    """The value of ``text``. Tests differ in names more than in form, so those of one form share a template."""
    piece = parametrised(text)
    names = _names_in(text, session)
    if piece is None or text[-2:] != "}}":
        return render_native(text, names)
    literals = {LITERAL.format(index): value for index, value in enumerate(piece.literals)}
    try:
        return render_native(piece.template, {**names, **literals})
    except CompilationError:
        return render_native(text, names)  # for an error that shows what was written


def _names_in(text: str, session: Session) -> dict[str, Any]:
    """The session's names that occur in ``text``: asking for all of them would make every macro."""
    words = dict.fromkeys(_WORD.findall(text))
    return {word: session.context[word] for word in words if word in session.context}
