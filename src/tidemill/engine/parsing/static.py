"""Reads refs, sources and config from a template without rendering it, where that is provably the same.

A template qualifies when its only tags are ``{{ ref(...) }}``, ``{{ source(...) }}`` and ``{{ config(...) }}`` with
literal arguments (and ``{{ this }}``). Anything else is answered with None: then it must be rendered.
Distinct tags are analysed once per process, since projects repeat them.
"""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from typing import Any

import msgspec

_STRING = r"""'[^']*'|"[^"]*\""""
_DEEPEST = rf"""\{{(?:{_STRING}|[^'"{{}}])*\}}"""
_DEEPER = rf"""\{{(?:{_STRING}|[^'"{{}}]|{_DEEPEST})*\}}"""
_BRACES = rf"""\{{(?:{_STRING}|[^'"{{}}]|{_DEEPER})*\}}"""
# Mappings may nest three deep; a tag with more of them is left to rendering.
_TAG = re.compile(
    r"\{#.*?#\}"
    rf"""|\{{\{{(?P<expression>(?:{_STRING}|[^'"{{}}]|{_BRACES})*)\}}\}}"""
    r"|\{%|\{\{",
    re.DOTALL,
)
_CONSTANTS = {
    "true": True,
    "false": False,
    "none": None,
    "True": True,
    "False": False,
    "None": None,
}
_FUNCTIONS = frozenset({"ref", "source", "config"})


class Call(msgspec.Struct, frozen=True):
    """One call with literal arguments."""

    name: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


def static_calls(text: str) -> tuple[Call, ...] | None:
    """The calls of a template in order, or None when only rendering can tell."""
    calls: list[Call] = []
    for match in _TAG.finditer(text):
        tag = match.group()
        if tag.startswith("{#"):
            continue
        expression = match.group("expression")
        if expression is None:
            return None
        call = _call_of(expression)
        if call is None:
            return None
        if call is not _NOTHING:
            calls.append(call)
    return tuple(calls)


_NOTHING = Call("this", (), {})


@lru_cache(maxsize=65536)
def _call_of(expression: str) -> Call | None:
    # Escapes differ between Jinja and Python, and a walrus or lambda is no Jinja: leave both to rendering.
    if "\\" in expression:
        return None
    source = expression.strip("-+ \n\t\r")
    if source == "this":
        return _NOTHING
    try:
        tree = ast.parse(f"({source}\n)", mode="eval").body
        return _literal_call(tree)
    except (SyntaxError, ValueError, RecursionError):
        return None


def _literal_call(tree: ast.expr) -> Call | None:
    if not isinstance(tree, ast.Call) or not isinstance(tree.func, ast.Name):
        return None
    if tree.func.id not in _FUNCTIONS:
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
