"""A small project as values, for tests of selection."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tidemill.engine.nodes import (
    DependsOn,
    Exposure,
    GenericTest,
    Hook,
    Manifest,
    ManifestMetadata,
    Metric,
    Model,
    Node,
    Seed,
    SingularTest,
    Source,
    TestMetadata,
    UnitTest,
)
from tidemill.engine.project.config import ProjectConfig, RuntimeConfig, Target

METADATA = ManifestMetadata(
    project_name="shop", adapter_type="duckdb", project_id="", generated_at=0.0, invocation_id=""
)


def node(kind: type[Node], resource_type: str, name: str, *parents: str, **more: Any) -> Any:
    """A node in ``models/<folder>``, reading ``parents`` (unique ids)."""
    folder = more.pop("folder", "marts")
    package = more.pop("package_name", "shop")
    given: dict[str, Any] = {
        "unique_id": f"{resource_type}.{package}.{name}",
        "resource_type": resource_type,
        "name": name,
        "package_name": package,
        "path": f"{folder}/{name}.sql",
        "original_file_path": f"models/{folder}/{name}.sql",
        "fqn": (package, folder, name),
        "alias": name,
        "schema": "main",
        "database": None,
        "raw_code": "select 1",
        "depends_on": DependsOn(nodes=parents),
    }
    return kind(**(given | more))


def project(root: Path) -> tuple[Manifest, RuntimeConfig]:
    """Two staging models over a seed and a source, two marts, tests, a report, a unit test, a hook."""
    nodes = [
        node(
            Seed,
            "seed",
            "raw",
            original_file_path="seeds/raw.csv",
            fqn=("shop", "raw"),
            raw_code="",
        ),
        node(
            Model,
            "model",
            "stg_orders",
            "seed.shop.raw",
            "source.shop.app.orders",
            folder="staging",
            config={"tags": ["nightly"], "materialized": "view", "meta": {"tier": 1}},
        ),
        node(Model, "model", "stg_people", "seed.shop.raw", folder="staging"),
        node(
            Model,
            "model",
            "orders",
            "model.shop.stg_orders",
            "model.shop.stg_people",
            access="public",
            config={"group": "finance", "materialized": "table", "tags": ["nightly"]},
        ),
        node(Model, "model", "empty", "model.shop.orders", raw_code="  \n"),
        node(
            GenericTest,
            "test",
            "unique_orders_id",
            "model.shop.orders",
            test_metadata=TestMetadata(name="unique"),
            config={"severity": "WARN"},
            inherited_tags=("key",),
        ),
        node(
            GenericTest,
            "test",
            "relationships",
            "model.shop.orders",
            "model.shop.stg_people",
            test_metadata=TestMetadata(name="relationships"),
        ),
        node(SingularTest, "test", "no_debts", "model.shop.stg_orders"),
        node(Hook, "operation", "shop-on-run-start-0"),
    ]
    source = Source(
        unique_id="source.shop.app.orders",
        name="orders",
        source_name="app",
        package_name="shop",
        path="models/app.yml",
        original_file_path="models/app.yml",
        fqn=("shop", "app", "orders"),
        database=None,
        schema="main",
        identifier="orders",
    )
    exposure = Exposure(
        unique_id="exposure.shop.report",
        name="report",
        package_name="shop",
        path="models/app.yml",
        original_file_path="models/app.yml",
        fqn=("shop", "report"),
        type="dashboard",
        owner={},
        depends_on=DependsOn(nodes=("model.shop.orders",)),
    )
    unit_test = UnitTest(
        unique_id="unit_test.shop.orders.adds_up",
        name="adds_up",
        model="orders",
        package_name="shop",
        path="models/app.yml",
        original_file_path="models/app.yml",
        fqn=("shop", "orders", "adds_up"),
        given=(),
        expect={},
        depends_on=DependsOn(nodes=("model.shop.orders",)),
    )
    manifest = Manifest(
        metadata=METADATA,
        nodes={n.unique_id: n for n in nodes},
        sources={source.unique_id: source},
        exposures={exposure.unique_id: exposure},
        unit_tests={unit_test.unique_id: unit_test},
        metrics={
            "metric.shop.revenue": Metric(
                unique_id="metric.shop.revenue",
                name="revenue",
                label="Revenue",
                type="simple",
                package_name="shop",
                path="app.yml",
                original_file_path="models/app.yml",
                fqn=("shop", "revenue"),
                depends_on=DependsOn(nodes=("model.shop.orders",)),
                config={"group": "finance"},
                group="finance",
                tags=("nightly",),
            )
        },
    )
    config = RuntimeConfig(
        project=ProjectConfig(name="shop", root=root),
        packages={},
        internal_packages=(),
        target=Target(profile_name="shop", name="dev", type="duckdb"),
    )
    return manifest, config
