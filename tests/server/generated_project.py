"""A generated project of any size behind the real server: no files, no warehouse, real events.

For tests of the API, and of the web app at 1,000 nodes. The manifest is made of the engine's own
values; runs are made up in DAG order and go through the real recorder. Deterministic by its seed.
"""

from __future__ import annotations

import random
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from tidemill.commands.lineage import NodeLineage
from tidemill.engine.lineage.tracing import ColumnRef, ColumnTrace, LineageStep
from tidemill.engine.nodes import (
    Column,
    DependsOn,
    Exposure,
    GenericTest,
    Manifest,
    ManifestMetadata,
    Model,
    Node,
    Ref,
    Seed,
    Source,
    TestMetadata,
)
from tidemill.errors import Fault, UsageError
from tidemill.events import (
    FAILED_STATUSES,
    AnyEvent,
    Message,
    NodeFinished,
    NodePlan,
    NodeStarted,
    NodeStatus,
    RunFinished,
    RunStarted,
    RunStatus,
)
from tidemill.server.describing import (
    find_resource,
    node_detail,
)
from tidemill.server.drawing import draw
from tidemill.server.values import (
    GraphChange,
    GraphNode,
    KnownColumns,
    NodeDetail,
    ProjectInfo,
    RowColumn,
    Rows,
    RunRequest,
)
from tidemill.store.database import Store
from tidemill.store.recorder import recorded

PACKAGE = "shop"
AREAS = ("orders", "customers", "payments", "products", "inventory", "marketing", "support")
NOUNS = ("events", "daily", "items", "summary", "history", "funnel", "margins", "segments")
LAYERS = (("staging", "stg", 0.4, "view"), ("intermediate", "int", 0.3, "view"))
MART = ("marts", "fct", 1.0, "table")


def generated_manifest(size: int, seed: int = 0) -> Manifest:
    """About ``size`` graph nodes: sources, seeds, three layers of models with tests, exposures."""
    rng = random.Random(seed)
    sources = {s.unique_id: s for s in (_source(i) for i in range(max(1, size // 20)))}
    seeds = [_seed(i) for i in range(max(1, size // 200))]
    models = _models(rng, max(1, size - len(sources) - len(seeds)), [*sources], seeds)
    tests = [test for model in models for test in _tests(model)]
    nodes: dict[str, Node] = {n.unique_id: n for n in (*seeds, *models, *tests)}
    exposures = {e.unique_id: e for e in (_exposure(i, models) for i in range(max(1, size // 100)))}
    metadata = ManifestMetadata(
        project_name=PACKAGE,
        adapter_type="duckdb",
        project_id="0" * 32,
        generated_at=0.0,
        invocation_id=str(uuid.UUID(int=seed)),
    )
    return Manifest(metadata=metadata, nodes=nodes, sources=sources, exposures=exposures)


def _source(index: int) -> Source:
    area = AREAS[index % len(AREAS)]
    name = f"{area}_{index}"
    return Source(
        unique_id=f"source.{PACKAGE}.raw.{name}",
        name=name,
        source_name="raw",
        package_name=PACKAGE,
        path="models/sources.yml",
        original_file_path="models/sources.yml",
        fqn=(PACKAGE, "raw", name),
        database="shop",
        schema="raw",
        identifier=name,
        relation_name=f'"shop"."raw"."{name}"',
        description=f"Rows of {area} as the shop's systems deliver them.",
    )


def _seed(index: int) -> Seed:
    name = f"codes_{index}"
    return Seed(**_common("seed", name, f"{name}.csv", "seeds", {"materialized": "seed"}))


def _models(rng: random.Random, count: int, sources: list[str], seeds: list[Seed]) -> list[Model]:
    models: list[Model] = []
    below = [*sources, *(seed.unique_id for seed in seeds)]
    for folder, prefix, share, materialized in (*LAYERS, MART):
        wanted = count - len(models) if share == 1.0 else int(count * share)
        layer = []
        for index in range(wanted):
            parents = rng.sample(below, k=min(len(below), rng.choice((1, 2, 2, 3))))
            layer.append(_model(f"{prefix}_{_word(rng)}_{index}", folder, materialized, parents))
        models += layer
        below = [model.unique_id for model in layer] or below
    return models


def _word(rng: random.Random) -> str:
    return f"{rng.choice(AREAS)}_{rng.choice(NOUNS)}"


def _model(name: str, folder: str, materialized: str, parents: list[str]) -> Model:
    config = {
        "materialized": materialized,
        "tags": [folder, "daily"] if folder == "marts" else [folder],
        "meta": {"owner": f"team {name.split('_')[1]}"},
    }
    refs = tuple(Ref(p.split(".")[-1]) for p in parents if not p.startswith("source."))
    return Model(
        **_common("model", name, f"{folder}/{name}.sql", "models", config),
        raw_code=_raw_code(parents),
        refs=refs,
        depends_on=DependsOn(nodes=tuple(parents)),
        patch_path=f"{PACKAGE}://models/{folder}/schema.yml",
        columns={
            "id": Column(name="id", data_type="bigint", description="The key of the row."),
            "amount": Column(name="amount", data_type="decimal(18,2)", description="In euro."),
            "happened_at": Column(name="happened_at", data_type="timestamp"),
        },
    )


def _raw_code(parents: list[str]) -> str:
    ctes = [f"    select * from {_reference(parent)}" for parent in parents]
    unions = "\n    union all by name\n".join(ctes)
    return (
        f"with rows_in as (\n{unions}\n),\n\n"
        "kept as (\n    select * from rows_in where id is not null\n)\n\n"
        "select\n    id,\n    sum(amount) as amount,\n    max(happened_at) as happened_at\n"
        "from kept\n{% if is_incremental() %}\nwhere happened_at > (select max(happened_at) "
        "from {{ this }})\n{% endif %}\ngroup by id\n"
    )


def _reference(parent: str) -> str:
    kind, _, rest = parent.partition(".")
    names = rest.split(".")[1:]
    words = ", ".join(f"'{name}'" for name in names)
    return "{{ " + ("source" if kind == "source" else "ref") + f"({words}) }}}}"


def _tests(model: Model) -> list[GenericTest]:
    return [
        _test(model, kind, column)
        for kind, column in (("unique", "id"), ("not_null", "id"), ("not_null", "happened_at"))
    ]


def _test(model: Model, kind: str, column: str) -> GenericTest:
    name = f"{kind}_{model.name}_{column}"
    return GenericTest(
        **_common("test", name, f"{name}.sql", "models", {"materialized": "test"}),
        test_metadata=TestMetadata(name=kind, kwargs={"column_name": column}),
        column_name=column,
        attached_node=model.unique_id,
        depends_on=DependsOn(nodes=(model.unique_id,)),
    )


def _exposure(index: int, models: list[Model]) -> Exposure:
    name = f"dashboard_{index}"
    read = tuple(model.unique_id for model in models[-1 - index :: -7][:3])
    return Exposure(
        unique_id=f"exposure.{PACKAGE}.{name}",
        name=name,
        package_name=PACKAGE,
        path="exposures.yml",
        original_file_path="models/exposures.yml",
        fqn=(PACKAGE, name),
        type="dashboard",
        owner={"name": "Sales"},
        description="What the sales team looks at in the morning.",
        depends_on=DependsOn(nodes=read),
    )


def _common(kind: str, name: str, path: str, folder: str, config: dict[str, Any]) -> dict[str, Any]:
    return {
        "unique_id": f"{kind}.{PACKAGE}.{name}",
        "resource_type": kind,
        "name": name,
        "package_name": PACKAGE,
        "path": path,
        "original_file_path": f"{folder}/{path}",
        "fqn": (PACKAGE, *path.split("/")[:-1], name),
        "alias": name,
        "schema": "main",
        "database": "shop",
        "relation_name": f'"shop"."main"."{name}"',
        "config": config,
        "description": f"{name.replace('_', ' ').capitalize()}, made by a generator.\n\nSecond part.",
    }


class GeneratedProject:
    """A ``ProjectService`` over a generated manifest. ``seconds`` is what a node takes in a run."""

    def __init__(self, manifest: Manifest, store: Store, *, seconds: float = 0.02) -> None:
        self._manifest = manifest
        self._store = store
        self._seconds = seconds
        self._drawing = draw(manifest)
        self._graph = tuple(self._drawing.nodes.values())
        self._tests = self._drawing.tests
        self.manifest_version = 1
        self.target = "dev"
        self.read_only = False
        self.files_changed = False
        self.closed = False

    def info(self) -> ProjectInfo:
        return ProjectInfo(
            name=PACKAGE,
            target=self.target,
            adapter="duckdb",
            tidemill_version="0.1.0",
            root_name=PACKAGE,
            counts=dict(self._drawing.counts),
            fault_count=0,
            manifest_version=self.manifest_version,
            read_only=self.read_only,
        )

    def graph(self) -> tuple[GraphNode, ...]:
        return self._graph

    def tests(self) -> Mapping[str, tuple[str, ...]]:
        return self._tests

    def node(self, node_id: str) -> NodeDetail:
        return node_detail(self._manifest, find_resource(self._manifest, node_id), self._tests)

    def compiled(self, node_id: str) -> str:
        return f"select 1 as id -- {find_resource(self._manifest, node_id).name}"

    def columns(self, node_id: str) -> KnownColumns:
        find_resource(self._manifest, node_id)
        return KnownColumns(columns=("id", "amount"), complete=True, unknown="")

    def lineage(self, node_id: str, column: str, *, rows: bool) -> NodeLineage:
        """Every column comes from that of the same name in the node's first parent."""
        asked = ColumnRef(find_resource(self._manifest, node_id).unique_id, column)
        steps: list[LineageStep] = []
        here = asked
        while parents := find_resource(self._manifest, here.node).depends_on.nodes:
            there = ColumnRef(parents[0], column)
            steps.append(
                LineageStep(source=there, result=here, uses=("copy",), depth=len(steps) + 1)
            )
            here = there
        trace = ColumnTrace(column=asked, upstream=tuple(steps))
        return NodeLineage(node=node_id, column=column, columns=(trace,), complete=True)

    def rows(self, node_id: str, limit: int) -> Rows:
        find_resource(self._manifest, node_id)
        columns = (
            RowColumn(name="id", type="BIGINT"),
            RowColumn(name="amount", type="DECIMAL(18,2)"),
            RowColumn(name="happened_at", type="TIMESTAMP"),
        )
        some = [(i, f"{i * 7 % 100}.50", f"2026-01-{i % 28 + 1:02} 12:00:00") for i in range(250)]
        return Rows(columns=columns, rows=tuple(some[:limit]), truncated=limit < len(some))

    def select(self, select: str, exclude: str) -> tuple[str, ...]:
        """Names with ``+`` on either side, ``tag:``, ``resource_type:``; united by spaces."""
        out = {i for word in exclude.split() for i in self._matching(word)}
        wanted = select.split() or ["*"]
        return tuple(dict.fromkeys(i for w in wanted for i in self._matching(w) if i not in out))

    def faults(self) -> tuple[Fault, ...]:
        return ()

    def reload(self, *, only_if_changed: bool = False) -> bool:
        if only_if_changed and not self.files_changed:
            return False
        self.files_changed = False
        self.manifest_version += 1
        return True

    def graph_change(self, before: int) -> GraphChange | None:
        return None

    def wait_for_edit(self, seconds: float) -> bool:
        time.sleep(seconds)
        return False

    def run(self, request: RunRequest, cancel: threading.Event) -> Iterator[AnyEvent]:
        events = self._events(request, cancel)
        yield from recorded(events, self._store, source="server")

    def interrupt(self) -> None:
        return

    def close(self) -> None:
        self.closed = True

    def _matching(self, word: str) -> list[str]:
        up, name, down = word.startswith("+"), word.strip("+"), word.endswith("+")
        method, _, value = name.rpartition(":")
        found = [n.id for n in self._graph if _matches(n, method, value)]
        if not found:
            raise UsageError(f"The selection {word!r} matches nothing", code="nothing-selected")
        parents = {n.id: n.parents for n in self._graph}
        ids = _closure(found, parents) if up else set(found)
        if down:
            ids |= _closure(found, self._manifest.children)
        return [n.id for n in self._graph if n.id in ids]

    def _plan(self, request: RunRequest) -> tuple[NodePlan, ...]:
        chosen = set(self.select(request.select, request.exclude))
        plan: list[NodePlan] = []
        for node_id in chosen.intersection(self._manifest.nodes):
            kinds = {"build": 2, "test": 1}.get(request.command, 0)
            if request.command != "test":
                plan.append(_node_plan(self._manifest.nodes[node_id], chosen))
            if kinds:
                tests = self._tests.get(node_id, ())
                plan += [_node_plan(self._manifest.nodes[test], chosen) for test in tests]
        order = {node_id: i for i, node_id in enumerate(self._manifest.nodes)}
        depth = {"seed": 0, "model": 1, "test": 2}
        plan.sort(key=lambda p: (depth[p.resource_type], order[p.unique_id]))
        return tuple(plan)

    def _events(self, request: RunRequest, cancel: threading.Event) -> Iterator[AnyEvent]:
        plan = self._plan(request)
        run_id, begun = str(uuid.uuid4()), time.time()
        yield RunStarted(
            run_id=run_id,
            command=request.command,
            project=PACKAGE,
            target=self.target,
            threads=1,
            nodes=plan,
            arguments={"select": request.select, "exclude": request.exclude},
        )
        yield Message(text=f"Found {len(plan)} nodes")
        counts: dict[str, int] = {}
        failed: set[str] = set()
        for index, node in enumerate(plan, start=1):
            for event in self._execute(node, index, len(plan), failed, cancel):
                if isinstance(event, NodeFinished):
                    counts[event.status] = counts.get(event.status, 0) + 1
                yield event
        ended: RunStatus = "failed" if counts.keys() & FAILED_STATUSES else "success"
        status: RunStatus = "cancelled" if cancel.is_set() else ended
        seconds = time.time() - begun
        yield RunFinished(run_id=run_id, status=status, seconds=seconds, counts=counts)

    def _execute(
        self, node: NodePlan, index: int, total: int, failed: set[str], cancel: threading.Event
    ) -> Iterator[AnyEvent]:
        about: dict[str, Any] = {
            "unique_id": node.unique_id,
            "name": node.name,
            "resource_type": node.resource_type,
            "index": index,
            "total": total,
            "description": f"{node.resource_type} {node.name}",
        }
        if cancel.is_set() or failed.intersection(node.depends_on):
            failed |= set() if cancel.is_set() else {node.unique_id}
            status: NodeStatus = "cancelled" if cancel.is_set() else "skipped"
            yield NodeFinished(**about, status=status, seconds=0.0)
            return
        yield NodeStarted(**about)
        cancel.wait(self._seconds)
        yield NodeFinished(**about, **self._outcome(node, failed))

    def _outcome(self, node: NodePlan, failed: set[str]) -> dict[str, Any]:
        """Every 97th model fails, every 41st test does: by its name, so always the same ones."""
        number = sum(node.unique_id.encode())
        if node.resource_type == "test":
            bad = number % 41 == 0
            status = "fail" if bad else "pass"
            message = "Got 3 results, configured to fail if != 0" if bad else ""
            return {"status": status, "seconds": 0.01, "failures": 3 * bad, "message": message}
        if number % 97 == 0:
            failed.add(node.unique_id)
            fault = Fault(
                code="database",
                label="Database Error",
                message='Binder Error: Referenced column "amout" not found in FROM clause!',
                node=node.unique_id,
                hint="did you mean 'amount'?",
            )
            return {"status": "error", "seconds": 0.2, "message": fault.message, "fault": fault}
        return {
            "status": "success",
            "seconds": self._seconds,
            "message": "CREATE TABLE",
            "rows_affected": number * 13,
            "compiled_path": f"target/compiled/{PACKAGE}/models/{node.name}.sql",
        }


def _matches(node: GraphNode, method: str, value: str) -> bool:
    if method == "tag":
        return value in node.tags
    if method == "resource_type":
        return node.resource_type == value
    return value in {"*", node.name}


def _closure(ids: list[str], step: Mapping[str, tuple[str, ...]]) -> set[str]:
    found, waiting = set(ids), list(ids)
    while waiting:
        for other in step.get(waiting.pop(), ()):
            if other not in found:
                found.add(other)
                waiting.append(other)
    return found


def _node_plan(node: Node, chosen: set[str]) -> NodePlan:
    return NodePlan(
        unique_id=node.unique_id,
        name=node.name,
        resource_type=node.resource_type,
        depends_on=tuple(parent for parent in node.depends_on.nodes if parent in chosen),
    )
