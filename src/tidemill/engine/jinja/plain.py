"""Renders templates that only name what they read, without Jinja: most models, at a tenth of the cost.

A template is plain when all its tags are comments or ``{{ }}`` with one call of ``ref``, ``source``, ``var`` or
``config`` with literal arguments, or ``this``; or the call of a test's macro with the test's arguments. The result is what Jinja would give, blanks included; anything else,
errors too, is answered with None, and Jinja does it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from tidemill.engine.jinja.resolvers import Resolver, RunConfig, VarLookup
from tidemill.engine.jinja.static import THIS, Call, literal_call

_TAG = re.compile(
    r"\{\{(?P<before>-?)(?P<expression>[^{}%#]*?)(?P<after>-?)\}\}"
    r"|\{#(?P<opens>-?)[^{}#]*?(?P<closes>-?)#\}"
    r"|\{[{%#]"
)
_LINE_END = re.compile(r"\r\n|\r")
ARGUMENTS_NAME = "_dbt_generic_test_kwargs"
"""The name under which a generic test's raw code finds its arguments."""
_TEST = re.compile(rf"\s*(?P<name>\w+)\(\*\*{ARGUMENTS_NAME}\)\s*")
_CALLABLE = (Resolver, RunConfig, VarLookup)


def plain_text(text: str, lookup: Callable[[str], Any]) -> str | None:
    """``text`` rendered with the names that ``lookup`` finds, or None when that is for Jinja."""
    if "{%" in text:
        return None
    source = _LINE_END.sub("\n", text) if "\r" in text else text
    try:
        parts = list(_parts(source.removesuffix("\n"), lookup))
    except MacroFailedError:
        raise
    except Exception:  # noqa: BLE001 - Jinja meets the same error, and tells its place
        return None
    return "".join(parts)


class MacroFailedError(Exception):
    """The macro of a test raised ``error``; it must not be called again to learn more."""

    def __init__(self, error: Exception) -> None:
        super().__init__(str(error))
        self.error = error


class _NotPlainError(Exception):
    """The template needs Jinja."""


def _parts(text: str, lookup: Callable[[str], Any]) -> Iterator[str]:
    position = 0
    trimmed = False
    for match in _TAG.finditer(text):
        between = text[position : match.start()]
        position = match.end()
        if trimmed:
            between = between.lstrip()
        yield between.rstrip() if match["before"] or match["opens"] else between
        expression = match["expression"]
        if expression is not None:
            yield _value(expression, lookup)
        elif match["closes"] is None:
            raise _NotPlainError
        trimmed = bool(match["after"] or match["closes"])
    rest = text[position:]
    yield rest.lstrip() if trimmed else rest


def _value(expression: str, lookup: Callable[[str], Any]) -> str:
    call = literal_call(expression)
    if call is None:
        return _tested(expression, lookup)
    value = lookup(call.name)
    return str(value if call is THIS else _called(value, call))


def _tested(expression: str, lookup: Callable[[str], Any]) -> str:
    """``test_unique(**_dbt_generic_test_kwargs)``: the macro of a test, which is any code at all."""
    match = _TEST.fullmatch(expression)
    macro: Any = lookup(match["name"]) if match is not None else None
    if type(macro).__name__ != "BoundMacro":
        raise _NotPlainError
    arguments = lookup(ARGUMENTS_NAME)
    try:
        return str(macro(**arguments))
    except Exception as error:
        raise MacroFailedError(error) from error


def _called(value: Any, call: Call) -> Any:
    if not isinstance(value, _CALLABLE):
        raise _NotPlainError
    return value(*call.args, **call.kwargs)
