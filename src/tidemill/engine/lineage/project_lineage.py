"""The column lineage of a project: summaries of models, each read when first asked for, after those it reads."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping

import msgspec

from tidemill.engine.lineage.cache import LineageCache, digest
from tidemill.engine.lineage.calm import Calmness
from tidemill.engine.lineage.known_columns import KnownColumns
from tidemill.engine.lineage.reading import read_query
from tidemill.engine.lineage.relations import RelationNames
from tidemill.engine.lineage.resolving import Table, resolve
from tidemill.engine.lineage.snapshots import with_snapshot_columns
from tidemill.engine.lineage.summary import Known, Summary
from tidemill.engine.lineage.tree import Chain, Unreadable
from tidemill.engine.nodes import Manifest, Node, Seed, Source
from tidemill.errors import TidemillError

Compile = Callable[[Node], str]
"""The SQL of a model without the CTEs of ephemeral models in front. Raises TidemillError."""

Recall = Callable[[Node], str | None]
"""The SQL that a model that does not compile here was compiled to before, if it is known."""

_FAILED = b"failed"

READ_TYPES = frozenset({"model", "snapshot"})
"""Resource types whose SQL is read."""


class ProjectLineage:
    """Safe to share between threads."""

    def __init__(
        self,
        manifest: Manifest,
        compile_sql: Compile,
        names: RelationNames,
        columns: KnownColumns,
        cache: LineageCache,
        *,
        dialect: str,
        calmness: Calmness | None = None,
        recall: Recall | None = None,
        before: ProjectLineage | None = None,
    ) -> None:
        """``calmness`` lets models that are known by their content go without compiling.

        ``before`` is of the same project at an earlier moment: what it read is taken over where it holds.
        """
        self.manifest = manifest
        self._compile = compile_sql
        self._names = names
        self._columns = columns
        self._cache = cache
        self._dialect = dialect
        self._calmness = calmness
        self._recall = recall
        self._summaries: dict[str, Summary] = {}
        self._known: dict[str, Known] = {}
        self._marks: dict[str, bytes] = {}
        self._before = before
        if before is not None:
            before._before = None  # one step back is enough, and all of them are a leak
        self._lock = threading.RLock()

    def summary(self, unique_id: str) -> Summary:
        """The lineage of one model or snapshot. Whatever has no SQL has no inputs."""
        found = self._summaries.get(unique_id)
        if found is None:
            self.read((unique_id,))
            found = self._summaries.get(unique_id, Summary())
        return found

    def known(self, unique_id: str) -> Known:
        """The columns of a node or source, as far as they are known."""
        self.summary(unique_id)
        return self._known.get(unique_id, Known())

    def read(self, unique_ids: Iterable[str]) -> None:
        """Read all of ``unique_ids`` and what they stand on, in the order of the graph."""
        with self._lock:
            waiting = list(unique_ids)
            entered: set[str] = set()
            while waiting:
                unique_id = waiting[-1]
                if unique_id in self._known:
                    waiting.pop()
                elif unique_id in entered:
                    waiting.pop()
                    self._read(unique_id)
                else:
                    entered.add(unique_id)
                    waiting.extend(p for p in self._parents(unique_id) if p not in self._known)

    def read_all(self) -> Mapping[str, Summary]:
        """The summaries of all models and snapshots."""
        nodes = self.manifest.nodes.values()
        self.read(node.unique_id for node in nodes if node.resource_type in READ_TYPES)
        self._cache.save()
        return self._summaries

    @property
    def calmness(self) -> Calmness | None:
        """What it knows of models that compile to the same SQL each time."""
        return self._calmness

    @property
    def names(self) -> RelationNames:
        """What relations are called."""
        return self._names

    @property
    def cache(self) -> LineageCache:
        """Where summaries are kept."""
        return self._cache

    def _parents(self, unique_id: str) -> tuple[str, ...]:
        node = self.manifest.nodes.get(unique_id)
        if node is None or node.resource_type not in READ_TYPES:
            return ()
        return node.depends_on.nodes

    # -- one node ----------------------------------------------------------------------------

    def _read(self, unique_id: str) -> None:
        node = self.manifest.nodes.get(unique_id)
        if node is not None and node.resource_type in READ_TYPES:
            self._summaries[unique_id] = summary = self._summary(node)
            self._known[unique_id] = self._known_of(node, summary)
        else:
            found = node or self.manifest.sources.get(unique_id)
            self._known[unique_id] = self._known_beforehand(found)

    def _known_beforehand(self, found: Node | Source | None) -> Known:
        if isinstance(found, Source):
            return self._columns.of_source(found)
        return self._columns.of_seed(found) if isinstance(found, Seed) else Known()

    def _known_of(self, node: Node, summary: Summary) -> Known:
        names = tuple(column.name for column in summary.columns)
        if summary.is_complete:
            return Known(names, complete=True)
        elsewhere = self._columns.of_unread(node)
        have = {name.lower() for name in names}
        more = tuple(name for name in elsewhere.columns if name.lower() not in have)
        return Known(names + more, complete=elsewhere.complete)

    def _summary(self, node: Node) -> Summary:
        if node.language != "sql":
            return Summary(unknown=f"it is written in {node.language.title()}")
        kept = self._kept(node)
        if kept is not None:
            return kept
        origin = self._calmness.origin(node) if self._calmness is not None else None
        code = self._cache.code(origin) if origin is not None else None
        sql: str | None = None
        failed = Summary()
        if code is None:
            sql, failed = self._compiled(node, origin)
            if sql is None:
                return failed
            code = digest(sql.encode())
            if origin is not None and not failed.unknown:
                self._cache.keep_code(origin, code)
        address = self._address(node, code)
        found = self._cache.summary(address)
        if found is not None:
            return found
        found = self._resolved(node, self._compile(node) if sql is None else sql)
        if failed.unknown and not any(map(self._is_ours, found.inputs)):
            return failed  # compiled for another target
        self._cache.keep(address, found)
        return found

    def _is_ours(self, key: str) -> bool:
        return key in self.manifest.nodes or key in self.manifest.sources

    def _compiled(self, node: Node, origin: bytes | None) -> tuple[str | None, Summary]:
        """The SQL, or that of an earlier time where it does not compile here; and why it does not."""
        failed = self._cache.summary(digest(_FAILED, origin)) if origin is not None else None
        if failed is None:
            try:
                return self._compile(node), Summary()
            except TidemillError as error:
                reason = error.fault.message.partition("\n")[0]
                failed = Summary(unknown=f"it does not compile here: {reason}")
                if origin is not None:
                    self._cache.keep(digest(_FAILED, origin), failed)
        return (self._recall(node) if self._recall is not None else None), failed

    def _kept(self, node: Node) -> Summary | None:
        """What was read before, if nothing has changed that the node's SQL or its columns depend on."""
        before, calmness = self._before, self._calmness
        if before is None or calmness is None or before._calmness is None:
            return None
        unique_id = node.unique_id
        if before.manifest.nodes.get(unique_id) != node or not calmness.is_calm(node):
            return None
        for parent in node.depends_on.nodes:
            if self._known.get(parent) != before._known.get(parent):
                return None
        if not calmness.reads_the_same(node, before._calmness):
            return None
        kept = before._summaries.get(unique_id)
        # What did not compile may have been compiled since, by a run.
        return None if kept is not None and kept.unknown else kept

    def _address(self, node: Node, code: bytes) -> bytes:
        """Of the summary: the SQL, what reads it, and the columns of all that may stand in it."""
        marks = [self._mark(unique_id) for unique_id in node.depends_on.nodes]
        kind = f"{self._dialect}|{node.resource_type}"
        settings = msgspec.msgpack.encode(node.config) if node.resource_type == "snapshot" else b""
        return digest(kind.encode(), node.unique_id.encode(), code, settings, *marks)

    def _mark(self, unique_id: str) -> bytes:
        found = self._marks.get(unique_id)
        if found is None:
            known = msgspec.msgpack.encode((unique_id, self._known.get(unique_id, Known())))
            found = self._marks[unique_id] = digest(known)
        return found

    def _resolved(self, node: Node, sql: str) -> Summary:
        try:
            query = read_query(sql, self._dialect)
            found = resolve(query, self._finder(node), self._dialect)
        except Unreadable as reason:
            return Summary(unknown=f"its SQL cannot be read: {reason}")
        except RecursionError:
            return Summary(unknown="its SQL cannot be read: it is nested too deeply")
        except Exception as fault:  # noqa: BLE001 - lineage is never what keeps people from their work
            return Summary(unknown=f"its SQL cannot be read: a fault of Tidemill, {fault!r}")
        return with_snapshot_columns(found, node) if node.resource_type == "snapshot" else found

    def _finder(self, node: Node) -> Callable[[Chain, str], Table]:
        """Tables by their name in SQL; columns only of those that the node depends on, so that the order
        of reading does not matter."""
        above = frozenset(node.depends_on.nodes)
        find_id = self._names.beside(node)

        def find(chain: Chain, text: str) -> Table:
            unique_id = find_id(chain, text)
            if unique_id is None:
                return Table(".".join(chain) or text, Known())
            known = self._known.get(unique_id) if unique_id in above else None
            return Table(unique_id, known or Known())

        return find
