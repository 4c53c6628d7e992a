"""``config()`` as written: dbt's form of it, for comparing states."""

from __future__ import annotations

import pytest

from tidemill.engine.jinja.dialect import make_environment
from tidemill.engine.parsing.property_entries import Patch
from tidemill.engine.parsing.written_config import is_plain, written_config, written_properties
from tidemill.engine.project.config_trees import Layer
from tidemill.errors import Place


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("select 1", {}),
        (
            "{{ config(materialized='view', enabled=true) }} select 1",
            {
                "materialized": "Keyword(key='materialized', value=Const(value='view'))",
                "enabled": "Keyword(key='enabled', value=Const(value=True))",
            },
        ),
        (
            "{{ config(materialized=env_var('HOW')) }}",
            {
                "materialized": "Keyword(key='materialized', value=Call(node=Name(name='env_var', "
                "ctx='load'), args=[Const(value='HOW')], kwargs=[], dyn_args=None, dyn_kwargs=None))"
            },
        ),
        ("{{ other.config(a=1) }}", {}),
    ],
)
def test_arguments_keep_their_words(text: str, expected: dict[str, str]) -> None:
    assert written_config(text, make_environment()) == expected


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("select 1", True),
        ("{{ config(tags=['a', 'b'], meta={'x': 1}) }} select * from {{ ref('a') }}", True),
        ("{{ config(materialized=env_var('HOW')) }}", False),
        ("{{ config(a=1) }}{% if x %}{{ ref('a') }}{% endif %}", False),
        ("{{ my_macro() }}", False),
        ("{{ ref('a') ~ 'b' }}", False),
    ],
)
def test_models_that_dbt_does_not_render(text: str, plain: bool) -> None:
    assert is_plain(text, make_environment()) is plain


def test_property_files_keep_their_jinja() -> None:
    patch = Patch(
        section="models",
        name="orders",
        package="shop",
        file="models/orders.yml",
        place=Place(file="models/orders.yml"),
        config=Layer({"meta": {"a": "7", "b": 1}, "access": "public", "tags": ["t"]}),
        unrendered={"meta": {"a": "{{ var('a') }}"}, "tags": ["t"]},
    )
    assert written_properties(patch) == {
        "meta": {"a": "{{ var('a') }}", "b": 1},
        "access": "public",
        "tags": ["t", "t"],
    }
