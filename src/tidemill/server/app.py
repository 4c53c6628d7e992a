"""The ASGI application over one project and its store. Starting a server with it is `serving`'s."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import Route

from tidemill.errors import TidemillError
from tidemill.server.active_run import ActiveRun
from tidemill.server.guard import Guard
from tidemill.server.news import News
from tidemill.server.project_routes import ProjectRoutes
from tidemill.server.replies import crash_reply, fault_reply, http_fault_reply
from tidemill.server.run_routes import RunRoutes
from tidemill.server.service import ProjectService
from tidemill.server.watching import Watch
from tidemill.server.web_app import BUILT, WebApp
from tidemill.store.database import Store

STOP_SECONDS = 1.5
"""How long the end of the server waits for a cancelled run to end in order."""


def create_app(
    service: ProjectService,
    store: Store,
    token: str | None = None,
    *,
    hosts: Iterable[str] = (),
    web_folder: Path = BUILT,
) -> Starlette:
    """The application. With a ``token`` every request must show it; without one only loopback names,
    and those in ``hosts``, are answered. The caller closes ``service`` and ``store`` afterwards.
    ``app.state.stop`` may be called as soon as the end is near, from any thread.
    """
    news = News(store)
    active = ActiveRun(service, store)
    watch = Watch(service, active, news)

    def stop() -> None:
        """Begin to end: cancel the run and stop the queries. Nothing is waited for."""
        watch.stop()
        active.stop()
        service.interrupt()

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        news.start()
        watch.start()
        try:
            yield
        finally:
            stop()
            await run_in_threadpool(active.wait, STOP_SECONDS)
            news.stop()

    app = Starlette(
        routes=[
            *ProjectRoutes(service, store, news).routes(),
            *RunRoutes(service, store, active, news).routes(),
            Route("/{path:path}", WebApp(web_folder).reply, methods=["GET"]),
        ],
        middleware=[Middleware(Guard, token=token, hosts=tuple(hosts))],
        exception_handlers={
            TidemillError: fault_reply,
            HTTPException: http_fault_reply,
            Exception: crash_reply,
        },
        lifespan=lifespan,
    )
    app.state.stop = stop
    return app
