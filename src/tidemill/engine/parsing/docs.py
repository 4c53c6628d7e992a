"""Docs blocks, and the descriptions that call for them.

    docs = docs_of_file(file)
    lookup = DocsLookup(docs, root="shop")
    render_description("{{ doc('orders') }}", lookup, "shop", context)

Most descriptions have no Jinja, and most others nothing but calls of ``doc``: both are done without a
template. What a docs block holds is rendered once, when its file is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from tidemill.engine.nodes import Doc
from tidemill.engine.parsing.blocks import DOCS_BLOCKS, split_blocks
from tidemill.engine.project.files import ProjectFile
from tidemill.engine.project.native_jinja import has_jinja
from tidemill.errors import CompilationError, Place, TidemillError, did_you_mean
from tidemill.keys import unique_id

_CALL = re.compile(
    r"\{\{-?\s*doc\(\s*(?:(['\"])(?P<first>[^'\"{}]*)\1)\s*"
    r"(?:,\s*(['\"])(?P<second>[^'\"{}]*)\3\s*)?\)\s*-?\}\}"
)


class Description(msgspec.Struct, frozen=True):
    """A description as people read it, and the unique ids of the docs blocks that are part of it."""

    text: str
    doc_blocks: tuple[str, ...] = ()


class DocsLookup:
    """Finds docs blocks by name, by dbt's order of packages."""

    def __init__(self, docs: Iterable[Doc], root: str) -> None:
        self._root = root
        self._by_name: dict[str, dict[str, Doc]] = {}
        for doc in docs:
            self._by_name.setdefault(doc.name, {})[doc.package_name] = doc

    def find(self, name: str, package: str | None, of: str) -> Doc:
        """The block that ``doc(package, name)`` means inside the package ``of``.

        Without a package: the root project's, then ``of``'s, then any. Raises CompilationError.
        """
        found = self._by_name.get(name, {})
        for place in (package,) if package else (self._root, of):
            if place in found:
                return found[place]
        if found and package is None:
            return next(iter(found.values()))
        where = f" in the package '{package}'" if package else ""
        raise CompilationError(
            f"there is no docs block '{name}'{where}",
            code="doc-not-found",
            hint=did_you_mean(name, self._by_name)
            or f"write it in a .md file: {{% docs {name} %}} ... {{% enddocs %}}",
        )


def docs_of_file(file: ProjectFile) -> list[Doc]:
    """The docs blocks of one markdown file. Raises CompilationError with the place of what is broken."""
    return [
        Doc(
            unique_id=unique_id("doc", file.package, block.name),
            name=block.name,
            package_name=file.package,
            path=file.relative_path,
            original_file_path=file.path,
            block_contents=_rendered(block.body, file.path, block.body_line).strip(),
        )
        for block in split_blocks(file.read(), file.path, DOCS_BLOCKS)
    ]


def render_description(
    text: str, lookup: DocsLookup, package: str, names: Mapping[str, Any]
) -> Description:
    """``text`` with its Jinja rendered, as it stands in the package ``package``.

    ``names`` are what else it may call: ``var``, ``env_var``, ``target``. Raises CompilationError without
    a place, which the caller knows.
    """
    if not has_jinja(text):
        return Description(text)
    found: list[str] = []

    def doc(*arguments: str) -> str:
        if len(arguments) not in {1, 2}:
            raise CompilationError("doc() takes a name, or a package and a name", code="doc-call")
        target = lookup.find(arguments[-1], arguments[0] if arguments[1:] else None, package)
        found.append(target.unique_id)
        return target.block_contents

    def replaced(match: re.Match[str]) -> str:
        parts = (match["first"], match["second"])
        return doc(*(part for part in parts if part is not None))

    if has_jinja(_CALL.sub("", text)) or "{{-" in text or "-}}" in text:
        rendered = _render(text, {**names, "doc": doc})
    else:
        rendered = _CALL.sub(replaced, text.removesuffix("\n"))
    return Description(rendered, tuple(found))


def _rendered(text: str, file: str, line: int) -> str:
    if not has_jinja(text):
        return text
    try:
        return _render(text, {})
    except CompilationError as error:
        raise error.located(place=Place(file=file, line=line)) from None


def _render(text: str, names: Mapping[str, Any]) -> str:
    """``text`` rendered to text. Raises CompilationError."""
    from jinja2.sandbox import SandboxedEnvironment

    environment = SandboxedEnvironment(extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"])
    try:
        return environment.from_string(text).render(dict(names))
    except TidemillError:
        raise
    except Exception as error:
        # The Jinja of a description may call anything on anything; what it raises is the user's to see.
        raise CompilationError(f"could not render the text: {error}", code="jinja-error") from error
