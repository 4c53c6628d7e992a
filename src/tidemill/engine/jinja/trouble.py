"""From an exception inside a template to an error with a place: file, line, and what to do."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from types import TracebackType

import jinja2
import msgspec
from jinja2 import Template

from tidemill.engine.jinja.dialect import MACRO_PREFIX
from tidemill.engine.nodes import Macro, Node
from tidemill.errors import CompilationError, Place, TidemillError, did_you_mean

_HEAD = re.compile(r"{%-?\s*(?:macro|test|data_test)\s+\w+\s*\((.*?)\)\s*-?%}", re.DOTALL)

ORIGIN = "tidemill_origin"
"""Attribute of a template: (file, line on which its text begins)."""


def explain(
    error: BaseException,
    *,
    node: Node | None = None,
    macro: Macro | None = None,
    file: str | None = None,
    line: int = 1,
) -> TidemillError:
    """The error as one of ours, with the node and the innermost template line that it came from."""
    node_id = node.unique_id if node is not None else None
    if isinstance(error, TidemillError):
        fallback = Place(file=file) if file else None
        return error.located(node=node_id, place=_place(error) or fallback)
    place = _syntax_place(error, macro, file, line) or _place(error)
    if place is None and macro is not None:
        place = Place(file=macro.original_file_path, line=macro.line)
    if place is None and file is not None:
        place = Place(file=file)
    message, code, hint = _words(error, macro)
    return CompilationError(message, code=code, hint=hint, node=node_id, place=place)


def _words(error: BaseException, macro: Macro | None) -> tuple[str, str, str | None]:
    if isinstance(error, jinja2.TemplateSyntaxError):
        return error.message or "syntax error in a template", "jinja-syntax", None
    if isinstance(error, jinja2.UndefinedError):
        hint = (
            "a macro or variable of that name does not exist here: check the spelling, and that its "
            "package is installed"
        )
        return _OURS.sub(_plain_name, error.message or "undefined"), "jinja-undefined", hint
    if isinstance(error, TypeError) and MACRO_PREFIX in str(error):
        return str(error).replace(MACRO_PREFIX, ""), "macro-arguments", _signature(macro)
    return str(error) or type(error).__name__, "jinja", None


_OURS = re.compile(r"'tidemill(?:\.\w+)*\.(\w+) object'")
_DICTS = frozenset({"PackageMacros", "AttributeDict"})


def _plain_name(found: re.Match[str]) -> str:
    """An object by what people know it as: packages and mappings are dicts to dbt too."""
    return "'dict object'" if found[1] in _DICTS else f"'{found[1]} object'"


def _signature(macro: Macro | None) -> str | None:
    """How the macro wants to be called, as its own text says."""
    head = _HEAD.search(macro.macro_sql) if macro is not None else None
    return f"its arguments are ({' '.join(head[1].split())})" if head else None


def _syntax_place(
    error: BaseException, macro: Macro | None, file: str | None, line: int
) -> Place | None:
    if not isinstance(error, jinja2.TemplateSyntaxError):
        return None
    if macro is not None:
        return Place(file=macro.original_file_path, line=macro.line + error.lineno - 1)
    return Place(file=file, line=line + error.lineno - 1) if file else None


def _place(error: BaseException) -> Place | None:
    """The innermost template line in the traceback whose file is known."""
    found: Place | None = None
    trace: TracebackType | None = error.__traceback__
    while trace is not None:
        template = trace.tb_frame.f_globals.get("__jinja_template__")
        origin = getattr(template, ORIGIN, None)
        if isinstance(template, Template) and origin is not None:
            file, first = origin
            found = Place(
                file=file, line=first + template.get_corresponding_lineno(trace.tb_lineno) - 1
            )
        trace = trace.tb_next
    return found


def with_nearest_name(error: TidemillError, known: Callable[[], Collection[str]]) -> TidemillError:
    """``error`` with the nearest of the ``known`` names as its hint, where it is about an undefined one."""
    fault = error.fault
    quoted = fault.message.split("'")
    if fault.code == "jinja-undefined" and len(quoted) > 1:
        nearest = did_you_mean(quoted[1], known())
        if nearest:
            error.fault = msgspec.structs.replace(fault, hint=nearest)
    return error
