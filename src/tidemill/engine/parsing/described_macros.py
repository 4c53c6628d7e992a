"""What some property files say of macros, put in the place of what they said before."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import msgspec

from tidemill.engine.nodes import Macro
from tidemill.engine.parsing.cache.changes import WholeNeededError
from tidemill.engine.parsing.patching import patched_macros
from tidemill.engine.parsing.property_entries import MacroPatch
from tidemill.errors import Fault


def described_again(
    macros: Mapping[str, Macro], patches: Iterable[MacroPatch], paths: Collection[str]
) -> tuple[dict[str, Macro], list[Fault]]:
    """The macros of which the files ``paths`` said or say something, and warnings for entries that describe none.

    Raises WholeNeededError where another file describes one of them, too.
    """
    bare = {
        key: msgspec.structs.replace(
            macro, description="", config={}, arguments=(), patch_path=None
        )
        for key, macro in macros.items()
        if macro.patch_path in paths
    }
    before = {**macros, **bare}
    after, warnings = patched_macros(before, patches)
    described = {key: macro for key, macro in after.items() if macro is not before[key]}
    for key in described:
        if before[key].patch_path is not None:
            raise WholeNeededError(f"{key} is described in two files")
    return {**bare, **described}, warnings
