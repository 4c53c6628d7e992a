"""Opens sessions for what is parsed, and has their remains taken away.

A session's names and macros hold each other, so only the garbage collector frees them; it does not run by itself
while a project is parsed, for nearly all else that a parse makes stays.
"""

from __future__ import annotations

import gc

from tidemill.engine.jinja.capture import Capture
from tidemill.engine.jinja.macro_host import MacroHost
from tidemill.engine.jinja.session import Session
from tidemill.engine.nodes import Node

_MANY = 1000
"""Sessions whose remains are worth a look for garbage: some ten megabytes."""


class ParseSessions:
    """The sessions of one parse."""

    def __init__(self, host: MacroHost) -> None:
        self._host = host
        self._opened = 0

    def open(self, node: Node, capture: Capture) -> Session:
        """A session that notes what ``node``'s templates read and set in ``capture``."""
        self._opened += 1
        if self._opened % _MANY == 0:
            gc.collect(0)
        return self._host.session(node, None, phase="parse", capture=capture)
