"""Routes about the project: what it is, its graph, one node, its SQL and rows, selections, faults."""

from __future__ import annotations

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from tidemill.errors import UsageError
from tidemill.server.news import News
from tidemill.server.replies import json_reply
from tidemill.server.service import ProjectService
from tidemill.server.states import with_states, with_test_states
from tidemill.server.values import (
    CompiledCode,
    Faults,
    Graph,
    LastRun,
    Reloaded,
    Selection,
)
from tidemill.store.database import Store
from tidemill.store.event_log import last_seq
from tidemill.store.reading import last_run_of, node_states, node_states_of

MOST_ROWS = 10_000


class ProjectRoutes:
    """The routes of one service, with what the store knows mixed in."""

    def __init__(self, service: ProjectService, store: Store, news: News) -> None:
        self._service = service
        self._store = store
        self._news = news

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/api/project", self.project),
            Route("/api/graph", self.graph),
            Route("/api/nodes/{id}", self.node),
            Route("/api/nodes/{id}/compiled", self.compiled),
            Route("/api/nodes/{id}/columns", self.columns),
            Route("/api/nodes/{id}/lineage", self.lineage),
            Route("/api/nodes/{id}/rows", self.rows),
            Route("/api/select", self.select),
            Route("/api/faults", self.faults),
            Route("/api/reload", self.reload, methods=["POST"]),
        ]

    def project(self, request: Request) -> Response:
        return json_reply(request, self._service.info())

    def graph(self, request: Request) -> Response:
        """Nodes and states. Its tag is of the log's last place, so no news costs no bytes."""
        tag = f'"{self._service.manifest_version}-{last_seq(self._store)}"'
        headers = {"etag": tag}
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        version = self._service.manifest_version
        states = node_states(self._store, self._service.target)
        nodes = with_states(self._service.graph(), self._service.tests(), states)
        return json_reply(request, Graph(manifest_version=version, nodes=nodes), headers=headers)

    def node(self, request: Request) -> Response:
        detail = self._service.node(request.path_params["id"])
        target = self._service.target
        ids = [test.id for test in detail.tests]
        detail = with_test_states(detail, node_states_of(self._store, target, ids))
        last = self._last_run(detail.id)
        return json_reply(request, msgspec.structs.replace(detail, last_run=last))

    def compiled(self, request: Request) -> Response:
        code = self._service.compiled(request.path_params["id"])
        return json_reply(request, CompiledCode(compiled_code=code))

    def columns(self, request: Request) -> Response:
        return json_reply(request, self._service.columns(request.path_params["id"]))

    def lineage(self, request: Request) -> Response:
        query = request.query_params
        column = query.get("column", "")
        if not column:
            raise UsageError("which column? The address needs column=", code="column-missing")
        rows = query.get("rows") == "true"
        return json_reply(
            request, self._service.lineage(request.path_params["id"], column, rows=rows)
        )

    def rows(self, request: Request) -> Response:
        limit = number(request, "limit", default=100, most=MOST_ROWS)
        return json_reply(request, self._service.rows(request.path_params["id"], limit))

    def select(self, request: Request) -> Response:
        query = request.query_params
        ids = self._service.select(query.get("q", ""), query.get("exclude", ""))
        return json_reply(request, Selection(ids=ids))

    def faults(self, request: Request) -> Response:
        return json_reply(request, Faults(faults=self._service.faults()))

    def reload(self, request: Request) -> Response:
        self._service.reload()
        self._news.tell()
        version, faults = self._service.manifest_version, self._service.faults()
        return json_reply(request, Reloaded(manifest_version=version, fault_count=len(faults)))

    def _last_run(self, node_id: str) -> LastRun | None:
        found = last_run_of(self._store, node_id, self._service.target)
        if found is None:
            return None
        run, node = found
        return LastRun(
            run_id=run.id,
            command=run.command,
            status=node.status,
            started_at=node.started_at,
            finished_at=node.finished_at,
            seconds=node.seconds,
            message=node.message,
            rows_affected=node.rows_affected,
            fault=node.fault,
        )


def number(request: Request, name: str, *, default: int, most: int) -> int:
    """The number that the address gives for ``name``, from 1 to ``most``. Raises UsageError."""
    text = request.query_params.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text[:12]) <= most:
        raise UsageError(f"{name} must be a number from 1 to {most}, not {text!r}")
    return int(text)
