from __future__ import annotations

from typing import Any

import pytest

from tests.engine.jinja.hosting import host_of
from tests.engine.selection.building import node
from tidemill.engine.nodes import DependsOn, Model, Ref, Seed
from tidemill.engine.parsing.node_hooks import with_hooks
from tidemill.errors import ParsingError

MACROS = {"shop": "{% macro note(x) %}insert {{ x }}{% endmacro %}"}


def hooked(kind: type, resource_type: str, *hooks: str) -> Any:
    config = {"pre-hook": [{"sql": sql} for sql in hooks], "post-hook": []}
    return with_hooks(host_of(MACROS), node(kind, resource_type, "orders", config=config))


def test_what_hooks_read_is_a_dependency() -> None:
    found = hooked(
        Model, "model", "{{ note('a') }}", "copy {{ ref('other') }} {{ source('s', 't') }}"
    )
    assert (found.refs, found.sources) == ((Ref("other"),), (("s", "t"),))
    assert found.depends_on == DependsOn((), ("macro.shop.note",))


def test_a_seed_can_have_hooks_but_reads_nothing() -> None:
    assert hooked(Seed, "seed", "{{ note('a') }}").depends_on.macros == ("macro.shop.note",)
    with pytest.raises(ParsingError, match="Seeds cannot depend on other nodes"):
        hooked(Seed, "seed", "select * from {{ ref('other') }}")
