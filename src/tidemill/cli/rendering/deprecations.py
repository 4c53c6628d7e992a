"""Deprecations of one command: each kind is shown once, all are counted, and the end sums up (dbt's way)."""

from __future__ import annotations

from collections import Counter

from tidemill.cli.rendering.entry import Entry
from tidemill.cli.rendering.phrases import plural

_SUFFIX = "Deprecation"


class Deprecations:
    """Which were met. ``show_all`` is ``--show-all-deprecations``."""

    def __init__(self, *, show_all: bool = False) -> None:
        self._show_all = show_all
        self._met: Counter[str] = Counter()

    def admits(self, name: str | None) -> bool:
        """Whether a warning of that name is to be shown; anything but a deprecation is."""
        if name is None or not name.endswith(_SUFFIX):
            return True
        self._met[name] += 1
        return self._show_all or self._met[name] == 1

    def summary(self) -> list[Entry]:
        """One entry with the number of each kind; none when none was met."""
        if not self._met:
            return []
        counts = [f"- {name}: {plural(count, 'occurrence')}" for name, count in self._met.items()]
        lines = [
            "[WARNING]: Deprecated functionality",
            "Summary of encountered deprecations:",
            *counts,
        ]
        if not self._show_all and self._met.total() > len(self._met):
            lines.append("--show-all-deprecations shows each of them.")
        summaries = [{"event_name": n, "occurrences": count} for n, count in self._met.items()]
        return [
            Entry(
                name="DeprecationsSummary",
                code="D028",
                level="warn",
                text="\n".join(lines),
                data={"summaries": summaries, "show_all_hint": not self._show_all},
                colour="yellow",
                accent="WARNING",
            )
        ]
