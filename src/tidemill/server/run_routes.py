"""Routes about runs: the list, one of them, starting and cancelling, and the stream of events."""

from __future__ import annotations

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

from tidemill.errors import UsageError
from tidemill.server.active_run import ActiveRun, run_not_found
from tidemill.server.news import News
from tidemill.server.project_routes import number
from tidemill.server.replies import json_reply
from tidemill.server.service import ProjectService
from tidemill.server.stream import Stream
from tidemill.server.values import RunAccepted, RunList, RunRequest
from tidemill.store.crashes import settle_crashes
from tidemill.store.database import Store
from tidemill.store.reading import list_runs, read_run

MOST_RUNS = 500


class RunRoutes:
    """The routes of one store and the run that is active here."""

    def __init__(
        self, service: ProjectService, store: Store, active: ActiveRun, news: News
    ) -> None:
        self._service = service
        self._store = store
        self._active = active
        self._news = news

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/api/runs", self.runs, methods=["GET"]),
            Route("/api/runs", self.start, methods=["POST"]),
            Route("/api/runs/{id}", self.detail),
            Route("/api/runs/{id}/cancel", self.cancel, methods=["POST"]),
            WebSocketRoute("/api/stream", self.stream),
        ]

    def runs(self, request: Request) -> Response:
        settle_crashes(self._store)
        limit = number(request, "limit", default=50, most=MOST_RUNS)
        found = list_runs(self._store, limit=limit, before=request.query_params.get("before"))
        return json_reply(request, RunList(runs=found))

    def detail(self, request: Request) -> Response:
        settle_crashes(self._store)
        run_id = request.path_params["id"]
        run = read_run(self._store, run_id)
        if run is None:
            raise run_not_found(run_id)
        return json_reply(request, run)

    async def start(self, request: Request) -> Response:
        wanted = read_run_request(request.headers.get("content-type", ""), await request.body())
        return await run_in_threadpool(self._start, request, wanted)

    def cancel(self, request: Request) -> Response:
        run_id = request.path_params["id"]
        self._active.cancel(run_id)
        return json_reply(request, RunAccepted(run_id=run_id), status=202)

    async def stream(self, socket: WebSocket) -> None:
        after = socket.query_params.get("after", "")
        place = int(after) if after.isascii() and after.isdigit() and len(after) < 19 else None
        with self._news.listening():
            await Stream(socket, self._service, self._store, self._news).run(place)

    def _start(self, request: Request, wanted: RunRequest) -> Response:
        run_id = self._active.start(wanted)
        # The run may have found changed files and read the project anew.
        self._news.tell()
        return json_reply(request, RunAccepted(run_id=run_id), status=202)


def read_run_request(content_type: str, body: bytes) -> RunRequest:
    """What POST /api/runs asks for. Raises UsageError that names what is wrong in it."""
    if content_type.partition(";")[0].strip().lower() != "application/json":
        # Forms of other sites cannot send this type, a second bolt on that door.
        raise UsageError("The body must be sent as application/json", code="media-type")
    try:
        return msgspec.json.decode(body, type=RunRequest)
    except msgspec.DecodeError as error:
        raise UsageError(f"The request cannot be read: {error}", code="bad-request") from None
