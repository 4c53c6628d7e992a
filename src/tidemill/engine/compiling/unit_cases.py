"""Unit tests as something that can be compiled: the model's SQL over inputs that are models of given rows.

Each case has a manifest of its own, in which every given input is an ephemeral model: so ``ref`` and
``source`` of the tested SQL lead to the rows. Nothing is rendered or executed here.
"""

from __future__ import annotations

from collections.abc import Mapping
from posixpath import dirname
from typing import Any

import msgspec

from tidemill.engine.jinja.macro_host import MacroHost
from tidemill.engine.nodes import (
    DependsOn,
    Manifest,
    Model,
    Node,
    Source,
    UnitTest,
    UnitTestNode,
)
from tidemill.engine.parsing.references import reference_of
from tidemill.errors import CompilationError, ParsingError, Place


class UnitCase(msgspec.Struct, frozen=True):
    """A unit test ready to be compiled and run: its node, and the manifest that its names resolve in."""

    node: UnitTestNode
    manifest: Manifest


def unit_test_node(test: UnitTest, manifest: Manifest) -> UnitTestNode:
    """The node that runs ``test``, named as dbt names it. Raises CompilationError without a model."""
    tested = manifest.nodes.get(next(iter(test.depends_on.nodes), ""))
    if not isinstance(tested, Model):
        raise CompilationError(
            f"unit test '{test.name}' is of '{test.model}', which is no model that can be tested",
            code="unit-test-model",
            node=test.unique_id,
            place=_place(test),
        )
    name = test.name if tested.version is None else f"{test.name}_v{tested.version}"
    rows = test.expect["rows"]
    is_sql = test.expect["format"] == "sql"
    return UnitTestNode(
        unique_id=test.unique_id,
        resource_type="unit_test",
        name=name,
        package_name=test.package_name,
        path=f"{dirname(test.original_file_path)}/{name}.sql",
        original_file_path=test.original_file_path,
        fqn=test.fqn,
        alias=name,
        schema=tested.schema,
        database=tested.database,
        config={
            "enabled": True,
            "materialized": "unit",
            "expected_rows": [] if is_sql else rows,
            "expected_sql": rows if is_sql else None,
        },
        raw_code=tested.raw_code,
        line=test.line,
        tested_node=tested.unique_id,
        overrides=test.overrides or {},
    )


def unit_case(test: UnitTest, manifest: Manifest, host: MacroHost) -> UnitCase:
    """The case of ``test``. Raises ParsingError for an input that is no call or leads nowhere."""
    node = unit_test_node(test, manifest)
    tested = manifest.nodes[node.tested_node]
    nodes: dict[str, Node] = {}
    sources: dict[str, Source] = {}
    this_input: str | None = None
    for given in test.given:
        original = _original(given["input"], test, tested, manifest, host.root_package)
        nodes[original.unique_id] = _input_model(given, original, test)
        if isinstance(original, Source):
            sources[original.unique_id] = original
        elif original is tested:
            this_input = original.unique_id
    reads = tuple(nodes) + tuple(key for key in tested.depends_on.nodes if _is_function(key))
    node = msgspec.structs.replace(node, this_input=this_input, depends_on=DependsOn(reads))
    small = Manifest(
        metadata=manifest.metadata,
        nodes=nodes,
        sources=sources,
        macros=manifest.macros,
        functions=manifest.functions,
    )
    return UnitCase(node, small)


def _is_function(unique_id: str) -> bool:
    return unique_id.startswith("function.")


def _original(
    written: str, test: UnitTest, tested: Node, manifest: Manifest, root: str
) -> Node | Source:
    """The resource that an input stands for."""
    if written.strip() == "this":
        return tested
    reference = reference_of(written)
    package = test.package_name
    found: Node | Source | None = None
    if reference is not None and reference.ref is not None:
        found = manifest.find_ref(reference.ref, package=package, root=root)
    elif reference is not None and reference.source is not None:
        found = manifest.find_source(*reference.source, package=package, root=root)
    else:
        raise ParsingError(
            f"Unit test given inputs must be either a 'ref', 'source' or 'this' call. Got: '{written}'.",
            code="unit-test-input",
            node=test.unique_id,
            place=_place(test),
        )
    if found is None:
        raise ParsingError(
            f"Unit test '{test.name}' had an input ({written}) which was not found in the manifest.",
            code="unit-test-input",
            node=test.unique_id,
            place=_place(test),
        )
    return found


def _input_model(given: Mapping[str, Any], original: Node | Source, test: UnitTest) -> Model:
    """The given rows as an ephemeral model in the place of ``original``.

    Its relation is the original's, from which the columns' types are taken.
    """
    source = f"{original.source_name}__" if isinstance(original, Source) else None
    return Model(
        unique_id=original.unique_id,
        resource_type="model",
        name=original.name,
        package_name=original.package_name,
        path=f"{original.name}.sql",
        original_file_path=test.original_file_path,
        fqn=original.fqn,
        alias=original.identifier,
        schema=original.schema,
        database=original.database,
        config={"enabled": True, "materialized": "ephemeral"},
        raw_code=_fixture_code(given),
        line=test.line,
        version=getattr(original, "version", None),
        latest_version=getattr(original, "latest_version", None),
        cte_name=source and source + original.name,
    )


def _fixture_code(given: Mapping[str, Any]) -> str:
    """Rows become a call of dbt's macro, with the values written as its templates read them."""
    rows = given["rows"]
    return str(rows) if given["format"] == "sql" else f"{{{{ get_fixture_sql({rows}, None) }}}}"


def _place(test: UnitTest) -> Place:
    return Place(file=test.original_file_path, line=test.line)
