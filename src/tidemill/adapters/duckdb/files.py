"""Where models of materialisation ``external`` are written and read, and with which COPY options."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

_COMPRESSIONS = {".gz": "gzip", ".zst": "zstd"}
_TEXT_OPTIONS = {"delimiter", "quote", "escape", "null"}


def write_options(location: str, options: dict[str, Any]) -> str:
    """The options of COPY as SQL. ``options`` is completed in place, as the macros expect of dbt-duckdb."""
    if "format" not in options:
        options.update(_guessed(location, options))
    if options["format"] == "csv":
        options.setdefault("header", 1)
    partitions = options.get("partition_by")
    if partitions is not None and "," in partitions and not partitions.startswith("("):
        options["partition_by"] = f"({partitions})"
    return ", ".join(_option(key, value) for key, value in options.items())


def _guessed(location: str, options: Mapping[str, Any]) -> dict[str, str]:
    """The format by the file's name; ``.csv.gz`` is a compressed CSV."""
    suffixes = [suffix.lower() for suffix in PurePosixPath(location).suffixes]
    compression = _COMPRESSIONS.get(suffixes[-1]) if suffixes else None
    if compression:
        suffixes.pop()
    if not suffixes:
        return {"format": "csv" if "delimiter" in options else "parquet"}
    guessed = {"format": suffixes[-1][1:]}
    if compression and "compression" not in options:
        guessed["compression"] = compression
    return guessed


def _option(key: str, value: Any) -> str:
    bare_text = key.lower() in _TEXT_OPTIONS and not str(value).startswith("'")
    return f"{key} '{value}'" if bare_text else f"{key} {value}"


def read_location(location: str, options: Mapping[str, Any]) -> str:
    """The path or glob that reads back what was written to ``location``."""
    partitions = options.get("partition_by")
    if not partitions and not options.get("per_thread_output"):
        return location
    depth = len(str(partitions).split(",")) if partitions else 0
    return "/".join([location, *["*"] * (1 + depth)]) + f".{options.get('format', 'parquet')}"
