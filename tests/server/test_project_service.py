from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tidemill.commands.opening import Opening
from tidemill.errors import ConfigurationError, DatabaseError, ProjectFaults, UsageError
from tidemill.events import NodeFinished, NodeStarted, RunFinished, RunStarted
from tidemill.server import warehouse
from tidemill.server.project_service import OpenProjectService
from tidemill.server.values import RowColumn, Rows, RunRequest
from tidemill.store.opening import open_store
from tidemill.store.reading import list_runs

FILES = {
    "dbt_project.yml": "name: shop\nversion: '1.0'\nprofile: shop\n",
    "profiles.yml": """
        shop:
          target: dev
          outputs:
            dev: {type: duckdb, path: shop.duckdb, threads: 2}
            memory: {type: duckdb, path: ':memory:'}
        """,
    "seeds/raw_orders.csv": "id,amount\n1,2.5\n2,3.5\n3,4.5\n",
    "models/orders.sql": """
        {{ config(materialized='table') }}
        select id, amount::decimal(18,2) as amount from {{ ref('raw_orders') }}
        """,
    "models/total.sql": "select sum(amount) as total from {{ ref('cheap') }}",
    "models/cheap.sql": """
        {{ config(materialized='ephemeral') }}
        select * from {{ ref('orders') }} where amount < 4
        """,
    "models/external.sql": "select * from {{ source('files', 'people') }}",
    "models/schema.yml": """
        sources:
          - name: files
            meta: {external_location: "read_csv('people.csv')"}
            tables: [{name: people}]
          - name: elsewhere
            tables: [{name: nothing}]
        models:
          - name: orders
            description: What was bought.
            columns: [{name: id, data_tests: [unique, not_null]}]
        exposures:
          - name: board
            type: dashboard
            owner: {name: Sales}
            depends_on: [ref('total')]
        """,
    "people.csv": "name\nAnn\nBob\n",
    "tests/no_negative.sql": "select * from {{ ref('orders') }} where amount < 3",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        write(tmp_path, name, text)
    return tmp_path


@pytest.fixture
def service(root: Path) -> Iterator[OpenProjectService]:
    service = OpenProjectService(root, Opening())
    yield service
    service.close()


def write(root: Path, name: str, text: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(textwrap.dedent(text).lstrip())


def run(service: OpenProjectService, command: str = "build", **more: Any) -> RunFinished:
    events = list(service.run(RunRequest(command=command, **more), threading.Event()))  # type: ignore[arg-type]
    assert isinstance(events[-1], RunFinished)
    return events[-1]


def test_what_the_project_is(service: OpenProjectService) -> None:
    info = service.info()
    assert (info.name, info.target, info.adapter) == ("shop", "dev", "duckdb")
    assert info.counts == {"model": 4, "seed": 1, "source": 2, "test": 3, "exposure": 1}
    parents = {node.name: node.parents for node in service.graph()}
    assert parents == {
        "raw_orders": (),
        "orders": ("seed.shop.raw_orders",),
        "cheap": ("model.shop.orders",),
        "total": ("model.shop.cheap",),
        "external": ("source.shop.files.people",),
        "files.people": (),
        "elsewhere.nothing": (),
        "board": ("model.shop.total",),
    }
    assert len(service.tests()["model.shop.orders"]) == 3


def test_a_build_and_what_it_made(service: OpenProjectService, root: Path) -> None:
    ended = run(service, select="+total")
    # The singular test finds an order below 3.
    assert (ended.status, ended.counts["fail"]) == ("failed", 1)

    assert service.rows("model.shop.orders", 2) == Rows(
        columns=(
            RowColumn(name="id", type="INTEGER"),
            RowColumn(name="amount", type="DECIMAL(18,2)"),
        ),
        rows=((1, "2.50"), (2, "3.50")),
        truncated=True,
    )
    store = open_store(root)
    (recorded,) = list_runs(store)
    store.close()
    assert (recorded.source, recorded.status) == ("server", "failed")


def test_rows_of_every_kind(service: OpenProjectService) -> None:
    run(service, "seed")
    run(service, "run")

    assert service.rows("seed.shop.raw_orders", 10).rows == ((1, 2.5), (2, 3.5), (3, 4.5))
    assert service.rows("model.shop.total", 10).rows == (("6.00",),)
    assert service.rows("model.shop.cheap", 10).rows == ((1, "2.50"), (2, "3.50"))
    assert service.rows("test.shop.no_negative", 10).rows == ((1, "2.50"),)
    assert service.rows("source.shop.files.people", 1).rows == (("Ann",),)
    with pytest.raises(UsageError, match="has no rows"):
        service.rows("exposure.shop.board", 10)


@pytest.mark.parametrize(
    ("node", "says"),
    [
        ("model.shop.orders", "has not been built yet"),
        ("model.shop.total", "has not been built yet"),
        ("source.shop.elsewhere.nothing", "is not in the warehouse"),
    ],
)
def test_what_is_not_there_is_said_so(service: OpenProjectService, node: str, says: str) -> None:
    with pytest.raises(DatabaseError, match=says) as caught:
        service.rows(node, 10)
    assert caught.value.fault.code == "not-built"
    assert caught.value.fault.node == node


def test_what_is_there_and_cannot_be_read_is_another_fault(
    service: OpenProjectService, root: Path
) -> None:
    run(service, select="external")
    (root / "people.csv").unlink()

    for node in ("model.shop.external", "source.shop.files.people"):
        with pytest.raises(DatabaseError) as caught:
            service.rows(node, 10)
        assert caught.value.fault.code != "not-built"
        assert "people.csv" in caught.value.fault.message


def test_sql_as_the_warehouse_gets_it(service: OpenProjectService) -> None:
    assert service.compiled("model.shop.total").split() == [
        "with",
        "__dbt__cte__cheap",
        "as",
        "(",
        "select",
        "*",
        "from",
        '"shop"."main"."orders"',
        "where",
        "amount",
        "<",
        "4",
        ")",
        "select",
        "sum(amount)",
        "as",
        "total",
        "from",
        "__dbt__cte__cheap",
    ]
    with pytest.raises(UsageError, match="A seed has no SQL"):
        service.compiled("seed.shop.raw_orders")
    with pytest.raises(UsageError, match="There is no node"):
        service.compiled("model.shop.nonsense")


def test_sql_that_asks_the_warehouse(service: OpenProjectService, root: Path) -> None:
    write(
        root,
        "models/asks.sql",
        "{% set n = run_query('select 41 + 1').columns[0].values()[0] if execute else 0 %}"
        "select {{ n }} as n",
    )
    service.reload()
    assert service.compiled("model.shop.asks") == "select 42 as n"


def test_selections_name_what_is_drawn(service: OpenProjectService) -> None:
    assert set(service.select("+total", "")) == {
        "seed.shop.raw_orders",
        "model.shop.orders",
        "model.shop.cheap",
        "model.shop.total",
    }
    assert set(service.select("+exposure:*", "orders raw_orders")) == {
        "model.shop.cheap",
        "model.shop.total",
        "exposure.shop.board",
    }
    assert service.select("nonsense", "") == ()
    with pytest.raises(UsageError):
        service.select("nonsense:x", "")


def test_a_changed_file_is_found_before_a_run(service: OpenProjectService, root: Path) -> None:
    version = service.manifest_version
    assert not service.reload(only_if_changed=True)
    write(root, "models/new.sql", "select 1 as one")

    run(service, "run", select="new")

    assert service.manifest_version > version
    assert service.rows("model.shop.new", 5).rows == ((1,),)
    assert not service.reload(only_if_changed=True)
    (root / "models" / "new.sql").unlink()
    assert service.reload(only_if_changed=True)
    assert "new" not in {node.name for node in service.graph()}


def test_a_broken_project_keeps_what_was_known_and_runs_nothing(
    service: OpenProjectService, root: Path
) -> None:
    run(service, "seed")
    write(root, "models/broken.sql", "select * from {{ ref('nowhere') }}")

    with pytest.raises(ProjectFaults):
        run(service)

    assert [fault.code for fault in service.faults()] == ["ref-not-found"]
    assert service.info().fault_count == 1
    assert len(service.graph()) == 8
    assert service.rows("seed.shop.raw_orders", 1).rows == ((1, 2.5),)

    (root / "models" / "broken.sql").unlink()
    assert run(service, "seed").status == "success"
    assert service.faults() == ()


def test_a_broken_configuration_is_a_fault_too(service: OpenProjectService, root: Path) -> None:
    write(root, "dbt_project.yml", "name: [")
    assert service.reload(only_if_changed=True)
    assert len(service.faults()) == 1
    assert len(service.graph()) == 8

    write(root, "dbt_project.yml", FILES["dbt_project.yml"])
    assert service.reload(only_if_changed=True)
    assert service.faults() == ()


def test_a_project_that_is_broken_from_the_start_is_served(root: Path) -> None:
    write(root, "models/a.sql", "select * from {{ ref('b') }}")
    write(root, "models/b.sql", "select * from {{ ref('a') }}")

    service = OpenProjectService(root, Opening())
    assert len(service.faults()) == 1
    assert "a" in service.faults()[0].message
    assert service.graph() == ()
    with pytest.raises(ProjectFaults):
        service.node("model.shop.a")
    (root / "models" / "a.sql").unlink()
    write(root, "models/b.sql", "select 1")
    service.reload()
    assert len(service.graph()) == 9
    service.close()


def test_no_project_no_service(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError):
        OpenProjectService(tmp_path, Opening())


# ------------------------------------------------------------------ who holds the warehouse


def test_an_idle_warehouse_is_free_for_others(
    service: OpenProjectService, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warehouse, "IDLE_SECONDS", 0.05)
    run(service, select="orders raw_orders")
    service.rows("model.shop.orders", 1)

    until = time.monotonic() + 10.0
    while not _opens_elsewhere(root / "shop.duckdb"):
        assert time.monotonic() < until
    assert service.rows("model.shop.orders", 1).rows == ((1, "2.50"),)


def test_a_warehouse_that_others_hold_is_a_fault(service: OpenProjectService, root: Path) -> None:
    path = root / "shop.duckdb"
    program = (
        f"import duckdb, sys; c = duckdb.connect({str(path)!r}); print(1, flush=True); input()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdin is not None
    assert holder.stdout is not None
    try:
        assert holder.stdout.readline()
        with pytest.raises(DatabaseError, match=r"(?i)lock") as caught:
            service.rows("model.shop.orders", 1)
        assert str(holder.pid) in str(caught.value)
    finally:
        holder.communicate(b"\n")
    with pytest.raises(DatabaseError, match="not been built"):
        service.rows("model.shop.orders", 1)


def test_a_database_in_memory_outlives_idleness_and_reloads(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warehouse, "IDLE_SECONDS", 0.0)
    service = OpenProjectService(root, Opening(target="memory"))
    run(service, "seed")
    time.sleep(0.1)
    service.reload()
    assert service.rows("seed.shop.raw_orders", 1).rows == ((1, 2.5),)
    service.close()


def test_rows_are_shown_while_a_build_runs(service: OpenProjectService, root: Path) -> None:
    run(service, "seed")
    write(root, "models/slow.sql", "{{ config(materialized='table') }}" + SLOW)
    cancel = threading.Event()
    events = service.run(RunRequest(command="run", select="slow"), cancel)
    while not isinstance(next(events), NodeStarted):
        pass

    assert service.rows("seed.shop.raw_orders", 1).rows == ((1, 2.5),)

    cancel.set()
    rest = list(events)
    assert [e.status for e in rest if isinstance(e, NodeFinished)] == ["cancelled"]
    assert isinstance(rest[-1], RunFinished)
    assert rest[-1].status == "cancelled"


def test_a_preview_that_takes_too_long_is_stopped(
    service: OpenProjectService, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(root, "models/slow.sql", SLOW)
    run(service, "run", select="slow")
    monkeypatch.setattr(warehouse, "PREVIEW_SECONDS", 0.2)
    with pytest.raises(DatabaseError) as caught:
        service.rows("model.shop.slow", 1)
    assert caught.value.fault.code == "preview-timeout"


def test_the_end_of_the_server_stops_previews(service: OpenProjectService, root: Path) -> None:
    write(root, "models/slow.sql", SLOW)
    run(service, "run", select="slow")
    timer = threading.Timer(0.3, service.interrupt)
    timer.start()
    begun = time.monotonic()
    with pytest.raises(Exception, match="cancelled"):
        service.rows("model.shop.slow", 1)
    assert time.monotonic() - begun < 5.0


def test_a_run_tells_its_id_first(service: OpenProjectService) -> None:
    events = service.run(RunRequest(command="seed"), threading.Event())
    started = next(e for e in events if isinstance(e, RunStarted))
    assert [node.unique_id for node in started.nodes] == ["seed.shop.raw_orders"]
    list(events)


SLOW = (
    "select count(*) as n from range(100000000) a, range(100000) b where a.range % 7 = b.range % 3"
)


def _opens_elsewhere(path: Path) -> bool:
    program = f"import duckdb; duckdb.connect({str(path)!r}).close()"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, env=dict(os.environ), check=False
    )
    return done.returncode == 0
