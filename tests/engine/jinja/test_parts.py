"""Templates rendered in parts give what the whole template gives, errors and their places included."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.engine.running.building import manifest, model
from tests.engine.running.hosting import make_host
from tidemill.engine.jinja import session as sessions
from tidemill.engine.jinja.macro_host import MacroHost
from tidemill.engine.jinja.parts import Part, parts_of
from tidemill.engine.jinja.session import Session
from tidemill.engine.nodes import Node, UnitTestNode
from tidemill.errors import TidemillError

PROJECT = manifest(model("orders"), model("a"))
COUNT = 1000
MACROS = """
{% macro shout(text, sign='!') %}{{ text | upper }}{{ sign }}{% endmacro %}
{% macro fails(text) %}
{{ exceptions.raise_compiler_error('no ' ~ text) }}{% endmacro %}
{% macro gives(list) %}{{ return(list) }}{% endmacro %}
"""
ATOMS = (
    "select 1",
    " ",
    "\n",
    "\r\n",
    "'quoted'",
    '"',
    "-",
    "{{ ref('orders') }}",
    "{{- shout('a') -}}",
    "{{ shout('it is', sign=\"'\") }}",
    "{{ shout('two\nlines') }}{{ nothing.at.all }}",
    "{{ {'a': 1}['a'] }}",
    "{{ x }}",
    "{{ x ~ 'b' -}}",
    "{{ 'a' 'b' }}",
    "{{ 'a\\n' }}",
    "{# a 'comment' #}",
    "{#- another -#}",
    "{#-#}",
    "{% set x = 'one' %}",
    "{%- set x = ['y', \"z\"] -%}",
    "{% set x %}text 'of' {{ x }}{% endset %}",
    "{% set ref = shout %}",
    "{% do gives(['p']).append('q') -%}",
    "{% for i in ['a', 'b'] %}\n'{{ i }}'{{ shout(i) }}{% if not loop.last %},{% endif %}{% endfor %}",
    "{%- for i in x or [] -%} {{ i }} {%- else %}none{% endfor -%}",
    "{% for i in gives([1, 2, 3]) %}{% if i == 2 %}{% continue %}{% endif %}{{ i }}{% endfor %}",
    "{% if x is defined and x == 'one' %}{% set y = 'yes' %}1{% elif x %}{# c #}2{% else %}3{% endif %}",
    "{{ y }}",
    "{% with z = 'in' %}{{ z }}{% set x = z %}{% endwith %}",
    "{% filter upper %}low 'er' {{ x }}{% endfilter %}",
    "{% set n = namespace(v='a') %}{% set n.v = 'b' %}{{ n.v }}",
    "{% macro own(a='d') %}{{ a }}{{ x }}{% endmacro %}{{ own('e') }}",
    "{% call shout('a') %}{% endcall %}",
    "{% raw %}{{ 'x' }}{% endraw %}",
    "{{ fails('it') }}",
    "{{ 1 / 0 }}",
    "{% endif %}",
    "{% if x %}",
    "{{ 'open",
    "{%",
    "}}",
)


def _session(host: MacroHost) -> Session:
    return host.session(PROJECT.nodes["model.shop.a"], PROJECT, phase="compile")


def _outcome(session: Session, text: str) -> Any:
    try:
        return session.render(text, file="models/a.sql", line=3)
    except TidemillError as error:
        return error.fault
    except Exception as error:  # noqa: BLE001 - both ways must fail alike
        return (type(error), str(error))


def test_random_templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    templates = [
        "".join(random.Random(seed).choices(ATOMS, k=1 + seed % 9)) for seed in range(COUNT)
    ]
    host = make_host(tmp_path, macros=MACROS)
    monkeypatch.setattr(sessions, "plain_text", lambda *_: None)
    in_parts = [_outcome(_session(host), text) for text in templates]
    monkeypatch.setattr(sessions, "rendered_in_parts", lambda *_: None)
    for text, found in zip(templates, in_parts, strict=True):
        assert found == _outcome(_session(host), text), repr(text)
    assert sum(parts_of(text) is not None for text in templates) > COUNT / 4
    assert sum(isinstance(found, str) for found in in_parts) > COUNT / 10


def test_models_of_one_form_share_their_parts() -> None:
    one, other = (
        parts_of(f"select '{name}', {{{{ cents('{name}') }}}} from {{{{ ref(\"{name}s\") }}}}")
        for name in ("order", "visit")
    )
    assert one is not None
    assert other is not None
    tags = [[part for part in parts if isinstance(part, Part)] for parts in (one, other)]
    assert [part.template for part in tags[0]] == [part.template for part in tags[1]]
    assert [part.literals for part in tags[1]] == [("visit",), ("visits",)]


@pytest.mark.parametrize(
    "text",
    [
        "{% macro m() %}{% endmacro %}",
        "{% call m() %}{% endcall %}",
        "{% raw %}{% endraw %}",
        "{{ 'a\\'b' }}",
        "{% if true %}",
        "{{ 'open",
    ],
)
def test_what_only_the_whole_can_tell(text: str) -> None:
    assert parts_of(text) is None


def test_a_unit_test_asks_for_its_own_rows_first(tmp_path: Path) -> None:
    rows = [model(name, materialized="ephemeral") for name in ("orders", "own")]
    fields = msgspec.structs.asdict(model("a", "orders"))
    taken = {name: fields[name] for name in Node.__struct_fields__}
    tested = UnitTestNode(
        **{**taken, "resource_type": "unit_test"},
        tested_node="model.shop.a",
        this_input="model.shop.own",
    )
    host = make_host(tmp_path)
    session = host.session(tested, manifest(*rows), phase="compile")
    session.render("{{ ref('orders') }}{% if true %}{{ this }}{% endif %}")
    assert session.ephemerals == ("model.shop.own", "model.shop.orders")
