"""Which files mention a name that comes, goes or means something else: of a macro, a docs block, a fixture.

Texts are searched for words, so rather too many files are found. Where a name may be put together by a template, no
text tells, and everything is parsed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping

from tidemill.engine.jinja.context import promised_names
from tidemill.engine.nodes import Macro
from tidemill.engine.parsing.cache.changes import Change, Files, WholeNeededError
from tidemill.engine.parsing.cache.state import Known
from tidemill.engine.parsing.reach import NODE_KINDS
from tidemill.engine.project.config import RuntimeConfig
from tidemill.engine.project.reads import HOOKS, MACRO, PROJECT, Unit
from tidemill.errors import TidemillError

_LITERAL = r"""(?:macro_name\s*=\s*)?['"]"""
_COMPUTED = rf"""\bcontext\s*[\[.|]|\bdispatch\s*\(\s*(?!{_LITERAL})|\bbuiltins\b|\|\s*attr\b"""
"""Where a macro is found by a name that is computed, or may be."""
_TEMPLATES = (*(kind for kind in NODE_KINDS if kind != "seed"), "properties")
_COMPUTING = ("context", "dispatch", "builtins", "attr")
_COMPUTED_DOC = re.compile(r"""\bdoc\s*\(\s*(?!\\?['"])""")
_MATERIALIZATION = "materialization_"
_MAY_NAME_MACROS = frozenset({"test-unknown", "patch-unmatched"})
"""Warnings that tell the nearest name."""


class Mentions:
    """The texts of a project's files."""

    def __init__(self, config: RuntimeConfig, files: Files) -> None:
        self._config = config
        self._files = files

    def of_macros(
        self, changed: Collection[Macro], macros: Mapping[str, Macro], known: Known
    ) -> Iterator[Change]:
        """Files that may get something else since these macros came or went. ``macros`` are all, then and now.

        Raises WholeNeededError where that cannot be told.
        """
        names = {name for macro in changed for name in names_of(macro)}
        self._check_names(names, macros.values())
        told = ", ".join(f"'{macro.name}'" for macro in changed)
        why = f"it may mean the macro {told}, which is new or gone"
        says, computes = _mention(names), self._computes()
        for macro in macros.values():
            if macro.package_name not in self._config.internal_packages:
                _check_computed(computes(macro.macro_sql), macro.original_file_path)
        calling = {(MACRO, key) for key, macro in macros.items() if says(macro.macro_sql)}
        units = {unit for unit, keys in known.reads.items() if not calling.isdisjoint(keys)}
        if PROJECT in units:
            raise WholeNeededError(why)
        for unit, text in self._texts(*_TEMPLATES):
            _check_computed(computes(text), unit[1])
            if says(text):
                units.add(unit)
        for text in self._hooks():
            _check_computed(computes(text), "a hook")
            if says(text):
                units.add(HOOKS)
        units |= {unit for unit, w in known.warnings if w.fault.code in _MAY_NAME_MACROS}
        for unit in sorted(units):
            yield Change("reached", why, unit=unit)

    def of_docs(self, names: Collection[str]) -> Iterator[Change]:
        """Property files that may call for one of these docs blocks."""
        for unit, text in self._texts("properties"):
            if "doc" in text and (any(n in text for n in names) or _COMPUTED_DOC.search(text)):
                yield Change("reached", "it describes with a docs block that was edited", unit=unit)

    def of_fixtures(self, stems: Collection[str]) -> Iterator[Change]:
        """Property files that may name one of these fixtures. Raises WholeNeededError for a name of two."""
        for stem in stems:
            found = [
                key for key, f in self._files.items() if key[0] == "fixture" and f.stem == stem
            ]
            if len(found) > 1:
                raise WholeNeededError(f"there are several fixtures '{stem}'")
        for unit, text in self._texts("properties"):
            if "fixture" in text and ("{{" in text or any(stem in text for stem in stems)):
                yield Change("reached", "it names a fixture that was edited", unit=unit)

    # -- texts -------------------------------------------------------------------------------

    def _texts(self, *kinds: str) -> Iterator[tuple[Unit, str]]:
        for key, file in self._files.items():
            if key[0] in kinds and key[1] not in self._config.internal_packages:
                try:
                    yield key[1:], file.read()
                except TidemillError:
                    yield key[1:], ""  # parsing it says why

    def _hooks(self) -> Iterator[str]:
        for project in self._config.packages.values():
            yield from (*project.on_run_start, *project.on_run_end)

    def _check_names(self, names: Collection[str], macros: Collection[Macro]) -> None:
        """Refuse names that are asked for where no file mentions them."""
        internal = self._config.internal_packages
        own = {macro.name for macro in macros if macro.package_name in internal}
        asked = sorted(own.union(promised_names(), {"adapter"}).intersection(names))
        asked += [name for name in names if name.startswith(_MATERIALIZATION)]
        if asked:
            raise WholeNeededError(f"a macro came or went that stands for '{asked[0]}'")

    def _computes(self) -> Callable[[str], bool]:
        """Whether a text may find a macro by a name that it computes."""
        packages = [*self._config.packages]
        words = (*_COMPUTING, *packages)
        either = "|".join(map(re.escape, packages))
        pattern = re.compile(rf"{_COMPUTED}|\b(?:{either})\s*(?:\[\s*(?!['\"])|\.get\b)")
        # Most texts have none of the words, and finding words is quicker.
        return lambda text: any(w in text for w in words) and bool(pattern.search(text))


def _mention(names: Collection[str]) -> Callable[[str], bool]:
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(names)))})\b")
    return lambda text: any(name in text for name in names) and bool(pattern.search(text))


def _check_computed(computed: bool, where: str) -> None:
    if computed:
        raise WholeNeededError(f"a macro came or went, and {where} may compute its name")


def names_of(macro: Macro) -> Iterator[str]:
    """The words by which a macro can be meant: its name, and without a test's or an adapter's prefix."""
    waiting, seen = [macro.name], set[str]()
    while waiting:
        name = waiting.pop()
        if name in seen or not name:
            continue
        seen.add(name)
        yield name
        waiting += [name[match.end() :] for match in re.finditer("__", name)]
        if name.startswith("test_"):
            waiting.append(name.removeprefix("test_"))
