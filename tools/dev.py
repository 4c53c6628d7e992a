"""Serve the example season with a web app that reloads while you edit it; Ctrl-C ends both.

Tidemill answers `/api` on a port of its own, and Vite serves `web/` beside it and passes `/api` on.
Edits of the Python side need a restart.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence

import bootstrap

PORT = os.environ.get("TIDEMILL_DEV_PORT", "8642")
SEASON = str(bootstrap.ROOT / "examples" / "season")


def start() -> list[subprocess.Popen[bytes]]:
    """Start both servers, each with the processes it starts in a group of its own."""
    tidemill = str(bootstrap.ROOT / ".venv" / "bin" / "tidemill")
    serve = [tidemill, "serve", "--port", PORT, "--project-dir", SEASON, "--profiles-dir", SEASON]
    env = {**bootstrap.web_packages(), "TIDEMILL_SERVER": f"http://127.0.0.1:{PORT}"}
    vite = ["npm", "run", "--silent", "dev"]
    return [
        subprocess.Popen(serve, start_new_session=True),
        subprocess.Popen(vite, cwd=bootstrap.WEB, env=env, start_new_session=True),
    ]


def wait(processes: Sequence[subprocess.Popen[bytes]]) -> int:
    """Wait until one of them ends, and return its exit code."""
    while True:
        for process in processes:
            code = process.poll()
            if code is not None:
                return code
        time.sleep(0.2)


def stop(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    """End what still runs, and wait for it."""
    for process in processes:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
    for process in processes:
        process.wait()


def main() -> int:
    """Run both until one ends or the person stops them."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        processes = start()
    except bootstrap.SetupError as error:
        print(f"setup: {error}", file=sys.stderr)
        return 1
    try:
        return wait(processes)
    except KeyboardInterrupt:
        return 0
    finally:
        stop(processes)


if __name__ == "__main__":
    sys.exit(main())
