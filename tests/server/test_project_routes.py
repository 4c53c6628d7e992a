from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.server.conftest import Served
from tests.server.generated_project import generated_manifest
from tests.store.happenings import ends, finished, started
from tidemill.store.recorder import recorded

Serve = Callable[..., Served]


def test_the_project_is_told(shared: Served) -> None:
    assert shared.get("/api/project").json() == {
        "name": "shop",
        "target": "dev",
        "adapter": "duckdb",
        "tidemill_version": "0.1.0",
        "root_name": "shop",
        "counts": {"seed": 1, "model": 37, "test": 111, "source": 2, "exposure": 1},
        "fault_count": 0,
        "manifest_version": 1,
        "read_only": False,
    }


def test_the_graph_has_all_nodes_with_their_parents(shared: Served) -> None:
    graph = shared.get("/api/graph").json()

    nodes = {node["id"]: node for node in graph["nodes"]}
    assert graph["manifest_version"] == 1
    assert len(nodes) == 41
    assert all(parent in nodes for node in nodes.values() for parent in node["parents"])
    assert not any(node["resource_type"] == "test" for node in nodes.values())
    model = next(n for n in nodes.values() if n["path"].startswith("models/marts"))
    assert model == {
        "id": f"model.shop.{model['name']}",
        "name": model["name"],
        "resource_type": "model",
        "package": "shop",
        "path": f"models/marts/{model['name']}.sql",
        "materialized": "table",
        "tags": ["marts", "daily"],
        "schema": "main",
        "description": f"{model['name'].replace('_', ' ').capitalize()}, made by a generator.",
        "parents": model["parents"],
        "test_count": 3,
        "state": None,
        "test_state": None,
    }


def test_states_of_nodes_and_of_their_tests_are_in_the_graph(serve: Serve) -> None:
    served = serve()
    model = _a_model()
    tests = served.project.tests()[model]
    events = [
        started("r1", []),
        ends("x", 1, 4, unique_id=model, at=12.0),
        ends("x", 2, 4, "pass", unique_id=tests[0], resource_type="test"),
        ends("x", 3, 4, "fail", unique_id=tests[1], resource_type="test"),
        ends("x", 4, 4, "pass", unique_id=tests[2], resource_type="test"),
        finished("r1"),
    ]
    before = served.get("/api/graph")
    list(recorded(events, served.store))

    after = served.get("/api/graph")
    node = next(n for n in after.json()["nodes"] if n["id"] == model)
    assert node["state"] == {"status": "success", "run_id": "r1", "finished_at": 12.0}
    assert node["test_state"] == {"pass": 2, "fail": 1, "warn": 0, "error": 0}
    assert before.headers["etag"] != after.headers["etag"]


def test_a_graph_that_did_not_change_costs_nothing(serve: Serve) -> None:
    served = serve()
    tag = served.get("/api/graph").headers["etag"]

    again = served.get("/api/graph", headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    served.post("/api/reload")
    assert served.get("/api/graph", headers={"if-none-match": tag}).status_code == 200


def test_a_graph_of_ten_thousand_nodes_is_small_and_fast(serve: Serve) -> None:
    served = serve(10_000)
    served.get("/api/graph")

    reply = served.get("/api/graph")
    assert reply.headers["content-encoding"] == "gzip"
    assert int(reply.headers["content-length"]) < 800_000
    assert reply.elapsed.total_seconds() < 3.0
    assert len(reply.json()["nodes"]) == 10_100


def test_a_node_is_told_with_what_came_of_it(serve: Serve) -> None:
    served = serve()
    model = _a_model()
    tests = served.project.tests()[model]
    failed = {"status": "fail", "failures": 3, "message": "Got 3 results"}
    events = [
        started("r1", [], command="build"),
        ends("x", 1, 2, unique_id=model, at=12.0, message="OK", rows_affected=9),
        ends("x", 2, 2, unique_id=tests[0], **failed),
        finished("r1"),
    ]
    list(recorded(events, served.store))

    detail = served.get(f"/api/nodes/{model}").json()
    name = model.rpartition(".")[2]
    assert detail["path"].endswith(f"{name}.sql")
    assert detail["patch_path"] == "models/marts/schema.yml"
    assert detail["relation"] == f'"shop"."main"."{name}"'
    assert detail["description"].endswith("Second part.")
    assert "{{ ref(" in detail["raw_code"]
    assert detail["depends_on"]
    assert set(tests) <= set(detail["children"])
    assert detail["tests"][0] == {"id": tests[0], "name": "unique", "column": "id", **failed}
    assert detail["tests"][1]["status"] is None
    assert detail["columns"][0] == {
        "name": "id",
        "data_type": "bigint",
        "description": "The key of the row.",
        "tests": [
            {"id": tests[0], "name": "unique", "status": "fail"},
            {"id": tests[1], "name": "not_null", "status": None},
        ],
    }
    assert detail["last_run"] == {
        "run_id": "r1",
        "command": "build",
        "status": "success",
        "started_at": None,
        "finished_at": 12.0,
        "seconds": 0.5,
        "message": "OK",
        "rows_affected": 9,
        "fault": None,
    }


@pytest.mark.parametrize("kind", ["source", "exposure", "seed"])
def test_every_kind_of_node_can_be_looked_at(shared: Served, kind: str) -> None:
    some = next(
        n["id"] for n in shared.get("/api/graph").json()["nodes"] if n["id"].startswith(kind)
    )
    assert shared.get(f"/api/nodes/{some}").json()["resource_type"] == kind


def test_an_unknown_node_is_a_fault_that_names_the_nearest(shared: Served) -> None:
    model = _a_model()

    reply = shared.get(f"/api/nodes/{model}x")
    assert reply.status_code == 404
    fault = reply.json()["fault"]
    assert fault["code"] == "node-not-found"
    assert model in fault["hint"]


def test_sql_and_rows(shared: Served) -> None:
    model = _a_model()

    assert shared.get(f"/api/nodes/{model}/compiled").json()["compiled_code"].startswith("select")
    rows = shared.get(f"/api/nodes/{model}/rows", params={"limit": 2}).json()
    assert rows == {
        "columns": [
            {"name": "id", "type": "BIGINT"},
            {"name": "amount", "type": "DECIMAL(18,2)"},
            {"name": "happened_at", "type": "TIMESTAMP"},
        ],
        "rows": [[0, "0.50", "2026-01-01 12:00:00"], [1, "7.50", "2026-01-02 12:00:00"]],
        "truncated": True,
    }


@pytest.mark.parametrize("limit", ["0", "-1", "x", "", "10001", "9" * 5000, "١"])
def test_a_limit_that_is_none_is_refused(shared: Served, limit: str) -> None:
    reply = shared.get(f"/api/nodes/{_a_model()}/rows", params={"limit": limit})
    assert reply.status_code == 400
    assert "a number from 1 to 10000" in reply.json()["fault"]["message"]


def test_a_selection(shared: Served) -> None:
    name = _a_model().rpartition(".")[2]

    ids = shared.get("/api/select", params={"q": f"+{name}", "exclude": "resource_type:source"})
    assert _a_model() in ids.json()["ids"]
    assert not any(i.startswith("source.") for i in ids.json()["ids"])
    wrong = shared.get("/api/select", params={"q": "nonsense"})
    assert wrong.status_code == 400
    assert wrong.json()["fault"]["label"] == "Runtime Error"


def test_faults_and_reload(serve: Serve) -> None:
    served = serve()
    assert served.get("/api/faults").json() == {"faults": []}
    assert served.post("/api/reload").json() == {"manifest_version": 2, "fault_count": 0}
    assert served.get("/api/project").json()["manifest_version"] == 2


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/nonsense", 404, "not-found"),
        ("DELETE", "/api/runs", 405, "method-not-allowed"),
        ("POST", "/api/graph", 405, "method-not-allowed"),
        ("POST", "/", 405, "method-not-allowed"),
    ],
)
def test_what_does_not_exist_is_a_fault_too(
    shared: Served, method: str, path: str, status: int, code: str
) -> None:
    reply = shared.client.request(method, path)
    assert (reply.status_code, reply.json()["fault"]["code"]) == (status, code)


def test_a_mistake_of_ours_says_nothing_of_the_inside(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = serve()

    def broken() -> None:
        raise RuntimeError("/secret/path")

    monkeypatch.setattr(served.project, "info", broken)
    reply = served.get("/api/project")
    assert reply.status_code == 500
    assert reply.json()["fault"]["code"] == "internal"
    assert "/secret/path" not in reply.text
    assert reply.headers["x-content-type-options"] == "nosniff"


def _a_model() -> str:
    nodes = generated_manifest(40).nodes.values()
    return next(n.unique_id for n in nodes if n.original_file_path.startswith("models/marts"))


def test_columns_and_their_lineage(shared: Served) -> None:
    model = _a_model()

    assert shared.get(f"/api/nodes/{model}/columns").json() == {
        "columns": ["id", "amount"],
        "complete": True,
        "unknown": "",
    }
    found = shared.get(f"/api/nodes/{model}/lineage?column=id").json()
    assert (found["node"], found["column"]) == (model, "id")
    assert found["columns"][0]["upstream"][0]["result"] == {"node": model, "column": "id"}


def test_a_lineage_without_a_column_is_refused(shared: Served) -> None:
    reply = shared.get(f"/api/nodes/{_a_model()}/lineage")

    assert reply.status_code == 400
    assert reply.json()["fault"]["code"] == "column-missing"
