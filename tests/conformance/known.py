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

    @classmethod
    def of(cls, project: str, warehouse: str = "duckdb") -> Known:
        entries = yaml.safe_load(_FILE.read_text("utf-8")) or []
        for entry in entries:
            assert entry["reason"], entry
        return cls(
            tuple(
                re.compile(entry["lines"])
                for entry in entries
                if project in entry["projects"] and entry.get("warehouse", warehouse) == warehouse
            )
        )

    def unexplained(self, lines: list[str]) -> list[str]:
        """Lines that no entry explains."""
        return [line for line in lines if not any(p.search(line) for p in self.patterns)]

    def without_effect(self, lines: list[str]) -> list[str]:
        """Entries that explain nothing any more and should go."""
        return [p.pattern for p in self.patterns if not any(p.search(line) for line in lines)]
