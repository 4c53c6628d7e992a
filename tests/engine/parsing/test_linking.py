"""Linking: refs and sources to unique ids, and what is said of those that lead nowhere."""

from __future__ import annotations

import msgspec

from tests.engine.jinja.hosting import model
from tidemill.engine.nodes import Manifest, ManifestMetadata, Model, Ref, SingularTest, Source
from tidemill.engine.parsing.linking import duplicates, link
from tidemill.errors import Place


def manifest_of(*nodes: Model | SingularTest, sources: tuple[Source, ...] = ()) -> Manifest:
    return Manifest(
        metadata=ManifestMetadata(
            project_name="shop",
            adapter_type="duckdb",
            project_id="x",
            generated_at=0,
            invocation_id="i",
        ),
        nodes={node.unique_id: node for node in nodes},
        sources={source.unique_id: source for source in sources},
    )


def named(name: str, code: str = "", **fields: object) -> Model:
    package = str(fields.get("package_name", "shop"))
    return model(
        code,
        **{
            "unique_id": f"model.{package}.{name}",
            "name": name,
            "original_file_path": f"models/{name}.sql",
        }
        | fields,
    )


RAW = Source(
    unique_id="source.shop.raw.orders",
    name="orders",
    source_name="raw",
    package_name="shop",
    path="models/s.yml",
    original_file_path="models/s.yml",
    fqn=("shop", "raw", "orders"),
    database="db",
    schema="raw",
    identifier="orders",
)


def test_sources_come_before_refs_and_each_once() -> None:
    reader = named("b", refs=(Ref("a"), Ref("a")), sources=(("raw", "orders"),))
    linked = link(manifest_of(named("a"), reader, sources=(RAW,)), root="shop")
    assert linked.manifest.nodes["model.shop.b"].depends_on.nodes == (
        "source.shop.raw.orders",
        "model.shop.a",
    )
    assert linked.faults == ()


def test_the_root_project_comes_first_unless_the_flag_says_otherwise() -> None:
    nodes = [
        named("a"),
        named("a", package_name="lib"),
        named("b", package_name="lib", refs=(Ref("a"),)),
        named("c", package_name="lib", refs=(Ref("a", "lib"),)),
    ]
    manifest = manifest_of(*nodes)
    found = link(manifest, root="shop")
    (warning,) = found.warnings
    assert warning.fault.code == "ref-root"
    assert {fact.name: fact.value for fact in warning.fault.facts}["node_name"] == "b"
    linked = found.manifest.nodes
    assert linked["model.lib.b"].depends_on.nodes == ("model.shop.a",)
    assert linked["model.lib.c"].depends_on.nodes == ("model.lib.a",)
    flagged = msgspec.structs.replace(manifest, own_package_first=True)
    linked = link(flagged, root="shop").manifest.nodes
    assert linked["model.lib.b"].depends_on.nodes == ("model.lib.a",)


def test_a_wrong_ref_says_where_and_suggests_the_nearest() -> None:
    reader = named("b", "select 1\nfrom {{ ref('ordrs') }}", refs=(Ref("ordrs"),))
    (fault,) = link(manifest_of(named("orders"), reader), root="shop").faults
    assert fault.place == Place(file="models/b.sql", line=2)
    assert fault.node == "model.shop.b"
    assert fault.message == "depends on a node named 'ordrs' which was not found"
    assert fault.hint == "did you mean 'orders'?"


def test_all_faults_are_reported_together() -> None:
    nodes = [
        named("a", refs=(Ref("x"),)),
        named("b", sources=(("raw", "y"),)),
        named("c", refs=(Ref("a"),)),
    ]
    linked = link(manifest_of(*nodes), root="shop")
    assert [fault.code for fault in linked.faults] == ["ref-not-found", "source-not-found"]


def test_a_ref_to_a_disabled_model_says_so() -> None:
    manifest = msgspec.structs.replace(
        manifest_of(named("b", refs=(Ref("a"),))), disabled={"model.shop.a": (named("a"),)}
    )
    (fault,) = link(manifest, root="shop").faults
    assert fault.code == "ref-disabled"


def test_a_test_without_its_parent_is_switched_off_with_a_warning() -> None:
    test = SingularTest(
        unique_id="test.shop.t",
        resource_type="test",
        name="t",
        package_name="shop",
        path="t.sql",
        original_file_path="tests/t.sql",
        fqn=("shop", "t"),
        alias="t",
        schema="main",
        database=None,
        refs=(Ref("gone"),),
    )
    linked = link(manifest_of(test), root="shop")
    assert linked.faults == ()
    assert [warning.level for warning in linked.warnings] == ["warn"]
    assert linked.manifest.nodes["test.shop.t"].config["enabled"] is False


def test_versions_resolve_to_the_latest_unless_one_is_named() -> None:
    nodes = [
        named("m", unique_id="model.shop.m.v1", version=1, latest_version=2),
        named("m", unique_id="model.shop.m.v2", version=2, latest_version=2),
        named("r", refs=(Ref("m"), Ref("m", None, 1))),
    ]
    linked = link(manifest_of(*nodes), root="shop")
    assert linked.manifest.nodes["model.shop.r"].depends_on.nodes == (
        "model.shop.m.v2",
        "model.shop.m.v1",
    )


def test_private_and_restricted_models_refuse_strangers() -> None:
    nodes = [
        named("p", access="private", group="finance"),
        named("q", refs=(Ref("p"),)),
        named("l", package_name="lib"),
        named("r", refs=(Ref("l", "lib"),)),
    ]
    linked = link(manifest_of(*nodes), root="shop", restricted={"lib"})
    assert [(fault.code, fault.node) for fault in linked.faults] == [
        ("ref-access", "model.shop.q"),
        ("ref-access", "model.shop.r"),
    ]


def test_a_private_model_of_a_restricted_package_is_for_its_own_group_there() -> None:
    nodes = [
        named("p", package_name="lib", access="private", group="finance"),
        named("q", package_name="lib", group="finance", refs=(Ref("p"),)),
        named("r", group="finance", refs=(Ref("p", "lib"),)),
    ]
    linked = link(manifest_of(*nodes), root="shop", restricted={"lib"})
    assert [fault.node for fault in linked.faults] == ["model.shop.r"]


def test_one_name_twice_is_one_fault() -> None:
    first, second = named("a"), named("a", original_file_path="models/x/a.sql")
    (fault,) = duplicates([first, second])
    assert fault.code == "name-duplicate"
    assert "models/a.sql" in fault.message
    assert "models/x/a.sql" in fault.message
