"""Reads ``ref('orders')`` and its like where they stand as text in YAML, without rendering Jinja."""

from __future__ import annotations

import ast
from typing import Any

import msgspec

from tidemill.engine.nodes import Ref


class Reference(msgspec.Struct, frozen=True):
    """One call in a text: a ref, a source, or a metric."""

    kind: str
    ref: Ref | None = None
    source: tuple[str, str] | None = None
    metric: tuple[str, ...] | None = None


def reference_of(text: str) -> Reference | None:
    """What ``text`` refers to, or None when it is no such call with constant arguments."""
    inner = text.strip()
    if inner.startswith("{{") and inner.endswith("}}"):
        inner = inner[2:-2].strip("- \n\t")
    try:
        call = ast.parse(inner, mode="eval").body
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
            return None
        positional = [ast.literal_eval(argument) for argument in call.args]
        named = {word.arg: ast.literal_eval(word.value) for word in call.keywords if word.arg}
    except (SyntaxError, ValueError):
        return None
    return _reference(call.func.id, positional, named)


def _reference(kind: str, positional: list[Any], named: dict[str, Any]) -> Reference | None:
    if not positional or not all(isinstance(argument, str) for argument in positional):
        return None
    if kind == "ref" and len(positional) <= 2 and not named.keys() - {"v", "version"}:
        version = named.get("version", named.get("v"))
        package = positional[0] if len(positional) == 2 else None
        return Reference(kind, ref=Ref(positional[-1], package, version))
    if kind == "source" and len(positional) == 2 and not named:
        return Reference(kind, source=(positional[0], positional[1]))
    if kind == "metric" and len(positional) <= 2 and not named:
        return Reference(kind, metric=tuple(positional))
    return None
