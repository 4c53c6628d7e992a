"""SQL that stands in no file: ``--inline`` and queries typed into a page, as a node like any other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

from tidemill.engine.jinja.capture import Capture
from tidemill.engine.jinja.macro_host import MacroHost
from tidemill.engine.jinja.not_found import ref_not_found, source_not_found
from tidemill.engine.nodes import Analysis, DependsOn, Manifest
from tidemill.engine.parsing.templates import TemplateReader
from tidemill.errors import CompilationError, ParsingError

INLINE_NAME = "inline_query"
"""dbt's name for it, also in artifacts: ``sql_operation.shop.inline_query``."""
INLINE_FILE = "inline query"
"""What stands for its file in messages: ``inline query:3``."""


def inline_node(sql: str, host: MacroHost, manifest: Manifest) -> Analysis:
    """``sql`` as a node of the root project, with what it reads.

    Raises ParsingError for an empty text, and CompilationError for broken Jinja and names that do not exist.
    """
    if not sql.strip():
        raise ParsingError("the inline query is empty", code="inline-empty")
    target = host.config.target
    node = Analysis(
        unique_id=f"sql_operation.{host.root_package}.{INLINE_NAME}",
        resource_type="sql_operation",
        name=INLINE_NAME,
        package_name=host.root_package,
        path=f"sql/{INLINE_NAME}",
        original_file_path=INLINE_FILE,
        fqn=(host.root_package, "sql", INLINE_NAME),
        alias=INLINE_NAME,
        schema=target.schema,
        database=target.database,
        config={"enabled": True, "materialized": "view"},
        raw_code=sql,
    )
    with _told_as_inline():
        capture = TemplateReader(host).read(node)
        reads = _sources_of(capture, manifest, host) + _refs_of(capture, manifest, host)
    return msgspec.structs.replace(
        node,
        refs=tuple(capture.refs),
        sources=tuple(capture.sources),
        depends_on=DependsOn(tuple(dict.fromkeys(reads)), tuple(capture.macros)),
    )


@contextmanager
def _told_as_inline() -> Iterator[None]:
    """Errors start with dbt's words for a query that cannot be parsed."""
    try:
        yield
    except CompilationError as error:
        message = f"Error parsing inline query: {error.fault.message}"
        error.fault = msgspec.structs.replace(error.fault, message=message)
        raise


def _sources_of(capture: Capture, manifest: Manifest, host: MacroHost) -> list[str]:
    root = host.root_package
    found: list[str] = []
    for source, table in capture.sources:
        target = manifest.find_source(source, table, package=root, root=root)
        if target is None:
            raise source_not_found(source, table, manifest)
        found.append(target.unique_id)
    return found


def _refs_of(capture: Capture, manifest: Manifest, host: MacroHost) -> list[str]:
    root = host.root_package
    found: list[str] = []
    for ref in capture.refs:
        target = manifest.find_ref(ref, package=root, root=root)
        if target is None:
            raise ref_not_found(ref, manifest)
        found.append(target.unique_id)
    return found
