"""Tell every stream that something happened: in the store's log, or to the project itself.

One thread looks whether any process wrote to the store, and finds runs whose process is gone.
Streams read the log themselves, each from its own place; so a slow one delays nobody.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tidemill.store import faults
from tidemill.store.crashes import settle_crashes
from tidemill.store.database import Store
from tidemill.store.event_log import NewsWatch

LOOK_SECONDS = 0.1
SETTLE_SECONDS = 2.0


class News:
    """A number that rises with every piece of news, and a way to wait for the next."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._count = 0
        self._listeners = 0
        self._happened = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="tidemill-news", daemon=True)

    @property
    def count(self) -> int:
        """Remember it before reading, and wait for the next with it: then nothing is missed."""
        return self._count

    def start(self) -> None:
        """Begin to watch. Call it on the event loop that the streams live on."""
        self._loop = asyncio.get_running_loop()
        self._thread.start()

    def stop(self) -> None:
        """Stop watching and wake everybody up."""
        self._stopped.set()
        self._thread.join(timeout=2.0)
        self._spread()

    @property
    def stopped(self) -> bool:
        """True once the server ends: streams then end too."""
        return self._stopped.is_set()

    def tell(self) -> None:
        """There is news. May be called from any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._spread)

    @property
    def has_listeners(self) -> bool:
        """Whether anybody would hear of it."""
        return self._listeners > 0

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Counts as a listener for as long as the block."""
        self._listeners += 1
        try:
            yield
        finally:
            self._listeners -= 1

    async def wait_beyond(self, count: int, seconds: float) -> bool:
        """Wait until there is news after ``count``; False if there was none in ``seconds``."""
        try:
            async with asyncio.timeout(seconds):
                while self._count == count and not self.stopped:
                    await self._happened.wait()
        except TimeoutError:
            return False
        return True

    def _spread(self) -> None:
        self._count += 1
        self._happened.set()
        self._happened = asyncio.Event()

    def _watch(self) -> None:
        watch: NewsWatch | None = None
        settle_at = 0.0
        while not self._stopped.wait(LOOK_SECONDS):
            # A store that cannot be read for a moment (a full disk, say) must not end the watch.
            with suppress(*faults.ERRORS):
                watch = watch or NewsWatch(self._store)
                if time.monotonic() >= settle_at:
                    settle_at = time.monotonic() + SETTLE_SECONDS
                    settle_crashes(self._store)
                if watch.changed():
                    self.tell()
        if watch is not None:
            watch.close()
