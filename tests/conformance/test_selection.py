"""The same words select the same nodes: dbt-core's selector and ours on dbt-core's own manifests."""

from __future__ import annotations

import itertools
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.peer import Peer
from tests.conformance.scenarios import PROJECTS, scenario
from tidemill.engine.artifacts import read_manifest
from tidemill.engine.graph import Dag
from tidemill.engine.nodes import Manifest
from tidemill.engine.project.config import ProjectConfig, RuntimeConfig, Target
from tidemill.engine.selection import select
from tidemill.errors import UsageError
from tidemill.keys import RESOURCE_TYPES

pytestmark = [pytest.mark.conformance, pytest.mark.xdist_group("conformance-selection")]

PLAYED = ("checks", "choices", "governance", "packages", "semantics", "shop")
"""The projects in whose manifests words are looked up; the words are made for them."""

_NAMES = """
    * orders stg_orders shop.staging shop.staging.stg_orders staging staging.* shop.*.orders stg_* *orders
    *.stg_orders shop.mart? or?ers [ac]* balance balance.v1 balance_v2 balance.v* governance.balance
    balance_v1 v1 helpers helpers.calendar calendar from_package.* nothing checks.strict
    people_clean unique_people_loose_id nobody_is_called_bob
"""
_METHODS = """
    tag:shop tag:stag* tag:nightly tag:flag tag:none tag:from_package tag:strict tag:narrow tag:on-run-start
    path:models path:models/staging path:models/staging/stg_orders.sql path:models/*/stg_* path:models/marts/marts.yml
    path:models/** path:seeds path:tests models/staging models/staging/*.sql ./models/marts seeds/raw_orders.csv
    file:stg_orders.sql file:stg_orders file:*.csv file:checks.yml stg_orders.sql raw_orders.csv
    package:shop package:this package:hel* package:nothing
    config.materialized:view config.materialized:ephemeral config.materialized:incremental config.enabled:true
    config.severity:WARN config.severity:error config.meta.tier:1 config.meta.team:core config.tags:daily
    config.docs.show:false config.contract.enforced:True config.persist_docs.relation:true config.schema:one
    config.unique_key:event_id config.unique_key:kind config.nothing:x config.event_time:ordered_at
    resource_type:model resource_type:seed resource_type:test resource_type:source resource_type:exposure
    resource_type:analysis resource_type:unit_test
    source:* source:exports source:exports.orders source:shop.exports.customers source:*.orders source:outside
    exposure:* exposure:weekly_report exposure:shop.weekly_report exposure:governance.*
    test_name:unique test_name:*null test_name:notes* test_name:picky
    test_type:generic test_type:singular test_type:data test_type:unit test_type:schema
    group:finance group:* access:public access:protected access:private
    version:latest version:old version:prerelease version:none
    unit_test:* unit_test:notes_are_x unit_test:governance.notes*
    metric:* semantic_model:* saved_query:*
"""
_GRAPH = """
    +orders orders+ +orders+ 1+orders orders+1 2+orders+1 @stg_payments @orders 1+tag:finance+ +exposure:weekly_report
    source:exports+ source:exports.orders+1 0+orders +customers_are_known @tag:nightly +test_name:unique 1+unique*
    +revenue revenue+ @balance.v1 +people_loose
"""
_SETS = """
    orders,tag:shop tag:shop,config.materialized:view +customers,stg_* orders+,resource_type:test
    tag:finance,resource_type:model path:models/marts,config.materialized:table test_name:unique,stg_orders
    +orders,+customers a,b
"""
_PAIRS = (
    (["orders", "customers"], []),
    (["orders customers"], []),
    (["+customers"], ["stg_*"]),
    ([], ["tag:shop"]),
    ([], ["resource_type:test", "resource_type:source"]),
    (["stg_orders"], ["test_name:unique"]),
    (["stg_customers", "customers"], []),
    (["stg_orders+"], ["orders"]),
    (["people_clean", "people_loose"], ["tag:narrow"]),
    (["@orders"], ["1+customers"]),
    (["entries+"], ["contracted"]),
    ([""], []),
)
_REFUSED = ("nonsense:x", "@orders+", "resource_type:nothing", "version:newest", "test_type:odd")
_MODES = ("eager", "cautious", "buildable", "empty")


def _requests() -> list[dict[str, Any]]:
    """Names and methods in the usual mode; what joins and follows the graph in every mode."""
    single = [([word], []) for word in (_NAMES + _METHODS).split()]
    joined = [([word], []) for word in (_GRAPH + _SETS).split()] + list(_PAIRS)
    asked = [(pair, "eager") for pair in single] + list(itertools.product(joined, _MODES))
    return [
        {"include": include or None, "exclude": exclude or None, "indirect": mode}
        for (include, exclude), mode in asked
    ]


@pytest.fixture(scope="module")
def answers(peer: Peer) -> dict[str, list[Any]]:
    """Return dbt's answers to all requests, by project."""
    words = [*_requests(), *({"include": [word]} for word in _REFUSED)]
    asked = {
        name: {"manifest": str(_manifest(peer, name)), "root": str(PROJECTS / name), "words": words}
        for name in PLAYED
    }
    return peer.ask("select", asked)


@pytest.mark.parametrize("name", PLAYED)
def test_the_same_words_select_the_same_nodes(
    peer: Peer, answers: dict[str, list[Any]], name: str
) -> None:
    path = _manifest(peer, name)
    for request, expected in zip(_requests(), answers[name], strict=False):
        assert _select(path, PROJECTS / name, request) == expected, request


@pytest.mark.parametrize("word", _REFUSED)
def test_what_dbt_refuses_is_refused(peer: Peer, answers: dict[str, list[Any]], word: str) -> None:
    answer = answers["shop"][len(_requests()) + _REFUSED.index(word)]
    assert isinstance(answer, str)
    with pytest.raises(UsageError):
        _select(_manifest(peer, "shop"), PROJECTS / "shop", {"include": [word]})


def _manifest(peer: Peer, name: str) -> Path:
    return peer.outcome(scenario(name)) / "step-1" / "manifest.json"


def _select(path: Path, root: Path, request: dict[str, Any]) -> list[str]:
    manifest = _loaded(path)
    return select(
        manifest[0],
        manifest[1],
        request["include"] or (),
        request.get("exclude") or (),
        config=_config(root),
        indirect=request.get("indirect", "eager"),
        resource_types=RESOURCE_TYPES,
        with_empty=False,
    )


@cache
def _loaded(path: Path) -> tuple[Manifest, Dag]:
    manifest = read_manifest(path)
    return manifest, Dag.of(manifest)


def _config(root: Path) -> RuntimeConfig:
    project = ProjectConfig(name="any", root=root)
    target = Target(profile_name="any", name="dev", type="duckdb")
    return RuntimeConfig(project=project, packages={}, internal_packages=(), target=target)
