"""Where a node's relation goes: its database, schema and alias, by dbt's ``generate_*_name`` macros.

The built-in macros are simple rules, followed here in Python unless a project or package replaces them.
"""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from tidemill.adapters.relation import Relation
from tidemill.engine.jinja.macro_host import MacroHost
from tidemill.engine.jinja.relations import node_relation
from tidemill.engine.jinja.tables import AttributeDict
from tidemill.engine.nodes import Model, Node
from tidemill.engine.nodes.shape import node_dict

_COMPONENTS = ("database", "schema", "alias")


SomeNode = TypeVar("SomeNode", bound=Node)


class Naming:
    """Names relations for all nodes of a project. Remembers which macros are the built-in ones."""

    def __init__(self, host: MacroHost) -> None:
        self._host = host
        self._builtin: dict[tuple[str, str], bool] = {}
        self._relations: dict[tuple[str | None, str], Relation] = {}
        """One for each schema, quoted by the project's rules alone."""

    def named(self, node: SomeNode) -> SomeNode:
        """``node`` with database, schema, alias and relation name.

        Raises what a project's own macro raises.
        """
        if all(self._is_builtin(component, node.package_name) for component in _COMPONENTS):
            names = {name: self._default(name, node.config.get(name), node) for name in _COMPONENTS}
            node = msgspec.structs.replace(node, **names)
        else:
            for component in _COMPONENTS:
                value = self._generate(component, node.config.get(component), node)
                node = msgspec.structs.replace(node, **{component: value})
        node = _with_snapshot_target(node)
        if not has_relation(node):
            return node
        return msgspec.structs.replace(node, relation_name=self._relation_name(node))

    def _relation_name(self, node: Node) -> str:
        """The relation's name. Neighbours differ in their last part alone."""
        place = (node.database, node.schema)
        beside = None if node.config.get("quoting") else self._relations.get(place)
        if beside is not None and isinstance(node.alias, str):
            return beside.replace_path(identifier=node.alias).render()
        relation = node_relation(self._host.adapter, node, self._host.quoting)
        if not node.config.get("quoting") and isinstance(relation, Relation):
            self._relations[place] = relation
        return relation.render()

    def _generate(self, component: str, custom: str | None, node: Node) -> str | None:
        if self._is_builtin(component, node.package_name):
            return self._default(component, custom, node)
        macro = self._host.registry.find_generator(
            f"generate_{component}_name", package=node.package_name
        )
        assert macro is not None
        session = self._host.session(None, None, phase="parse")
        value = session.call_macro(macro, (custom, AttributeDict(node_dict(node))), {})
        return value.strip() if isinstance(value, str) else value

    def _is_builtin(self, component: str, package: str) -> bool:
        key = (component, package)
        known = self._builtin.get(key)
        if known is None:
            known = self._builtin[key] = self._finds_builtin(f"generate_{component}_name", package)
        return known

    def _finds_builtin(self, name: str, package: str) -> bool:
        internal = self._host.config.internal_packages
        macro = self._host.registry.find_generator(name, package=package)
        if macro is None or macro.package_name not in internal:
            return False
        target = self._host.dispatch(name, "dbt", packages=(self._host.root_package,))
        return target.package_name in internal

    def _default(self, component: str, custom: Any, node: Node) -> str | None:
        """dbt's default rules for the three names."""
        target = self._host.config.target
        if component == "database":
            return str(custom).strip() if custom is not None else target.database
        if component == "schema":
            return f"{target.schema}_{str(custom).strip()}" if custom is not None else target.schema
        if custom:
            return str(custom).strip()
        version = node.version if isinstance(node, Model) else None
        return f"{node.name}_v{str(version).replace('.', '_')}" if version else node.name


def _with_snapshot_target(node: SomeNode) -> SomeNode:
    """``target_schema`` and ``target_database`` of a snapshot win as they are written (dbt's rule)."""
    if node.resource_type != "snapshot":
        return node
    chosen = {part: node.config.get(f"target_{part}") for part in ("schema", "database")}
    return msgspec.structs.replace(node, **{part: name for part, name in chosen.items() if name})


def has_relation(node: Node) -> bool:
    """Whether the node gets a relation name in the manifest (dbt's ``is_relational`` and not ephemeral)."""
    if node.resource_type == "test":
        return bool(node.config.get("store_failures"))
    return node.is_relational and not node.is_ephemeral
