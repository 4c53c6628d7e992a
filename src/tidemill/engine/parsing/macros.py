"""Macro files to macros, and which macros each of them may call.

Calls are found by scanning tags, not by parsing Jinja: dbt records them for the manifest only, and parsing every macro of
every package would cost more than parsing the project.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec

from tidemill.engine.jinja.registry import MacroRegistry
from tidemill.engine.nodes import Macro
from tidemill.engine.parsing.blocks import Block, Unexpected, split_blocks
from tidemill.errors import ParsingError, Place, TidemillError
from tidemill.keys import unique_id

_TAG = re.compile(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_STRING = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"", re.DOTALL)
_CALL = re.compile(r"(?<![\w.])([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)?)\s*\(")
_FILTER = re.compile(r"\|\s*[A-Za-z_]\w*")
_DISPATCH = re.compile(
    r"adapter\s*\.\s*dispatch\s*\(\s*(?:macro_name\s*=\s*)?['\"](\w+)['\"]"
    r"(?:\s*,\s*(?:macro_namespace\s*=\s*)?['\"](\w+)['\"])?"
)
_ADAPTER = re.compile(r"adapter\s*=\s*['\"](\w+)['\"]")
_LANGUAGES = re.compile(r"supported_languages\s*=\s*(\[[^\]]*\])")


def macros_of_file(
    text: str, *, file: str, package: str, unexpected: Unexpected | None = None
) -> list[Macro]:
    """The macros, generic tests and materialisations of one file.

    ``file`` is relative to its package; ``unexpected`` is told tags that belong to no block. Raises
    CompilationError for a block that does not close.
    """
    blocks = split_blocks(text, file, unexpected=unexpected)
    return [_macro(block, file, package) for block in blocks]


def _macro(block: Block, file: str, package: str) -> Macro:
    name, languages = block.name, None
    if block.kind == "test":
        name = f"test_{block.name}"
    elif block.kind == "materialization":
        adapter = _ADAPTER.search(block.header)
        name = f"materialization_{block.name}_{adapter.group(1) if adapter else 'default'}"
        found = _LANGUAGES.search(block.header)
        languages = tuple(ast.literal_eval(found.group(1))) if found else ("sql",)
    return Macro(
        unique_id=unique_id("macro", package, name),
        name=name,
        package_name=package,
        path=file,
        original_file_path=file,
        macro_sql=block.text,
        line=block.line,
        supported_languages=languages,
    )


def gather_macros(macros: Iterable[Macro]) -> tuple[dict[str, Macro], list[TidemillError]]:
    """Macros by unique id, and an error for each name that one package defines twice."""
    found: dict[str, Macro] = {}
    errors: list[TidemillError] = []
    for macro in macros:
        first = found.setdefault(macro.unique_id, macro)
        if first is not macro:
            errors.append(_duplicate(first, macro))
    return found, errors


def _duplicate(first: Macro, second: Macro) -> TidemillError:
    return ParsingError(
        f'dbt found multiple macros named "{second.name}" in the project "{second.package_name}":\n'
        f"  {first.original_file_path}:{first.line}\n"
        f"  {second.original_file_path}:{second.line}",
        code="macro-duplicate",
        place=Place(file=second.original_file_path, line=second.line),
        hint="rename or remove one of them",
    )


Places = Callable[[str | None], Sequence[str | None]]
"""The packages in which a dispatch of that namespace looks."""


def with_dependencies(
    macros: dict[str, Macro], registry: MacroRegistry, prefixes: tuple[str, ...], places: Places
) -> dict[str, Macro]:
    """The macros, each with the unique ids of those that its text calls by name or by dispatch."""
    return {
        key: msgspec.structs.replace(
            macro,
            depends_on_macros=tuple(dict.fromkeys(_called(macro, registry, prefixes, places))),
        )
        for key, macro in macros.items()
    }


def _called(
    macro: Macro, registry: MacroRegistry, prefixes: tuple[str, ...], places: Places
) -> Iterator[str]:
    for match in _TAG.finditer(macro.macro_sql):
        tag = match.group()
        if tag.startswith("{#"):
            continue
        for name, namespace in _DISPATCH.findall(tag):
            found = _dispatched(name, places(namespace or None), macro, registry, prefixes)
            if found is not None:
                yield found.unique_id
        for call in _CALL.finditer(_FILTER.sub("|", _STRING.sub("''", tag))):
            found = _named(call.group(1), macro, registry)
            if found is not None and found.name != macro.name:
                yield found.unique_id


def _named(name: str, macro: Macro, registry: MacroRegistry) -> Macro | None:
    package, dot, rest = name.partition(".")
    if dot:
        return registry.find_in(rest, package, package=macro.package_name)
    return registry.find(name, package=macro.package_name)


def _dispatched(
    name: str,
    places: Sequence[str | None],
    macro: Macro,
    registry: MacroRegistry,
    prefixes: tuple[str, ...],
) -> Macro | None:
    for place in places:
        for prefix in prefixes:
            found = registry.find_in(f"{prefix}__{name}", place, package=macro.package_name)
            if found is not None:
                return found
    return None
