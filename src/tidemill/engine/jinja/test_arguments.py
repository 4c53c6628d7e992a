"""The arguments of generic tests: YAML values whose Jinja is rendered when the test is compiled.

dbt's rules: a text that looks like a call of ``ref``, ``source``, ``var``, ``env_var`` or ``doc`` is an expression
even without braces; what is a whole expression keeps its type; ``column_name`` stays as written.
"""

from __future__ import annotations

import re
from typing import Any

from tidemill.engine.jinja.session import Session
from tidemill.engine.nodes import GenericTest
from tidemill.engine.project.native_jinja import has_jinja, render_native

ARGUMENTS_NAME = "_dbt_generic_test_kwargs"
"""The name under which a generic test's raw code finds its arguments."""

_CALL = re.compile(r"\s*(env_var|ref|var|source|doc)\s*\(.+\)\s*", re.DOTALL)
_WORD = re.compile(r"[A-Za-z_]\w*")


def rendered_arguments(test: GenericTest, session: Session) -> dict[str, Any]:
    """The arguments of ``test``, rendered with the names of ``session``."""
    return {
        name: value if name == "column_name" else _rendered(value, session)
        for name, value in test.test_metadata.kwargs.items()
    }


def _rendered(value: Any, session: Session) -> Any:
    if isinstance(value, dict):
        return {key: _rendered(item, session) for key, item in value.items()}
    if isinstance(value, list):
        return [_rendered(item, session) for item in value]
    if not isinstance(value, str):
        return value
    text = f"{{{{ {value} }}}}" if _CALL.fullmatch(value) else value
    return render_native(text, _names_in(text, session)) if has_jinja(text) else value


def _names_in(text: str, session: Session) -> dict[str, Any]:
    """The session's names that occur in ``text``: asking for all of them would make every macro."""
    words = dict.fromkeys(_WORD.findall(text))
    return {word: session.context[word] for word in words if word in session.context}
