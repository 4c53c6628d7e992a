"""The Jinja of YAML files: an expression that is a whole value keeps its type.

    render_native("{{ var('n') }}", {"var": ...})      -> 3
    render_native("{{ target.name }}_x", {...})        -> "dev_x"
    render_native("{{ '1' | as_number }}", {})         -> 1

This is dbt's native rendering for ``dbt_project.yml``, ``profiles.yml``, ``packages.yml`` and property
files, with the filters ``as_text``, ``as_bool``, ``as_number``, ``as_native``. SQL and macros have
their own environment elsewhere. What the templates may call is the caller's ``context``.
"""

from __future__ import annotations

import re
from ast import literal_eval
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from tidemill.engine.project.reads import MODULES, THREADS, note
from tidemill.errors import CompilationError, TidemillError, did_you_mean

if TYPE_CHECKING:
    import jinja2

_TEMPLATES = 2048
_MODULES = re.compile(r"\bmodules\s*[.\[]")


def has_jinja(text: str) -> bool:
    """Whether ``text`` holds any Jinja tag."""
    return "{{" in text or "{%" in text or "{#" in text


def render_native(text: str, context: dict[str, Any]) -> Any:
    """The value of ``text`` with its Jinja rendered: of any type for a single expression, else text.

    Raises CompilationError (without a place, which the caller knows) for broken Jinja, unknown
    names, and values that do not fit ``as_bool`` and ``as_number``. Faults that functions of the
    context raise pass through.
    """
    if not has_jinja(text):
        return _plain(text)
    import jinja2

    _note(text)
    try:
        template = _template(text)
        chunks = template.root_render_func(template.new_context(context))
        return _value(chunks, context)
    except TidemillError:
        raise
    except jinja2.TemplateSyntaxError as error:
        raise CompilationError(
            f"could not render {_shown(text)}: {error.message}", code="jinja-syntax"
        ) from None
    except jinja2.UndefinedError as error:
        raise CompilationError(
            f"could not render {_shown(text)}: {error.message}", code="jinja-undefined"
        ) from None
    except Exception as error:
        # User's Jinja may call anything on anything; whatever it raises is the user's to see.
        raise CompilationError(
            f"could not render {_shown(text)}: {error}", code="jinja-error"
        ) from error


def _note(text: str) -> None:
    """What is read of names that are no functions, and so cannot tell."""
    if "target" in text:
        note(THREADS)
    if "modules" in text and _MODULES.search(text):
        note(MODULES)


def _plain(text: str) -> str:
    """Text as Jinja leaves it: one final newline is taken away, and line ends become line feeds."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.removesuffix("\n")


class _Text(str):
    """Marks the result of ``as_text``: never evaluated."""

    __slots__ = ()


class _Literal(str):
    """Marks a text whose Python value is wanted: ``as_native``."""

    __slots__ = ()


class _Bool(_Literal):
    __slots__ = ()


class _Number(_Literal):
    __slots__ = ()


def _value(chunks: Iterable[Any], context: Mapping[str, Any]) -> Any:
    parts = list(chunks)
    if len(parts) != 1:
        return "".join(str(_defined(part, context)) for part in parts)
    [part] = parts
    if isinstance(part, _Text):
        return str(part)
    if isinstance(part, _Literal):
        return _evaluated(part)
    return _defined(part, context)


def _evaluated(text: _Literal) -> Any:
    value: Any = str(text)
    with suppress(ValueError, SyntaxError, MemoryError):
        value = literal_eval(text)
    if isinstance(text, _Bool) and not isinstance(value, bool):
        raise _misfit(text, "true or false")
    if isinstance(text, _Number) and not _is_number(value):
        raise _misfit(text, "a number")
    return value


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _misfit(text: str, wanted: str) -> CompilationError:
    return CompilationError(f"the value '{text}' is not {wanted}", code="jinja-type")


def _defined(part: Any, context: Mapping[str, Any]) -> Any:
    """``part``, unless it is a name that nothing defines."""
    import jinja2

    if isinstance(part, jinja2.Undefined):
        name = str(getattr(part, "_undefined_name", "") or "")
        raise CompilationError(
            f"'{name}' is not defined here",
            code="jinja-undefined",
            hint=did_you_mean(name, context),
        )
    return part


def _shown(text: str) -> str:
    first, *rest = text.strip().splitlines()
    return f'"{first}"' + (" ..." if rest else "")


@lru_cache(maxsize=1)
def _environment() -> jinja2.Environment:
    from jinja2.nativetypes import NativeCodeGenerator
    from jinja2.sandbox import SandboxedEnvironment

    class NativeSandbox(SandboxedEnvironment):
        code_generator_class = NativeCodeGenerator

    environment = NativeSandbox(extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"])
    environment.filters.update(
        as_text=_Text, as_native=_Literal, as_bool=_Bool, as_number=_Number, is_list=_is_list
    )
    return environment


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


@lru_cache(maxsize=_TEMPLATES)
def _template(text: str) -> jinja2.Template:
    return _environment().from_string(text)
