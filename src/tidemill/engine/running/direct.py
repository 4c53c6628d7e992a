"""Takes the direct path of an adapter where no macro that it stands for was replaced, with the node's session."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, cast

from tidemill.adapters.direct import DirectPath
from tidemill.adapters.relation import Relation
from tidemill.engine.jinja.facade import RunFacade
from tidemill.engine.jinja.macro_digests import macro_digest
from tidemill.engine.jinja.macro_host import MacroHost
from tidemill.engine.jinja.registry import BUILTIN_PACKAGE
from tidemill.engine.jinja.session import Session
from tidemill.engine.nodes import Macro, Node
from tidemill.engine.running.data_tests import stores_failures
from tidemill.errors import ExecutionError
from tidemill.events import Message

_NAMES = (
    "adapter",
    "api",
    "compiled_code",
    "config",
    "context",
    "exceptions",
    "execute",
    "flags",
    "load_result",
    "log",
    "model",
    "post_hooks",
    "pre_hooks",
    "render",
    "return",
    "sql",
    "store_result",
    "this",
    "write",
)
"""What the macros of materialisations read. A macro or a package of such a name would take its place."""


class DirectPaths:
    """The direct paths that hold in one project. Safe to share between threads."""

    def __init__(self, host: MacroHost) -> None:
        self._host = host
        self._paths: Mapping[str, DirectPath] = host.adapter.direct_paths
        self._holding: dict[tuple[str, str], bool] = {}

    def build(self, session: Session, node: Node, materialization: str) -> list[Relation] | None:
        """Build or test the node and return its relations; None when that is for the macros, and nothing was done.

        The answer to the main statement is in the session, as after the macros. Raises what the warehouse says.
        """
        path = self._paths.get(materialization)
        if path is None or not self._fits(path, node):
            return None
        key = (materialization, session.package)
        if key not in self._holding:
            self._holding[key] = path.digest == self.digest(path, *key)
        return path.build(_SessionHands(session, node)) if self._holding[key] else None

    def _fits(self, path: DirectPath, node: Node) -> bool:
        """Whether nothing in the node's configuration asks for what the path does not do."""
        config = node.config
        if node.language != "sql" or any(config.get(name) for name in path.unset):
            return False
        contract = config.get("contract")
        if isinstance(contract, Mapping) and contract.get("enforced"):
            return False
        return not stores_failures(node, self._host.flags.STORE_FAILURES)

    def digest(self, path: DirectPath, materialization: str, package: str) -> str | None:
        """The digest of the macros that run for nodes of ``package``; None when a name is taken by another."""
        macros = partial(self._macros, path, materialization, package)
        return macro_digest(self._host, package, _NAMES, macros)

    def _macros(self, path: DirectPath, materialization: str, package: str) -> Iterator[Macro]:
        host = self._host
        yield host.find_materialization(materialization)
        for name in path.macros:
            yield host.find_macro(name, None, seen_from=package)
        for name in path.dispatched:
            places = (package, host.root_package)
            yield host.dispatch(name, BUILTIN_PACKAGE, packages=places)


class _SessionHands:
    """What a path does, done through a session."""

    def __init__(self, session: Session, node: Node) -> None:
        self._session = session
        self._node = node
        self._adapter = RunFacade(session)
        self.config: Mapping[str, Any] = node.config

    @property
    def this(self) -> Relation:
        return cast("Relation", self._session.this)

    @property
    def sql(self) -> str:
        return cast("str", self._session.context["sql"])

    def found(self, relation: Relation) -> Relation | None:
        return self._adapter.get_relation(relation.database, relation.schema, relation.identifier)

    def main(self, sql: str, *, fetch: bool = False) -> None:
        self._tell(f'Writing runtime sql for node "{self._node.unique_id}"')
        self._session.context["write"](sql)
        response, table = self._adapter.execute(sql, auto_begin=True, fetch=fetch)
        self._session.store_result("main", response=response, agate_table=table)

    def run(self, sql: str, *, begin: bool = True) -> None:
        self._adapter.execute(sql, auto_begin=begin)

    def drop(self, relation: Relation, sql: str, told: str = "") -> None:
        if relation.type is None:
            raise ExecutionError(f"Tried to drop relation {relation}, but its type is null.")
        self._session.host.relations.drop(relation)
        if told:
            self._tell(told)
        self._adapter.execute(sql)

    def rename(self, old: Relation, new: Relation, sql: str) -> None:
        self._session.host.relations.rename(old, new)
        self._adapter.execute(sql, auto_begin=True)

    def quoted_name(self, relation: Relation) -> str:
        return self._adapter.quote_as_configured(str(relation.identifier), "identifier")

    def commit(self) -> None:
        self._adapter.commit()

    def _tell(self, text: str) -> None:
        node = self._node.unique_id
        self._session.emit(Message(text=text, level="debug", unique_id=node, code="I063"))
