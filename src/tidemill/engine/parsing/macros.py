"""Macro files to macros, and which macros each of them may call.

Calls are found by scanning tags, not by parsing Jinja: dbt records them for the manifest only, and parsing every macro of
every package would cost more than parsing the project.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import msgspec

from tidemill.engine.jinja.registry import MacroRegistry
from tidemill.engine.nodes import Macro
from tidemill.engine.parsing.blocks import Block, Unexpected, split_blocks
from tidemill.errors import ParsingError, Place, TidemillError
from tidemill.keys import unique_id

_TAG = re.compile(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_STRING = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"", re.DOTALL)
_CALL = re.compile(r"(?<![\w.])(?:([A-Za-z_]\w*)\s*\.\s*)?([A-Za-z_]\w*)\s*\(")
_HEADER = re.compile(r"^\{%-?\s*(?:macro|test|data_test)\s+\w+")
_FILTER = re.compile(r"\|\s*[A-Za-z_]\w*")
_DISPATCH = re.compile(
    r"adapter\s*\.\s*dispatch\s*\(\s*(?:macro_name\s*=\s*)?['\"](\w+)['\"]"
    r"(?:\s*,\s*(?:macro_namespace\s*=\s*)?['\"](\w+)['\"])?"
)
_NO_MACROS = frozenset(
    [
        "adapter",
        "config",
        "diff_of_two_dicts",
        "env_var",
        "fromjson",
        "fromyaml",
        "local_md5",
        "log",
        "print",
        "ref",
        "return",
        "set",
        "set_strict",
        "source",
        "tojson",
        "toyaml",
        "var",
        "zip",
        "zip_strict",
    ]
)
"""Names in whose calls dbt never sees a macro, even where a project has one of that name."""
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
    calls = _Calls(registry, prefixes, places)
    return {
        key: msgspec.structs.replace(macro, depends_on_macros=tuple(dict.fromkeys(calls.of(macro))))
        for key, macro in macros.items()
    }


class _Calls:
    """What the calls in a macro's text mean. dbt's rules here are not those by which macros are called:
    a bare name means its owner's or anybody's, and ``x.y()`` may mean a macro ``y`` whatever ``x`` is.
    """

    def __init__(self, registry: MacroRegistry, prefixes: tuple[str, ...], places: Places) -> None:
        self._registry = registry
        self._prefixes = prefixes
        self._places = places
        self._anybodys = macros_by_name(registry)

    def of(self, macro: Macro) -> Iterator[str]:
        """The unique ids of the macros that ``macro`` calls."""
        for match in _TAG.finditer(macro.macro_sql):
            tag = match.group()
            if tag.startswith("{#"):
                continue
            for name in self._names(_HEADER.sub("", tag)):
                found = self._named(name, macro.package_name) if name != macro.name else None
                if found is not None:
                    yield found.unique_id

    def _names(self, tag: str) -> Iterator[str]:
        for name, namespace in _DISPATCH.findall(tag):
            yield name
            yield from self._dispatched(name, namespace or None)
        for call in _CALL.finditer(_FILTER.sub("|", _STRING.sub("''", tag))):
            owner, name = call.groups()
            if owner is not None and owner != "adapter":
                yield f"{owner}.{name}"
            elif owner is None and name not in _NO_MACROS:
                yield name

    def _named(self, name: str, package: str) -> Macro | None:
        owner, dot, rest = name.partition(".")
        own = self._registry.packages.get(owner if dot else package, {})
        return own.get(rest if dot else name) or self._anybodys.get(rest if dot else name)

    def _dispatched(self, name: str, namespace: str | None) -> Iterator[str]:
        for place in self._places(namespace):
            macros = self._anybodys if place is None else self._registry.package(place) or {}
            for prefix in self._prefixes:
                found = macros.get(f"{prefix}__{name}")
                if found is not None:
                    yield f"{found.package_name}.{found.name}"
                    return


def macros_by_name(registry: MacroRegistry) -> Mapping[str, Macro]:
    """Macros of all packages as one: the root project's over those of packages over the built-in."""
    merged = dict(registry.builtin)
    for name, macros in registry.packages.items():
        if name not in registry.internal:
            merged.update(macros)
    return merged | registry.packages.get(registry.root, {})


def seen_by_test(starts: Iterable[Macro], macros: Mapping[str, Macro]) -> frozenset[str]:
    """``starts`` and all that they lead to: a generic test sees no other macros while it is parsed (dbt's rule)."""
    waiting = list(starts)
    found = {macro.unique_id for macro in waiting}
    while waiting:
        for key in waiting.pop().depends_on_macros:
            if key not in found and key in macros:
                found.add(key)
                waiting.append(macros[key])
    return frozenset(found)
