"""Digests of macros: Python code that stands for macros runs only where they have the text that it was written for."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable

from tidemill.engine.jinja.macro_host import MacroHost
from tidemill.engine.nodes import Macro
from tidemill.errors import CompilationError


def macro_digest(
    host: MacroHost, package: str, names: Iterable[str], macros: Callable[[], Iterable[Macro]]
) -> str | None:
    """The digest of the ``macros`` that count for nodes of ``package``.

    None when a macro or a package has taken one of the ``names`` that they read, or when one of them is missing.
    """
    registry = host.registry
    if any(registry.find(name, package=package) or registry.package(name) for name in names):
        return None
    found = hashlib.blake2b(digest_size=16)
    try:
        for macro in macros():
            found.update(macro.macro_sql.encode() + b"\0")
    except CompilationError:
        return None
    return found.hexdigest()
