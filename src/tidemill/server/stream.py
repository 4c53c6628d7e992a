"""The WebSocket: what happens, one JSON text frame each, with what was missed first.

The log in the store is the only source, so a reconnect, a second tab and a run in another process
all see the same events under the same numbers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.websockets import WebSocket, WebSocketDisconnect

from tidemill.server.news import News
from tidemill.server.service import ProjectService
from tidemill.server.states import with_states
from tidemill.server.values import (
    GraphChange,
    ProjectChanged,
    StreamEvent,
    StreamPing,
    StreamReady,
    StreamReset,
)
from tidemill.store.database import Store
from tidemill.store.event_log import can_replay, events_after, last_seq
from tidemill.store.reading import node_states_of

PING_SECONDS = 15.0
GOING_AWAY = 1001


class Stream:
    """One client's stream. ``after`` is the place that it has seen everything up to."""

    def __init__(
        self, socket: WebSocket, service: ProjectService, store: Store, news: News
    ) -> None:
        self._socket = socket
        self._service = service
        self._store = store
        self._news = news
        self._manifest_version = 0
        self._place = 0

    async def run(self, after: int | None) -> None:
        """Serve until the client leaves or the server ends."""
        await self._socket.accept()
        talking = asyncio.create_task(self._talk(after))
        leaving = asyncio.create_task(self._wait_for_leave())
        try:
            await asyncio.wait((talking, leaving), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (talking, leaving):
                task.cancel()
            ended = await asyncio.gather(talking, leaving, return_exceptions=True)
        _raise_mistakes(ended)

    async def _talk(self, after: int | None) -> None:
        await self._greet(after)
        while not self._news.stopped:
            count = self._news.count
            await self._send_log()
            await self._send_project_change()
            if not await self._news.wait_beyond(count, PING_SECONDS):
                await self._send(StreamPing())
        await self._socket.close(GOING_AWAY)

    async def _greet(self, after: int | None) -> None:
        newest = await run_in_threadpool(last_seq, self._store)
        self._place = newest
        self._manifest_version = self._service.manifest_version
        await self._send(StreamReady(seq=newest, manifest_version=self._manifest_version))
        if after is None:
            return
        if await run_in_threadpool(can_replay, self._store, after):
            self._place = after
        else:
            await self._send(StreamReset(seq=newest))

    async def _send_log(self) -> None:
        while batch := await run_in_threadpool(events_after, self._store, self._place):
            for entry in batch:
                await self._send(StreamEvent(seq=entry.seq, run_id=entry.run_id, event=entry.event))
                self._place = entry.seq

    async def _send_project_change(self) -> None:
        before, version = self._manifest_version, self._service.manifest_version
        if version != before:
            self._manifest_version = version
            graph = await run_in_threadpool(self._graph_change, before)
            change = ProjectChanged(manifest_version=version, graph=graph)
            await self._send(StreamEvent(seq=self._place, run_id=None, event=change))

    def _graph_change(self, before: int) -> GraphChange | None:
        """What differs in the graph, with what came of its nodes."""
        change = self._service.graph_change(before)
        if change is None or not change.nodes:
            return change
        tests = self._service.tests()
        ids = [node.id for node in change.nodes]
        ids += [test for node in ids for test in tests.get(node, ())]
        states = node_states_of(self._store, self._service.target, ids)
        nodes = with_states(change.nodes, tests, states)
        return msgspec.structs.replace(change, nodes=nodes)

    async def _send(self, value: msgspec.Struct) -> None:
        await self._socket.send_text(msgspec.json.encode(value).decode())

    async def _wait_for_leave(self) -> None:
        with suppress(WebSocketDisconnect):
            while True:
                # The client has nothing to say; whatever it sends is let go.
                await self._socket.receive_text()


def _raise_mistakes(ended: Iterable[BaseException | None]) -> None:
    expected = (asyncio.CancelledError, WebSocketDisconnect, OSError)
    for error in ended:
        # RuntimeError is how a socket says that it was closed while something was being sent.
        if error is not None and not isinstance(error, (*expected, RuntimeError)):
            raise error
