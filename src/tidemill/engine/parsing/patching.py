"""Joins property entries to the nodes that they describe.

dbt's rule: an entry belongs to the node of its name in its own package, or else in any package.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from tidemill.engine.nodes import Function, Macro, Model, Node
from tidemill.engine.parsing.macro_arguments import mismatches, with_signatures
from tidemill.engine.parsing.property_entries import MacroPatch, Patch
from tidemill.engine.parsing.references import Reference, reference_of
from tidemill.errors import Fault, ParsingError, Place, did_you_mean

SECTION_OF = {
    "model": "models",
    "seed": "seeds",
    "snapshot": "snapshots",
    "function": "functions",
    "analysis": "analyses",
    "test": "data_tests",
}
"""Resource type to the section of property files that describes it."""

Names = Collection[tuple[str, str, str]]
"""(section, package, name) of every file that a node comes from."""


class PatchIndex:
    """All patches of a project by what they describe. Notes which were used.

    A file that is ``replaced`` by one of another package leaves it what describes it.
    """

    def __init__(self, patches: Iterable[Patch], names: Names, replaced: Names = ()) -> None:
        self._by_name: dict[tuple[str, str], list[Patch]] = {}
        self._names = frozenset(names)
        self._replaced = frozenset(replaced)
        self._used: set[int] = set()
        self.faults: list[Fault] = []
        for patch in patches:
            for single in patch.versions or (patch,):
                for name in single.file_names:
                    self._by_name.setdefault((patch.section, name), []).append(single)

    def find(self, kind: str, name: str, package: str) -> Patch | None:
        """The patch of the node that a file or block called ``name`` makes, or None."""
        section = SECTION_OF[kind]
        candidates = [
            patch
            for patch in self._by_name.get((section, name), ())
            if self._means(patch, section, name, package)
        ]
        if not candidates:
            return None
        for patch in candidates:
            self._used.add(id(patch))
        if len(candidates) > 1:
            self.faults.append(_twice(candidates[0], candidates[1]))
        return candidates[0]

    def _means(self, patch: Patch, section: str, name: str, package: str) -> bool:
        if patch.version is not None and patch.package != package:
            return False
        if self._prefers_another(patch, section, name):
            return False
        if patch.package == package:
            return (section, package, name) not in self._replaced
        return (section, patch.package, name) not in self._names - self._replaced

    def _prefers_another(self, patch: Patch, section: str, name: str) -> bool:
        """A version's file may have two names; the first that exists counts."""
        best = next(
            (file for file in patch.file_names if (section, patch.package, file) in self._names),
            name,
        )
        return patch.version is not None and best != name

    def ambiguous(
        self, enabled: Mapping[str, Any], disabled: Mapping[str, Sequence[Any]]
    ) -> Iterator[Fault]:
        """A fault for each patch that switches on what several files, all switched off, define (dbt's rule)."""
        kinds = {section: kind for kind, section in SECTION_OF.items()}
        for patch in (patch for found in self._by_name.values() for patch in found):
            kind = kinds.get(patch.section)
            key = f"{kind}.{patch.package}.{patch.name}"
            count = len(disabled.get(key, ()))
            if patch.config.get("enabled") is True and key not in enabled and count > 1:
                yield Fault(
                    code="patch-ambiguous",
                    label="Parsing Error",
                    message=f"Found {count} matching disabled nodes for {kind} '{patch.name}': a property "
                    "file cannot say which of them is meant",
                    place=patch.place,
                    hint="switch one of them on in its own file, or in dbt_project.yml",
                )

    def unused(self, files: Collection[str] | None = None) -> list[Fault]:
        """A warning for each patch that describes nothing, of all ``files`` or of some."""
        patches = {id(p): p for found in self._by_name.values() for p in found}
        unused = [patch for key, patch in patches.items() if key not in self._used]
        return [self._unmatched(p) for p in unused if files is None or p.file in files]

    def _unmatched(self, patch: Patch) -> Fault:
        known = [name for section, _, name in self._names if section == patch.section]
        return Fault(
            code="patch-unmatched",
            label="Warning",
            message=f"Did not find matching node for patch with name '{patch.name}' in the "
            f"'{patch.section}' section of file '{patch.file}'",
            place=patch.place,
            hint=did_you_mean(patch.name, known),
        )


def _twice(first: Patch, second: Patch) -> Fault:
    return Fault(
        code="patch-duplicate",
        label="Compilation Error",
        message=f"found two schema.yml entries for the same resource named {second.name}:\n"
        f"  {first.place}\n  {second.place}",
        place=second.place,
        hint="merge the two entries into one",
    )


def versioned(node: Node, patch: Patch | None) -> Node:
    """``node`` with the identity that a version gives it; unchanged where there is none."""
    if patch is None or patch.version is None or not isinstance(node, Model):
        return node
    suffix = f"v{patch.version}"
    return msgspec.structs.replace(
        node,
        unique_id=f"model.{node.package_name}.{patch.name}.{suffix}",
        name=patch.name,
        fqn=(*node.fqn[:-1], patch.name, suffix),
        version=patch.version,
        latest_version=patch.latest_version,
    )


def patched(node: Node, patch: Patch | None) -> Node:
    """``node`` with what the property file says, but for its configuration."""
    node = msgspec.structs.replace(node, group=node.config.get("group"))
    if isinstance(node, Model):
        node = msgspec.structs.replace(node, access=node.config.get("access") or "protected")
    if patch is None:
        return node
    described = msgspec.structs.replace(
        node,
        description=patch.description,
        columns=patch.columns,
        patch_path=patch.patch_path,
    )
    if isinstance(described, Function):
        _check_defaults(described, patch)
        return msgspec.structs.replace(described, arguments=patch.arguments, returns=patch.returns)
    if not isinstance(described, Model):
        return described
    return msgspec.structs.replace(
        described,
        constraints=patch.constraints,
        deprecation_date=patch.deprecation_date,
        time_spine=patch.time_spine,
    )


def with_constraint_parents(node: Node) -> Node:
    """``node`` with what its foreign keys refer to among its refs and sources (dbt's rule).

    Raises ParsingError for a ``to`` that is neither.
    """
    if not isinstance(node, Model):
        return node
    columns = (constraint for column in node.columns.values() for constraint in column.constraints)
    targets = [
        _target_of(constraint["to"], node)
        for constraint in (*node.constraints, *columns)
        if constraint.get("type") == "foreign_key" and constraint.get("to")
    ]
    return msgspec.structs.replace(
        node,
        refs=(*node.refs, *(target.ref for target in targets if target.ref is not None)),
        sources=(*node.sources, *(t.source for t in targets if t.source is not None)),
    )


def _target_of(text: str, node: Node) -> Reference:
    found = reference_of(text)
    if found is None:
        raise ParsingError(
            f"Invalid 'ref' or 'source' syntax on foreign key constraint 'to' on model {node.name}: "
            f"{text}.",
            code="constraint-target",
            place=Place(
                file=(node.patch_path or "").partition("://")[2] or node.original_file_path
            ),
            hint="write to: ref('model') or to: source('source', 'table')",
        )
    return found


def _check_defaults(function: Function, patch: Patch) -> None:
    has_defaults = False
    for argument in patch.arguments:
        has_default = argument.get("default_value") is not None
        if has_defaults and not has_default:
            raise ParsingError(
                f"Non-defaulted argument '{argument.get('name')}' of function '{function.name}' comes "
                "after a defaulted argument. Non-defaulted arguments cannot come after defaulted "
                "arguments. Callers leave out the last ones.",
                code="function-arguments",
                place=patch.place,
                hint="give it a default_value, or put it before those that have one",
            )
        has_defaults = has_defaults or has_default


def patched_macros(
    macros: dict[str, Macro], patches: Iterable[MacroPatch], *, check_arguments: bool = False
) -> tuple[dict[str, Macro], list[Fault]]:
    """The macros with their descriptions, and a warning for each entry that describes none.

    ``check_arguments`` holds the arguments that are described against those of the macros.
    """
    described, warnings = with_signatures(macros) if check_arguments else dict(macros), []
    for patch in patches:
        key = f"macro.{patch.package}.{patch.name}"
        macro = described.get(key) or described.get(f"macro.{patch.package}.test_{patch.name}")
        if macro is None:
            warnings.append(_no_macro(patch, macros))
            continue
        if check_arguments:
            warnings += mismatches(macro, patch.arguments, patch.place)
        described[macro.unique_id] = msgspec.structs.replace(
            macro,
            description=patch.description,
            arguments=patch.arguments or macro.arguments,
            config=patch.config,
            patch_path=patch.patch_path,
        )
    return described, warnings


def _no_macro(patch: MacroPatch, macros: dict[str, Macro]) -> Fault:
    known = [m.name for m in macros.values() if m.package_name == patch.package]
    return Fault(
        code="patch-unmatched",
        label="Warning",
        message=f"Found patch for macro '{patch.name}' which was not found",
        place=Place(file=patch.place.file, line=patch.place.line, column=patch.place.column),
        hint=did_you_mean(patch.name, known),
    )
