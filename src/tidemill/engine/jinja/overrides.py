"""What a unit test puts in the place of macros, vars and environment variables, in one session."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from jinja2.utils import missing

from tidemill.engine.jinja.registry import BUILTIN_PACKAGE

if TYPE_CHECKING:
    from tidemill.engine.jinja.session import Session


class Overlay(Mapping[str, Any]):
    """A package's macros with some of them replaced."""

    def __init__(self, below: Mapping[str, Any], replaced: Mapping[str, Any]) -> None:
        self._below = below
        self._replaced = dict(replaced)

    def __getitem__(self, name: str) -> Any:
        return self._replaced[name] if name in self._replaced else self._below[name]

    def __iter__(self) -> Iterator[str]:
        return iter({*self._below, *self._replaced})

    def __len__(self) -> int:
        return len({*self._below, *self._replaced})


def override(session: Session, overrides: Mapping[str, Any]) -> None:
    """Let ``macros``, ``vars`` and ``env_vars`` of ``overrides`` count in ``session``.

    A macro is named bare or with its package; what is no name of the session is passed over (dbt's rules).
    Everything that the session renders sees them, macros that call macros included.
    """
    session.variables.update(overrides.get("vars") or {})
    session.environment.update(overrides.get("env_vars") or {})
    bare: dict[str, Any] = {}
    packaged: dict[str, dict[str, Any]] = {}
    for written, value in (overrides.get("macros") or {}).items():
        package, _, name = str(written).rpartition(".")
        replaced = _replaced(session, name, package, value)
        if replaced is not missing and package:
            packaged.setdefault(package, {})[name] = replaced
        elif replaced is not missing:
            bare[name] = replaced
    builtin = session.host.registry.builtin
    session.context.update({**packaged.get(BUILTIN_PACKAGE, {}), **bare})
    packaged.setdefault(BUILTIN_PACKAGE, {}).update({k: v for k, v in bare.items() if k in builtin})
    for package, macros in packaged.items():
        session.context[package] = Overlay(session.find_name(package), macros)


def _replaced(session: Session, name: str, package: str, value: Any) -> Any:
    """``value`` for what is no macro, a function that returns it for a macro, ``missing`` for no name."""
    if package:
        macros = session.host.registry.package(package) or {}
        return _constant(value) if name in macros else missing
    if session.host.registry.find(name, package=session.package) is not None:
        return _constant(value)
    return missing if session.find_name(name) is missing else value


def _constant(value: Any) -> Callable[..., Any]:
    def constant(*args: Any, **kwargs: Any) -> Any:
        return value

    return constant
