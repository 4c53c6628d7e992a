"""``config()`` as written: dbt's form of it, for comparing states."""

from __future__ import annotations

import pytest

from tidemill.engine.jinja.dialect import make_environment
from tidemill.engine.parsing.written_config import written_config


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
