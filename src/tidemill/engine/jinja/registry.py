"""Which macro a name means: packages, dbt's search order, dispatch and materialisations.

Only look-ups; nothing is called here. All answers depend on the set of macros alone, so they are remembered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from tidemill.engine.nodes import Macro
from tidemill.errors import CompilationError, did_you_mean

BUILTIN_PACKAGE = "dbt"
_MATERIALIZATION = "materialization_"


class MacroRegistry:
    """All macros of a project and its packages.

    ``internal`` names the packages that ship with the tool, most specific first; together they answer to ``dbt``.
    """

    def __init__(self, macros: Iterable[Macro], *, root: str, internal: tuple[str, ...]) -> None:
        self.root = root
        self.internal = internal
        self.packages: dict[str, dict[str, Macro]] = {}
        self._found: dict[tuple[str, str], Macro | None] = {}
        for macro in macros:
            self.packages.setdefault(macro.package_name, {})[macro.name] = macro

    @cached_property
    def builtin(self) -> Mapping[str, Macro]:
        """The internal packages as one, the adapter's macros over the default ones."""
        merged: dict[str, Macro] = {}
        for package in reversed(self.internal):
            merged.update(self.packages.get(package, {}))
        return merged

    def macro(self, unique_id: str) -> Macro | None:
        """The macro of that id."""
        _, package, name = unique_id.split(".", 2)
        return self.packages.get(package, {}).get(name)

    def package(self, name: str) -> Mapping[str, Macro] | None:
        """The macros of a package by the name that templates use, or None."""
        if name == BUILTIN_PACKAGE:
            return self.builtin
        if name in self.internal:
            return None
        return self.packages.get(name)

    def find(self, name: str, *, package: str) -> Macro | None:
        """What a bare ``name`` means in ``package``: own, root project's, built-in."""
        try:
            return self._found[package, name]
        except KeyError:
            found = self._found[package, name] = self._find(name, package)
            return found

    def _find(self, name: str, package: str) -> Macro | None:
        for place in (package, self.root):
            if place in self.internal:
                continue
            found = self.packages.get(place, {}).get(name)
            if found is not None:
                return found
        return self.builtin.get(name)

    def find_in(self, name: str, place: str | None, *, package: str) -> Macro | None:
        """``name`` in the package ``place``; None means dbt's usual order, seen from ``package``."""
        if place is None:
            return self.find(name, package=package)
        macros = self.package(place)
        return macros.get(name) if macros is not None else None

    def find_anywhere(self, name: str) -> Macro | None:
        """``name`` in the root project, else in any package, else built in: dbt's rule for ``run-operation``."""
        own = self.packages.get(self.root, {}).get(name)
        return own or self._of_a_package(name) or self.builtin.get(name)

    def find_generator(self, name: str, *, package: str) -> Macro | None:
        """The ``generate_*_name`` macro for nodes of ``package``.

        dbt's rule: an installed package's own one for its nodes, else the root project's, else the built-in.
        """
        own = self.packages.get(package, {}).get(name) if package not in self.internal else None
        return own or self.packages.get(self.root, {}).get(name) or self.builtin.get(name)

    def find_materialization(
        self, name: str, adapters: tuple[str, ...], *, replaceable: bool = False
    ) -> Macro:
        """The materialisation ``name``: the most specific adapter first, then the root project's
        before a package's before the built-in.

        A package may not replace a built-in one, whichever adapter's, unless that is ``replaceable`` (dbt 1.8's
        flag ``require_explicit_package_overrides_for_builtin_materializations`` set to false).
        """
        names = [f"{_MATERIALIZATION}{name}_{adapter}" for adapter in (*adapters, "default")]
        may_replace = replaceable or not any(n in self.builtin for n in names)
        for macro_name in names:
            found = self._materialization(macro_name, may_replace)
            if found is not None:
                return found
        known = self._materializations()
        raise CompilationError(
            f"No materialization '{name}' was found for adapter {adapters[0]}! "
            f"(searched types {', '.join(repr(a) for a in (*adapters, 'default'))})",
            code="materialization-not-found",
            hint=did_you_mean(name, known) or f"known materializations: {', '.join(known)}",
        )

    def replaced_materialization(self, found: Macro, adapters: tuple[str, ...]) -> str | None:
        """The name of the built-in materialisation in whose place a package's ``found`` stands."""
        if found.package_name == self.root or found.package_name in self.internal:
            return None
        for adapter in (*adapters, "default"):
            name = found.name.removesuffix(f"_{adapter}")
            if name != found.name:
                names = (f"{name}_{adapter}" for adapter in (*adapters, "default"))
                is_built_in = any(n in self.builtin for n in names)
                return name.removeprefix(_MATERIALIZATION) if is_built_in else None
        return None

    def _materialization(self, macro_name: str, of_packages: bool) -> Macro | None:
        in_root = self.packages.get(self.root, {}).get(macro_name)
        if in_root is not None:
            return in_root
        in_package = self._of_a_package(macro_name) if of_packages else None
        return in_package or self.builtin.get(macro_name)

    def _of_a_package(self, macro_name: str) -> Macro | None:
        for package, macros in self.packages.items():
            if package not in self.internal and macro_name in macros:
                return macros[macro_name]
        return None

    def _materializations(self) -> list[str]:
        names = {
            name.removeprefix(_MATERIALIZATION).rpartition("_")[0]
            for macros in self.packages.values()
            for name in macros
            if name.startswith(_MATERIALIZATION)
        }
        return sorted(names)

    def names(self, package: str) -> set[str]:
        """Every bare name that means a macro in ``package``; for suggestions."""
        found = set(self.builtin) | set(self.packages.get(self.root, {}))
        return found | set(self.packages.get(package, {}))
