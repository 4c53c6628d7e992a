"""Macros' arguments held against what YAML says of them, where a project asks for it by ``validate_macro_args``.

Then arguments also stand in the manifest for macros that YAML does not describe.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

import jinja2.nodes
import msgspec

from tidemill.engine.jinja.dialect import make_environment
from tidemill.engine.nodes import Macro, MacroArgument
from tidemill.errors import Fault, Place

FLAG = "validate_macro_args"

_INNER_TYPES = {
    **dict.fromkeys(("str", "string", "bool", "int", "integer", "float", "any"), 0),
    **dict.fromkeys(("relation", "column"), 0),
    **dict.fromkeys(("list", "optional"), 1),
    "dict": 2,
}
"""The types that dbt knows, each with the number of types that stand in its brackets."""

_BLANK = re.compile(r"[ \t]+")
_WORD = re.compile(r"[a-z]+")


def with_signatures(macros: dict[str, Macro]) -> dict[str, Macro]:
    """The macros, each with the arguments that its own text names; tests of ``tests/generic`` have none (dbt's rule)."""
    parse = make_environment().parse
    return {
        key: msgspec.structs.replace(macro, arguments=_signature(macro, parse))
        if not _is_in_generic_folder(macro)
        else macro
        for key, macro in macros.items()
    }


def _is_in_generic_folder(macro: Macro) -> bool:
    is_test = macro.name.startswith("test_")
    return is_test and "generic" in PurePosixPath(macro.original_file_path).parts[1:-1]


def _signature(
    macro: Macro, parse: Callable[[str], jinja2.nodes.Template]
) -> tuple[MacroArgument, ...]:
    found = parse(macro.macro_sql).find(jinja2.nodes.Macro)
    return tuple(MacroArgument(name=argument.name) for argument in found.args) if found else ()


def mismatches(macro: Macro, described: tuple[MacroArgument, ...], place: Place) -> Iterator[Fault]:
    """Warnings of described arguments that are not those of ``macro``, or have no type of dbt's."""
    if not described:
        return
    for real, told in zip(macro.arguments, described, strict=False):
        if told.name != real.name:
            yield _mismatch(
                f"Argument {told.name} in yaml for macro {macro.name} does not match the jinja"
                f" definition, which has {real.name}.",
                place,
            )
    if len(described) != len(macro.arguments):
        yield _mismatch(
            f"The number of arguments in the yaml for macro {macro.name} does not match the jinja"
            f" definition: {len(described)} there, {len(macro.arguments)} here.",
            place,
        )
    for told in described:
        if told.type and told.type.strip() and not is_type(told.type):
            yield _mismatch(
                f"Argument {told.name} in the yaml for macro {macro.name} has an invalid type:"
                f" {told.type}.",
                place,
                hint=f"the types are {', '.join(_INNER_TYPES)}",
            )


def is_type(text: str) -> bool:
    """Whether ``text`` is a type that dbt knows, such as ``dict[str, list[int]]``."""
    return _after_type(_BLANK.sub("", text)) == ""


def _after_type(text: str) -> str | None:
    """What follows the type with which ``text`` begins; None when it begins with none."""
    word = _WORD.match(text)
    count = _INNER_TYPES.get(word.group()) if word else None
    if word is None or count is None:
        return None
    rest: str | None = text[word.end() :]
    for index in range(count):
        rest = _after(rest, "," if index else "[")
        rest = None if rest is None else _after_type(rest)
    return _after(rest, "]") if count else rest


def _after(text: str | None, mark: str) -> str | None:
    return text[1:] if text is not None and text.startswith(mark) else None


def _mismatch(message: str, place: Place, hint: str | None = None) -> Fault:
    return Fault(code="macro-arguments", label="Warning", message=message, place=place, hint=hint)
