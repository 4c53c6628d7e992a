"""Renders the descriptions of a whole manifest, once all docs blocks are known."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from tidemill.engine.nodes import Column, Doc, Manifest, Node
from tidemill.engine.parsing.docs import DocsLookup, render_description
from tidemill.engine.parsing.gathering import Gathering
from tidemill.engine.parsing.properties import properties_context
from tidemill.engine.project.config import RuntimeConfig
from tidemill.engine.project.native_jinja import has_jinja
from tidemill.engine.project.reads import reading
from tidemill.errors import Place, TidemillError

_DESCRIBED = (
    "nodes",
    "sources",
    "macros",
    "exposures",
    "unit_tests",
    "metrics",
    "semantic_models",
    "saved_queries",
)
_ELEMENTS = ("entities", "measures", "dimensions")
"""What of a semantic model is described on its own."""


def rendered_descriptions(
    manifest: Manifest, docs: Iterable[Doc], config: RuntimeConfig, gathering: Gathering
) -> Manifest:
    """``manifest`` with its docs blocks, and with descriptions as people read them."""
    found = tuple(docs)
    describer = _Describer(DocsLookup(found, config.project.name), config, gathering)
    changed = {
        group: {key: describer.resource(value) for key, value in getattr(manifest, group).items()}
        for group in _DESCRIBED
    }
    return msgspec.structs.replace(manifest, docs={doc.unique_id: doc for doc in found}, **changed)


class _Describer:
    def __init__(self, lookup: DocsLookup, config: RuntimeConfig, gathering: Gathering) -> None:
        self._lookup = lookup
        self._config = config
        self._gathering = gathering
        self._names: dict[str, Any] = {}

    def resource(self, resource: Any) -> Any:
        """The resource with its description, and those of its columns and arguments, rendered."""
        if not _has_work(resource):
            return resource
        with reading(resource.package_name, _place(resource).file):
            return self._rendered(resource)

    def _rendered(self, resource: Any) -> Any:
        changed = self._changed(resource, resource)
        if getattr(resource, "columns", None):
            changed["columns"] = {
                name: self._part(column, resource) for name, column in resource.columns.items()
            }
        if getattr(resource, "arguments", None):
            changed["arguments"] = tuple(self._part(a, resource) for a in resource.arguments)
        for key in _ELEMENTS:
            if getattr(resource, key, None):
                parts = getattr(resource, key)
                changed[key] = tuple(self._part(part, resource) for part in parts)
        if getattr(resource, "source_description", None):
            text, _ = self._render(resource.source_description, resource)
            changed["source_description"] = text
        return msgspec.structs.replace(resource, **changed)

    def _part(self, part: Any, owner: Any) -> Any:
        if not has_jinja(part.description or ""):
            return part
        return msgspec.structs.replace(part, **self._changed(part, owner))

    def _changed(self, part: Any, owner: Any) -> dict[str, Any]:
        if not part.description:
            return {}
        text, blocks = self._render(part.description, owner)
        changed: dict[str, Any] = {"description": text}
        if "doc_blocks" in part.__struct_fields__:
            changed["doc_blocks"] = blocks
        return changed

    def _render(self, text: str, owner: Any) -> tuple[str, tuple[str, ...]]:
        package = owner.package_name
        if package not in self._names:
            self._names[package] = properties_context(self._config, package).names
        try:
            found = render_description(text, self._lookup, package, self._names[package])
        except TidemillError as error:
            place = _place(owner)
            self._gathering.add(error.located(node=owner.unique_id, place=place).faults)
            return text, ()
        return found.text, found.doc_blocks


def _place(owner: Any) -> Place:
    """The properties file where there is one, else the resource's own."""
    patch_path: str | None = getattr(owner, "patch_path", None)
    file = patch_path.partition("://")[2] if patch_path else owner.original_file_path
    return Place(file=file or owner.original_file_path)


def _has_work(resource: Any) -> bool:
    columns: dict[str, Column] = getattr(resource, "columns", None) or {}
    texts = [column.description for column in columns.values()]
    if not isinstance(resource, Node):
        texts.append(getattr(resource, "source_description", ""))
        for key in _ELEMENTS:
            texts += [part.description or "" for part in getattr(resource, key, ())]
    texts += [argument.description for argument in getattr(resource, "arguments", None) or ()]
    return has_jinja(resource.description or "") or any(map(has_jinja, texts))
