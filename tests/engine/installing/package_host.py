"""A small package hub and a Git repository, real ones, for tests of ``deps``."""

from __future__ import annotations

import io
import json
import subprocess
import tarfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


class PackageHost:
    """Serves whatever is put into ``files`` by path, and remembers what was asked for."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.requests: list[str] = []
        self.failures: list[int] = []
        """Status codes that the next requests get instead of an answer."""
        self.url = ""

    def add_package(
        self, package: str, version: str, *, name: str | None = None, **metadata: Any
    ) -> None:
        """Publish one version of a hub package, with a project that holds one model."""
        short = name or package.partition("/")[2]
        path = f"archives/{package.replace('/', '-')}-{version}.tar.gz"
        self.files[path] = archive(
            f"{package.replace('/', '-')}-{version}",
            {
                "dbt_project.yml": f"name: {short}\nversion: '{version}'\n",
                f"models/{short}_model.sql": f"select '{version}' as version",
            },
        )
        entry = {
            "name": short,
            "version": version,
            "packages": [],
            "downloads": {"tarball": f"{self.url}{path}"},
            **metadata,
        }
        page = f"api/v1/{package}.json"
        found = json.loads(self.files[page]) if page in self.files else {"versions": {}}
        namespace, _, bare = package.partition("/")
        found |= {"name": bare, "namespace": namespace}
        found["versions"][version] = entry
        self.files[page] = json.dumps(found).encode()
        names = json.loads(self.files.get("api/v1/index.json", b"[]"))
        self.files["api/v1/index.json"] = json.dumps(sorted({*names, package})).encode()


def archive(folder: str, files: Mapping[str, str]) -> bytes:
    """A ``.tar.gz`` with one folder."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tarball:
        for path, text in files.items():
            content = text.encode()
            member = tarfile.TarInfo(f"{folder}/{path}")
            member.size = len(content)
            tarball.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


@contextmanager
def serving() -> Iterator[PackageHost]:
    """A host that listens on this machine until the block ends."""
    host = PackageHost()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.lstrip("/")
            host.requests.append(path)
            status = host.failures.pop(0) if host.failures else 200
            content = host.files.get(path)
            if status != 200 or content is None:
                self.send_error(status if status != 200 else 404)
                return
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            return None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    host.url = f"http://127.0.0.1:{server.server_port}/"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield host
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def git(folder: Path, *words: str) -> str:
    """Run git in ``folder``, as an author of its own and without the machine's settings."""
    done = subprocess.run(
        ["git", "-c", "user.name=Ada", "-c", "user.email=ada@example.com", *words],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin:/usr/local/bin", "GIT_CONFIG_GLOBAL": "/dev/null"},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def commit(folder: Path, files: Mapping[str, str], *, tag: str | None = None) -> str:
    """Write ``files`` into the repository in ``folder`` (a new one if needed) and commit them."""
    if not (folder / ".git").is_dir():
        folder.mkdir(parents=True)
        git(folder, "init", "--initial-branch", "main")
        git(folder, "config", "uploadpack.allowFilter", "true")
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    git(folder, "add", ".")
    git(folder, "commit", "--message", "a change", "--date", "2026-01-01T00:00:00Z")
    if tag:
        git(folder, "tag", tag)
    return git(folder, "rev-parse", "HEAD")
