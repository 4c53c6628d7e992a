"""Reads a ``{{ }}`` tag without rendering it, where that is provably the same.

A tag qualifies when it is ``ref(...)``, ``source(...)`` or ``config(...)`` with literal arguments, or ``this``. Anything
else is answered with None: then it must be rendered. Distinct tags are analysed once per process, since projects
repeat them.
"""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from typing import Any

import msgspec

_CONSTANTS = {
    "true": True,
    "false": False,
    "none": None,
    "True": True,
    "False": False,
    "None": None,
}
_FUNCTIONS = frozenset({"ref", "source", "config"})
_NAME = r"""('[^'\r\n\0]*'|"[^"\r\n\0]*")[ \t\n]*"""
_REFERENCE = re.compile(rf"(ref|source)[ \t]*\([ \t\n]*{_NAME}(?:,[ \t\n]*{_NAME})?\)")
"""Most calls by far; they are distinct by the thousand, and Python's own parser takes ten times as long."""


class Call(msgspec.Struct, frozen=True):
    """One call with literal arguments."""

    name: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


THIS = Call("this", (), {})
"""The answer for ``this``, which reads nothing."""


def static_call(expression: str) -> Call | None:
    """The call that the text between the braces of a tag makes, or None when only rendering can tell."""
    call = literal_call(expression)
    return call if call is THIS or (call is not None and call.name in _FUNCTIONS) else None


@lru_cache(maxsize=65536)
def literal_call(expression: str) -> Call | None:
    """The call of a name with literal arguments that ``expression`` is, or ``this``; None for anything else."""
    # Escapes differ between Jinja and Python, and a walrus or lambda is no Jinja: leave both to rendering.
    if "\\" in expression:
        return None
    source = expression.strip("-+ \n\t\r")
    if source == "this":
        return THIS
    reference = _REFERENCE.fullmatch(source)
    if reference is not None:
        name, *names = reference.groups()
        return Call(name, tuple([text[1:-1] for text in names if text is not None]), {})
    try:
        tree = ast.parse(f"({source}\n)", mode="eval").body
        return _literal_call(tree)
    except (SyntaxError, ValueError, RecursionError):
        return None


def _literal_call(tree: ast.expr) -> Call | None:
    if not isinstance(tree, ast.Call) or not isinstance(tree.func, ast.Name):
        return None
    args = tuple(_literal(argument) for argument in tree.args)
    kwargs: dict[str, Any] = {}
    for keyword in tree.keywords:
        if keyword.arg is None or keyword.arg in kwargs:
            return None
        kwargs[keyword.arg] = _literal(keyword.value)
    return Call(tree.func.id, args, kwargs)


def _literal(tree: ast.expr) -> Any:
    """The value of a literal that Jinja and Python read alike. Raises ValueError for anything else."""
    if isinstance(tree, ast.Constant) and isinstance(tree.value, str | int | float | bool | None):
        return tree.value
    if isinstance(tree, ast.Name) and tree.id in _CONSTANTS:
        return _CONSTANTS[tree.id]
    if isinstance(tree, ast.List):
        return [_literal(item) for item in tree.elts]
    if isinstance(tree, ast.Tuple):
        return tuple(_literal(item) for item in tree.elts)
    if isinstance(tree, ast.Dict) and all(key is not None for key in tree.keys):
        pairs = zip(tree.keys, tree.values, strict=True)
        return {_literal(key): _literal(value) for key, value in pairs if key is not None}
    if isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.USub):
        value = _literal(tree.operand)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return -value
    raise ValueError("not a literal")
