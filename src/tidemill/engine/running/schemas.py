"""Before nodes run: their schemas are made, and the relations that exist are looked up once."""

from __future__ import annotations

from collections.abc import Iterable

from tidemill.adapters.base import Connection
from tidemill.engine.jinja.macro_host import MacroHost
from tidemill.engine.nodes import Manifest, Node
from tidemill.engine.running.data_tests import stores_failures

Place = tuple[str | None, str]
"""A database and a schema."""


def has_relation(node: Node, host: MacroHost) -> bool:
    """Whether the node becomes a relation: models, seeds, snapshots, and tests that keep their failures."""
    if node.resource_type == "test":
        return stores_failures(node, host.flags.STORE_FAILURES)
    if node.resource_type == "function":
        return True
    return node.is_relational and not node.is_ephemeral


def schemas_of(nodes: Iterable[Node], host: MacroHost) -> list[Place]:
    """The schemas that the nodes are built in, each once, in order."""
    found = ((node.database, node.schema) for node in nodes if has_relation(node, host))
    return list(dict.fromkeys(found))


def create_schemas(
    host: MacroHost, manifest: Manifest, connection: Connection, schemas: Iterable[Place]
) -> None:
    """Make the schemas that do not exist, through dbt's macro ``create_schema``.

    Raises DatabaseError when the warehouse refuses.
    """
    known: dict[str | None, set[str]] = {}
    for database, schema in schemas:
        if database not in known:
            names = host.adapter.list_schemas(connection, database)
            known[database] = {name.lower() for name in names}
        if schema.lower() not in known[database]:
            known[database].add(schema.lower())
            session = host.session(None, manifest, phase="run", connection=connection)
            session.context["adapter"].create_schema(
                host.adapter.relation_class.create(
                    database=database, schema=schema, quote_policy=host.quoting
                )
            )


def fill_cache(host: MacroHost, connection: Connection, schemas: Iterable[Place]) -> None:
    """Look up which relations the schemas hold. What was known before is forgotten."""
    host.relations.clear()
    for database, schema in schemas:
        found = host.adapter.list_relations(connection, database, schema)
        host.relations.load(database, schema, found)
    host.relations.link(host.adapter.list_dependents(connection))
