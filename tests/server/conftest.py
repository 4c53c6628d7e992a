"""A generated project behind the real application, on a real server in a thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest

from tests.server.generated_project import GeneratedProject, generated_manifest
from tidemill.server.app import create_app
from tidemill.server.serving import Server, open_socket
from tidemill.store.database import Store
from tidemill.store.opening import open_store

TOKEN = "correct-horse"


class Served:
    """A running server: its address, its parts, and a client of it."""

    def __init__(self, project: GeneratedProject, store: Store, port: int) -> None:
        self.project = project
        self.store = store
        self.host = f"127.0.0.1:{port}"
        self.url = f"http://{self.host}"
        self.client = httpx.Client(base_url=self.url, timeout=20.0)
        self.stop: Callable[[], None] = lambda: None
        """Asks the server to end, and waits for it."""

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.client.get(path, **options)

    def post(self, path: str, **options: Any) -> httpx.Response:
        return self.client.post(path, **options)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(tmp_path)
    yield store
    store.close()


@pytest.fixture
def serve(store: Store, tmp_path: Path) -> Iterator[Callable[..., Served]]:
    """Start a server over a generated project of ``nodes`` nodes."""
    with ExitStack() as stack:

        def start(nodes: int = 40, *, seconds: float = 0.0) -> Served:
            project = GeneratedProject(generated_manifest(nodes), store, seconds=seconds)
            app = create_app(project, store, web_folder=_web_folder(tmp_path))
            return stack.enter_context(_Running(project, store, app))

        yield start


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One server for all tests that change nothing."""
    with _alone(tmp_path_factory.mktemp("shared"), None) as served:
        yield served


@pytest.fixture(scope="session")
def _guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with _alone(tmp_path_factory.mktemp("guarded"), TOKEN) as served:
        yield served


@pytest.fixture
def guarded(_guarded: Served) -> Served:
    """One server that asks for a token, for all tests that change nothing; without a cookie."""
    _guarded.client.cookies.clear()
    return _guarded


@contextmanager
def _alone(folder: Path, token: str | None) -> Iterator[Served]:
    store = open_store(folder)
    project = GeneratedProject(generated_manifest(40), store)
    app = create_app(project, store, token, web_folder=_web_folder(folder))
    with _Running(project, store, app) as served:
        yield served
    store.close()


def _web_folder(folder: Path) -> Path:
    web = folder / "web"
    (web / "assets").mkdir(parents=True, exist_ok=True)
    (web / "index.html").write_text("<script nonce=__CSP_NONCE__ src=/assets/a.js></script>")
    (web / "assets" / "a.js").write_text("1")
    return web


class _Running:
    """The server on a thread, for as long as the block."""

    def __init__(self, project: GeneratedProject, store: Store, app: Any) -> None:
        listening = open_socket("127.0.0.1", 0)
        self._served = Served(project, store, listening.getsockname()[1])
        self._ready = threading.Event()
        self._listening = listening
        self._server = Server(app, listening, on_ready=self._ready.set, on_stop=app.state.stop)
        self._thread = threading.Thread(target=self._server.serve_until_stopped)
        self._served.stop = self._stop

    def __enter__(self) -> Served:
        self._thread.start()
        assert self._ready.wait(20.0)
        return self._served

    def __exit__(self, *_: object) -> None:
        self._served.client.close()
        self._stop()
        self._listening.close()

    def _stop(self) -> None:
        self._server.stop()
        self._thread.join(10.0)
        assert not self._thread.is_alive()
