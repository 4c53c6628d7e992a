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

_SHARE = 20
"""Looking may take this part of the time at most: a big project is looked at less often."""


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
        pause = LOOK_SECONDS
        while not self._stopped.wait(pause):
            if self._news.has_listeners and not self._active.is_running:
                begun = time.monotonic()
                self._look()
                pause = max(LOOK_SECONDS, _SHARE * (time.monotonic() - begun))

    def _look(self) -> None:
        try:
            if self._service.reload(only_if_changed=True):
                self._news.tell()
        except Exception:
            # A mistake of ours; what is wrong with the project is no exception here.
            logger.exception("The project cannot be read")
