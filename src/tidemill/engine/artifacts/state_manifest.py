"""manifest.json of an earlier command, of which each resource is read when somebody asks for it.

The file is cut at the ids of its resources, which takes a tenth of reading it. dbt-core's manifests and our own are
read alike, as mappings in the manifest's shape.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import Raw

from tidemill.errors import ConfigurationError

Shape = Mapping[str, Any]
Part = TypeVar("Part", bound=msgspec.Struct)
Value = TypeVar("Value")

SECTIONS = (
    "nodes",
    "sources",
    "exposures",
    "metrics",
    "semantic_models",
    "unit_tests",
    "saved_queries",
    "functions",
)
"""Sections whose resources can be selected."""


class StateManifest:
    """The resources of a manifest by section and id."""

    def __init__(
        self, path: Path, sections: Mapping[str, Mapping[str, Raw]], schema: str | None
    ) -> None:
        self._path = path
        self._sections = sections
        self.schema = schema
        """Where the schema that it was written in is described, which gives the version."""

    def __contains__(self, unique_id: str) -> bool:
        return self.fragment(unique_id) is not None

    def ids(self, section: str) -> Iterator[str]:
        """The ids of a section."""
        return iter(self._sections.get(section, {}))

    def fragment(self, unique_id: str) -> Raw | None:
        """The text of a resource that can be selected; None where there is none."""
        for section in SECTIONS:
            found = self._sections.get(section, {}).get(unique_id)
            if found is not None:
                return found
        return None

    def resource(self, unique_id: str) -> Shape | None:
        """A resource that can be selected, or None. Raises ConfigurationError where it is none."""
        found = self.fragment(unique_id)
        return self._decoded(_shape, unique_id, found) if found is not None else None

    def parts(self, section: str, kind: type[Part]) -> Iterator[tuple[str, Part]]:
        """The resources of a section by id, with those of their entries that ``kind`` has. Raises alike."""
        decoder = msgspec.json.Decoder(kind)
        for key, fragment in self._sections.get(section, {}).items():
            yield key, self._decoded(decoder, key, fragment)

    def _decoded(self, decoder: msgspec.json.Decoder[Value], unique_id: str, found: Raw) -> Value:
        try:
            return decoder.decode(found)
        except msgspec.DecodeError as error:
            raise unreadable(self._path, f"{unique_id}: {error}") from error

    @cached_property
    def macros(self) -> Mapping[str, str | None]:
        """The texts of macros by id."""
        return {key: macro.macro_sql for key, macro in self.parts("macros", _Macro)}


_shape = msgspec.json.Decoder(dict[str, Any])


class _Macro(msgspec.Struct):
    macro_sql: str | None = None


class _Metadata(msgspec.Struct):
    dbt_schema_version: str | None = None


class _File(msgspec.Struct):
    """As much of the file as is looked at."""

    metadata: _Metadata | None = None
    nodes: dict[str, Raw] | None = None
    sources: dict[str, Raw] | None = None
    macros: dict[str, Raw] | None = None
    exposures: dict[str, Raw] | None = None
    metrics: dict[str, Raw] | None = None
    semantic_models: dict[str, Raw] | None = None
    unit_tests: dict[str, Raw] | None = None
    saved_queries: dict[str, Raw] | None = None
    functions: dict[str, Raw] | None = None


def cut_manifest(content: bytes, path: Path) -> StateManifest:
    """The manifest in the bytes of the file at ``path``. Raises msgspec.DecodeError for what is no JSON or no manifest."""
    file = msgspec.json.decode(content, type=_File)
    sections = {name: getattr(file, name) or {} for name in ("macros", *SECTIONS)}
    return StateManifest(
        path, sections, file.metadata.dbt_schema_version if file.metadata else None
    )


def unreadable(path: Path, reason: str) -> ConfigurationError:
    """What to say of a file that is not what its name promises."""
    return ConfigurationError(
        f"{path} cannot be read as an artifact: {reason}",
        code="state-not-read",
        hint="write it anew, for example with 'tidemill parse --target-path FOLDER'",
    )
