"""Start a server on a socket and end it in order. What it answers is `app`'s."""

from __future__ import annotations

import asyncio
import errno
import gc
import ipaddress
import logging
import os
import secrets
import signal
import socket
import threading
import webbrowser
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import uvicorn
from starlette.types import ASGIApp

from tidemill.commands.opening import Opening
from tidemill.errors import ConfigurationError, TidemillError
from tidemill.events import Message
from tidemill.server.app import create_app
from tidemill.store.database import Store
from tidemill.store.opening import open_store

DEFAULT_PORT = 8580
GRACE_SECONDS = 1
"""How long open requests may go on once the server was asked to end."""

_PORTS_TO_TRY = 20

_SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)


class ProjectOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Which project is served, and how it is opened."""

    root: Path
    opening: Opening
    read_only: bool = False


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """Where a server answers."""

    host: str
    port: int
    token: str | None = None

    @property
    def url(self) -> str:
        """What a person opens, with the token if there is one."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        if self.host in {"0.0.0.0", "::"}:
            name = socket.gethostname()
        query = f"?token={self.token}" if self.token else ""
        return f"http://{name}:{self.port}/{query}"


def serve(
    project_options: ProjectOptions,
    host: str = "127.0.0.1",
    port: int = DEFAULT_PORT,
    token: str | None = None,
    open_browser: bool = False,
    *,
    on_ready: Callable[[Address], None] | None = None,
    on_warning: Callable[[Message], None] | None = None,
) -> None:
    """Serve the project until Ctrl-C. ``on_ready`` gets the address once it answers.

    A host that others can reach always asks for a token: the given one, or a new one that is part
    of the address. Raises ConfigurationError ``port-in-use``, what keeps the project's
    configuration from being loaded, and what is wrong with its store.
    """
    listening = open_socket(host, port)
    try:
        asked = token_for(host, token)
        address = Address(host=host, port=listening.getsockname()[1], token=asked)
        store = open_store(project_options.root, on_warning=on_warning)
        try:
            _serve_project(project_options, store, listening, address, open_browser, on_ready)
        finally:
            store.close()
    finally:
        listening.close()


def _serve_project(
    options: ProjectOptions,
    store: Store,
    listening: socket.socket,
    address: Address,
    open_browser: bool,
    on_ready: Callable[[Address], None] | None,
) -> None:
    # What a project needs is loaded here, so that others can serve something else.
    from tidemill.server.project_service import OpenProjectService

    service = OpenProjectService(options.root, options.opening, read_only=options.read_only)
    # A project is many objects, none of them garbage: looking through them all takes half a second each time.
    gc.freeze()

    def ready() -> None:
        if on_ready is not None:
            on_ready(address)
        if open_browser:
            open_in_browser(address.url)

    try:
        app = create_app(service, store, address.token, hosts=(address.host,))
        Server(app, listening, on_ready=ready, on_stop=app.state.stop).serve_until_stopped()
    finally:
        gc.unfreeze()
        service.close()


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach ``host``."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def token_for(host: str, token: str | None) -> str | None:
    """The token that a server on ``host`` asks for: the given one, a new one, or none on loopback."""
    if token or is_loopback(host):
        return token or None
    return secrets.token_urlsafe(24)


def open_socket(host: str, port: int) -> socket.socket:
    """A listening socket. Raises ConfigurationError that names a free port if this one is taken."""
    try:
        return _listen(host, port)
    except OSError as error:
        raise _cannot_listen(host, port, error) from None


class Server(uvicorn.Server):
    """Serves ``app`` on ``listening`` until Ctrl-C, SIGTERM or SIGHUP; then ends within two seconds.

    ``on_ready`` is called once it answers; ``on_stop`` as soon as the end begins, before open
    requests are waited for.
    """

    def __init__(
        self,
        app: ASGIApp,
        listening: socket.socket,
        *,
        on_ready: Callable[[], None] | None = None,
        on_stop: Callable[[], None] | None = None,
    ) -> None:
        super().__init__(_config(app))
        self._listening = listening
        self._on_ready = on_ready
        self._on_stop = on_stop

    def serve_until_stopped(self) -> None:
        """Serve on the calling thread. Signals are listened to if it is the main one."""
        self.run(sockets=[self._listening])

    def stop(self) -> None:
        """End soon. Safe from any thread."""
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and self._on_ready is not None:
            await asyncio.to_thread(self._on_ready)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if self._on_stop is not None:
            self._on_stop()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Listen to the signals that end a server.

        Unlike uvicorn's own, this does not raise them again afterwards: a server that was asked to
        end did what it was asked, and its store is still to be closed.
        """
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self.handle_exit) for number in _SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _config(app: ASGIApp) -> uvicorn.Config:
    # Of its log only our mistakes are of interest, which come with a traceback.
    logging.getLogger("uvicorn.error").addFilter(_has_traceback)
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="on",
        ws="websockets-sansio",
        ws_ping_interval=20.0,
        ws_max_size=64 * 1024,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


def _has_traceback(record: logging.LogRecord) -> bool:
    return bool(record.exc_info)


def open_in_browser(url: str) -> None:
    """Ask the desktop to show ``url``; a machine without one just does not."""
    threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":
            # A port whose connections are still winding down may be taken again, one in use may
            # not; on Windows the option means that it may.
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(128)
    except BaseException:
        listening.close()
        raise
    return listening


def _cannot_listen(host: str, port: int, error: OSError) -> TidemillError:
    if error.errno != errno.EADDRINUSE:
        return ConfigurationError(
            f"Cannot listen on {host} port {port}: {error.strerror or error}", code="port-refused"
        )
    free = _free_port_after(host, port)
    hint = f"port {free} is free: --port {free}" if free else "choose another with --port"
    return ConfigurationError(f"Port {port} on {host} is in use", code="port-in-use", hint=hint)


def _free_port_after(host: str, port: int) -> int | None:
    for candidate in range(port + 1, min(port + _PORTS_TO_TRY, 65_535) + 1):
        try:
            _listen(host, candidate).close()
        except OSError:
            continue
        return candidate
    return None
