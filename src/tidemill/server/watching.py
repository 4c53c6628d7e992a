"""Read the project anew while somebody looks at it and its files change."""

from __future__ import annotations

import logging
import threading
import time

from tidemill.server.active_run import ActiveRun
from tidemill.server.news import News
from tidemill.server.service import ProjectService

logger = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
"""How often to look where nobody tells of edits, or of all of them: a profile lies outside the project."""
SETTLE_SECONDS = 0.01
"""An editor empties a file before it writes it."""

_SHARE = 20
"""Looking in vain may take this part of the time at most: a big project is looked at less often."""


class Watch:
    """A thread that looks at the files as long as a stream is open and nothing runs."""

    def __init__(self, service: ProjectService, active: ActiveRun, news: News) -> None:
        self._service = service
        self._active = active
        self._news = news
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._work, name="tidemill-watch", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more. A reading that is under way is not waited for."""
        self._stopped.set()

    def _work(self) -> None:
        due = 0.0
        while not self._stopped.is_set():
            if not self._news.has_listeners or self._active.is_running:
                self._stopped.wait(LOOK_SECONDS)
                continue
            told = self._service.wait_for_edit(LOOK_SECONDS)
            if not told and time.monotonic() < due:
                continue
            self._stopped.wait(SETTLE_SECONDS)
            begun = time.monotonic()
            self._look()
            took = time.monotonic() - begun
            due = begun + _SHARE * took
            # Of many edits one after the other, not every moment is read.
            self._stopped.wait(took)

    def _look(self) -> None:
        if self._stopped.is_set():
            return
        try:
            if self._service.reload(only_if_changed=True):
                self._news.tell()
        except Exception:
            # A mistake of ours; what is wrong with the project is no exception here.
            logger.exception("The project cannot be read")
