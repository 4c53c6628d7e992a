"""The reviewed list of differences: patterns over lines of ``comparing``, each with its reason."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import yaml

_FILE = Path(__file__).with_name("known_differences.yml")


class Known(msgspec.Struct, frozen=True):
    """Regular expressions for differences that are understood, in one project on one warehouse."""

    patterns: tuple[re.Pattern[str], ...]
    """Of this project."""
    everywhere: tuple[re.Pattern[str], ...]
    """Of any project; they need not show in each."""

    @classmethod
    def of(cls, project: str, warehouse: str = "duckdb") -> Known:
        entries = yaml.safe_load(_FILE.read_text("utf-8")) or []
        for entry in entries:
            assert entry["reason"], entry
        here = [e for e in entries if e.get("warehouse", warehouse) == warehouse]
        return cls(
            tuple(re.compile(e["lines"]) for e in here if project in e["projects"]),
            tuple(re.compile(e["lines"]) for e in here if e["projects"] == "any"),
        )

    def unexplained(self, lines: list[str]) -> list[str]:
        """Lines that no entry explains."""
        patterns = self.patterns + self.everywhere
        return [line for line in lines if not any(p.search(line) for p in patterns)]

    def without_effect(self, lines: list[str]) -> list[str]:
        """Entries that explain nothing any more and should go."""
        return [p.pattern for p in self.patterns if not any(p.search(line) for line in lines)]
