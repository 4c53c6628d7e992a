from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.server.conftest import Served
from tests.store.happenings import begins, started, whole_run
from tidemill.store.reading import read_run
from tidemill.store.recorder import Recorder, recorded

Serve = Callable[..., Served]


def test_a_run_is_started_and_recorded(serve: Serve) -> None:
    served = serve()

    reply = served.post("/api/runs", json={"command": "build", "select": "tag:marts"})
    assert reply.status_code == 202
    run = _wait_for_end(served, reply.json()["run_id"])
    assert run["status"] in {"success", "failed"}
    assert run["source"] == "server"
    assert run["arguments"] == {"select": "tag:marts", "exclude": ""}
    assert run["done"] == run["total"] == len(run["nodes"]) > 0
    assert run["messages"][0]["text"] == f"Found {run['total']} nodes"
    (listed,) = served.get("/api/runs").json()["runs"]
    assert listed == {k: v for k, v in run.items() if k not in {"nodes", "messages"}}


def test_one_run_at_a_time(serve: Serve) -> None:
    served = serve(seconds=0.05)
    first = served.post("/api/runs", json={"command": "run"}).json()["run_id"]

    second = served.post("/api/runs", json={"command": "run"})
    assert second.status_code == 409
    assert second.json()["fault"]["code"] == "run-active"
    assert first in second.json()["fault"]["message"]

    assert served.post(f"/api/runs/{first}/cancel").status_code == 202
    run = _wait_for_end(served, first)
    assert run["status"] == "cancelled"
    # Cancelled again is no fault, and the next may begin at once.
    assert served.post(f"/api/runs/{first}/cancel").status_code == 202
    assert served.post("/api/runs", json={"command": "seed"}).status_code == 202


def test_a_run_of_another_process_counts(serve: Serve) -> None:
    served = serve()
    with Recorder(served.store, source="cli") as recorder:
        recorder.record(started("r1", ["a"]))
        recorder.record(begins("a", 1, 1))
        recorder.flush()

        reply = served.post("/api/runs", json={"command": "run"})
        assert reply.status_code == 409
        assert "r1 (build, started by cli)" in reply.json()["fault"]["message"]
        elsewhere = served.post("/api/runs/r1/cancel")
        assert (elsewhere.status_code, elsewhere.json()["fault"]["code"]) == (409, "run-elsewhere")
    assert served.post("/api/runs", json={"command": "seed"}).status_code == 202


def test_a_selection_that_is_wrong_starts_nothing(serve: Serve) -> None:
    served = serve()

    reply = served.post("/api/runs", json={"command": "build", "select": "nonsense"})
    assert (reply.status_code, reply.json()["fault"]["code"]) == (400, "nothing-selected")
    assert served.get("/api/runs").json() == {"runs": []}
    assert served.post("/api/runs", json={"command": "seed"}).status_code == 202


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"{", "cannot be read"),
        (b'{"command": "drop"}', "Invalid enum value 'drop'"),
        (b'{"command": "run", "selct": "x"}', "unknown field `selct`"),
        (b'{"select": "x"}', "missing required field `command`"),
    ],
)
def test_a_request_that_cannot_be_read(shared: Served, body: bytes, says: str) -> None:
    headers = {"content-type": "application/json"}
    reply = shared.post("/api/runs", content=body, headers=headers)
    assert reply.status_code == 400
    assert says in reply.json()["fault"]["message"]


def test_a_form_is_refused(shared: Served) -> None:
    reply = shared.post("/api/runs", data={"command": "run"})
    assert (reply.status_code, reply.json()["fault"]["code"]) == (415, "media-type")


def test_a_server_that_only_shows_runs_nothing(serve: Serve) -> None:
    served = serve()
    served.project.read_only = True

    reply = served.post("/api/runs", json={"command": "run"})
    assert (reply.status_code, reply.json()["fault"]["code"]) == (403, "read-only")


def test_runs_in_pages(serve: Serve) -> None:
    served = serve()
    for number in range(3):
        list(recorded(whole_run(f"r{number}", ["a"]), served.store))

    page = served.get("/api/runs", params={"limit": 2}).json()["runs"]
    assert [run["id"] for run in page] == ["r2", "r1"]
    page = served.get("/api/runs", params={"before": "r1"}).json()["runs"]
    assert [run["id"] for run in page] == ["r0"]
    assert served.get("/api/runs", params={"limit": "0"}).status_code == 400


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_unknown_run(shared: Served, method: str) -> None:
    path = "/api/runs/nonsense" + ("/cancel" if method == "POST" else "")
    reply = shared.client.request(method, path)
    assert (reply.status_code, reply.json()["fault"]["code"]) == (404, "run-not-found")


def test_the_end_of_the_server_ends_the_run_in_order(serve: Serve) -> None:
    served = serve(seconds=0.1)
    run_id = served.post("/api/runs", json={"command": "run"}).json()["run_id"]

    begun = time.monotonic()
    served.stop()

    assert time.monotonic() - begun < 5.0
    run = read_run(served.store, run_id)
    assert run is not None
    assert run.status == "cancelled"


def _wait_for_end(served: Served, run_id: str) -> dict[str, Any]:
    until = time.monotonic() + 20.0
    while True:
        run: dict[str, Any] = served.get(f"/api/runs/{run_id}").json()
        if run["status"] != "running":
            return run
        assert time.monotonic() < until
        time.sleep(0.02)
