"""The errors for names that resolve to nothing: a ref, a source, a function. Each names what is near."""

from __future__ import annotations

from typing import Any

from tidemill.engine.nodes import Node, Ref, Source
from tidemill.errors import CompilationError, did_you_mean


def ref_not_found(ref: Ref, manifest: Any) -> CompilationError:
    """The error for a ref that resolves to nothing: disabled, misspelled, or another version."""
    disabled = any(
        getattr(entry, "name", None) == ref.name and isinstance(entry, Node)
        for entries in manifest.disabled.values()
        for entry in entries
    )
    if disabled:
        return CompilationError(
            f"depends on {_node_words(ref)} which is disabled",
            code="ref-disabled",
            hint=f"enable '{ref.name}', or remove the {ref}",
        )
    versions = [
        str(getattr(node, "version", None))
        for node in manifest.refable.get(ref.name, ())
        if getattr(node, "version", None) is not None
    ]
    if versions:
        hint: str | None = f"'{ref.name}' has the versions {', '.join(sorted(versions))}"
    else:
        hint = did_you_mean(ref.name, manifest.refable)
    return CompilationError(
        f"depends on {_node_words(ref)} which was not found", code="ref-not-found", hint=hint
    )


def _node_words(ref: Ref) -> str:
    words = f"a node named '{ref.name}'"
    if ref.version is not None:
        words += f" with version '{ref.version}'"
    if ref.package is not None:
        words += f" in package or project '{ref.package}'"
    return words


def function_not_found(name: str, manifest: Any) -> CompilationError:
    """The error for a function() that resolves to nothing."""
    known = [function.name for function in manifest.functions.values()]
    return CompilationError(
        f"depends on a function named '{name}' which was not found",
        code="function-not-found",
        hint=did_you_mean(name, known) or "write its body in a file of the functions folder",
    )


def source_not_found(name: str, table: str, manifest: Any) -> CompilationError:
    """The error for a source that resolves to nothing."""
    full = f"{name}.{table}"
    disabled = any(
        isinstance(entry, Source) and (entry.source_name, entry.name) == (name, table)
        for entries in manifest.disabled.values()
        for entry in entries
    )
    if disabled:
        return CompilationError(
            f"depends on a source named '{full}' which is disabled", code="source-disabled"
        )
    known = [".".join(key) for key in manifest.sources_by_name]
    return CompilationError(
        f"depends on a source named '{full}' which was not found",
        code="source-not-found",
        hint=did_you_mean(full, known)
        or "declare it under 'sources:' in a properties file in the models folder",
    )
