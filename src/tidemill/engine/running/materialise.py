"""Runs a node's materialisation macro and reads what came of it: models, seeds, snapshots and data tests alike.

The macro does all the work in the warehouse, transactions included. What it leaves uncommitted is rolled back by
whoever closes the connection.
"""

from __future__ import annotations

from typing import Any

import msgspec

from tidemill.adapters.relation import Relation
from tidemill.engine.jinja.macro_host import MacroHost
from tidemill.engine.jinja.session import Session
from tidemill.engine.jinja.tables import AdapterResponse, AttributeDict, ResultTable
from tidemill.engine.nodes import Macro, Node
from tidemill.engine.running.direct import DirectPaths
from tidemill.errors import CompilationError, ExecutionError

_BY_TYPE = {"seed": "seed", "test": "test", "snapshot": "snapshot", "function": "function"}


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to the main statement of a materialisation."""

    message: str
    rows_affected: int | None
    adapter_response: dict[str, Any]
    table: ResultTable


def materialization_of(node: Node) -> str:
    """The name of the node's materialisation: configured, or the one of its resource type."""
    configured = node.config.get("materialized")
    return str(configured or _BY_TYPE.get(node.resource_type) or node.materialized)


def materialise(host: MacroHost, session: Session, node: Node, direct: DirectPaths) -> Answer:
    """Build the node, directly or through its macro, and note the new relations in the cache.

    Raises CompilationError where the macro does not return what dbt asks of materialisations, and whatever the
    macro raises.
    """
    built = direct.build(session, node, materialization_of(node))
    for relation in _through_macro(host, session, node) if built is None else built:
        host.relations.add(relation)
    return main_answer(session)


def _through_macro(host: MacroHost, session: Session, node: Node) -> list[Relation]:
    macro = host.find_materialization(materialization_of(node), session.emit)
    _check_language(macro, node)
    before = host.adapter.before_node(session, node.config)
    try:
        returned = session.bind(macro)()
    finally:
        host.adapter.after_node(session, node.config, before)
    return relations_returned(returned, node, host.adapter.relation_class)


def main_answer(session: Session) -> Answer:
    """The answer of the statement named ``main``. Raises ExecutionError when there was none."""
    result: AttributeDict | None = session.load_result("main")
    if not result:
        raise ExecutionError(
            "the materialization never ran a statement named 'main'",
            code="materialization-main",
            hint="wrap the statement that builds the node in {% call statement('main') %}",
        )
    response = result["response"]
    if isinstance(response, AdapterResponse):
        fields = response.to_dict()
        rows = _whole(
            response.rows_affected if response.rows_written is None else response.rows_written
        )
    else:
        fields, rows = {}, None
    return Answer(
        message=str(response), rows_affected=rows, adapter_response=fields, table=result["table"]
    )


def _whole(value: Any) -> int | None:
    """Row counts come from macros too (``store_raw_result``), and there they can be anything."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _check_language(macro: Macro, node: Node) -> None:
    languages = macro.supported_languages
    if languages is not None and node.language not in languages:
        raise CompilationError(
            f"materialization '{macro.name}' only supports languages {', '.join(languages)}; "
            f"got '{node.language}'",
            code="language",
        )


def relations_returned(
    returned: Any, node: Node, kind: type[Relation] = Relation
) -> list[Relation]:
    """The relations that the macro says it built. Raises CompilationError for any other answer."""
    name = materialization_of(node)
    if isinstance(returned, str):
        raise _bad_return(
            f'The materialization ("{name}") did not explicitly return a list of relations'
        )
    if not isinstance(returned, dict) or "relations" not in returned:
        raise _bad_return(
            f'The materialization ("{name}") must return a mapping with the key "relations", got {returned!r}'
        )
    relations = returned["relations"]
    if not isinstance(relations, list):
        raise _bad_return(
            f'"relations" of the materialization ("{name}") is not a list: {relations!r}'
        )
    strangers = [entry for entry in relations if not isinstance(entry, (Relation, kind))]
    if strangers:
        raise _bad_return(
            f'"relations" of the materialization ("{name}") contains {strangers[0]!r}'
        )
    return relations


def _bad_return(message: str) -> CompilationError:
    return CompilationError(
        message,
        code="materialization-return",
        hint="end it with {{ return({'relations': [target_relation]}) }}",
    )
