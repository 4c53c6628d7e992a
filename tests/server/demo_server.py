"""A server with a generated project, for work on the web app and its tests.

From the top of the repository::

    .venv/bin/python -m tests.server.demo_server --nodes 1000 --port 8581 --runs 2 --seconds 0.02

It serves a project of about ``--nodes`` graph nodes through the real application and the real store
(in a temporary folder). ``--runs`` builds are recorded before it starts, so that states and history
are there; a build that is posted from the page takes ``--seconds`` for a node. Every 97th model
fails, every 41st test too. ``--web`` serves another folder than the built app. Ctrl-C ends it.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
from pathlib import Path

from tests.server.generated_project import GeneratedProject, generated_manifest
from tidemill.server.app import create_app
from tidemill.server.serving import Server, open_socket
from tidemill.server.values import RunRequest
from tidemill.server.web_app import BUILT
from tidemill.store.opening import open_store


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nodes", type=int, default=1000)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8581)
    parser.add_argument("--runs", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=0.02)
    parser.add_argument("--token")
    parser.add_argument("--web", type=Path, default=BUILT)
    options = parser.parse_args()
    listening = open_socket(options.host, options.port)
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder))
        project = GeneratedProject(generated_manifest(options.nodes), store, seconds=0.0)
        for _ in range(options.runs):
            for _event in project.run(RunRequest(command="build"), threading.Event()):
                pass
        project = GeneratedProject(
            generated_manifest(options.nodes), store, seconds=options.seconds
        )
        app = create_app(project, store, options.token, web_folder=options.web)
        sys.stdout.write(f"http://{options.host}:{options.port}/\n")
        sys.stdout.flush()
        Server(app, listening, on_stop=app.state.stop).serve_until_stopped()
        project.close()
        store.close()


if __name__ == "__main__":
    main()
