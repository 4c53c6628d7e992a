"""What one template read and declared while it was parsed: the material of a node's dependencies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tidemill.engine.nodes import Ref
from tidemill.errors import CompilationError

_GROWING = frozenset({"tags", "packages", "pre-hook", "post-hook"})
_UPDATED = frozenset({"meta", "quoting", "column_types", "docs", "contract"})


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


class Capture:
    """A notebook for one rendering in the parse phase; the only mutable thing about it."""

    def __init__(self) -> None:
        self.refs: list[Ref] = []
        self.sources: list[tuple[str, str]] = []
        self.metrics: list[tuple[str, ...]] = []
        self.functions: list[tuple[str, ...]] = []
        self.config_calls: list[dict[str, Any]] = []
        self.macros: dict[str, None] = {}
        """Unique ids of the macros called directly, in order."""
        self.variables: dict[str, Any] = {}
        """Names of vars read, with the value each had."""
        self.environment: dict[str, str | None] = {}
        """Names of environment variables read, with the value each had."""

    @property
    def config_call(self) -> dict[str, Any]:
        """All ``config()`` calls as one: lists of some keys grow, mappings of others are updated (dbt's rule)."""
        merged: dict[str, Any] = {}
        for options in self.config_calls:
            for key, value in options.items():
                if key in _GROWING and key in merged:
                    merged[key] = [*_listed(merged[key]), *_listed(value)]
                elif key in _UPDATED and isinstance(merged.get(key), Mapping):
                    merged[key] = {**merged[key], **value}
                else:
                    merged[key] = value
        return merged

    def configure(self, *args: Any, **kwargs: Any) -> str:
        """``config(...)``: note what it sets."""
        if len(args) == 1 and not kwargs and isinstance(args[0], Mapping):
            options = dict(args[0])
        elif not args and kwargs:
            options = kwargs
        else:
            raise CompilationError(
                "config() takes either keyword arguments or one mapping",
                code="config-arguments",
                hint="write config(materialized='table', tags=['daily'])",
            )
        for key in ("pre_hook", "post_hook"):
            if key in options:
                dashed = key.replace("_", "-")
                if dashed in options:
                    raise CompilationError(
                        f"config() sets both '{key}' and '{dashed}', which are the same",
                        code="config-conflict",
                    )
                options[dashed] = options.pop(key)
        self.config_calls.append(options)
        return ""
