"""Pieces that are run once: what files read, and from what, is as if each had been rendered by itself."""

from __future__ import annotations

import pytest

from tests.engine.jinja.hosting import captured, host_of, model
from tidemill.engine.jinja.capture import Capture
from tidemill.engine.jinja.pieces import pieces_of
from tidemill.engine.parsing.repeated_pieces import RepeatedPieces
from tidemill.engine.parsing.templates import TemplateReader
from tidemill.engine.project.reads import Key, Notebook, noting
from tidemill.errors import TidemillError
from tidemill.events import Event, Message

MACROS = """
{% macro cents(name) %}{{ return(adapter.dispatch('cents', 'shop')(name)) }}{% endmacro %}
{% macro default__cents(name) %}{{ name }} / {{ var('cents', 100) }}{{ env_var('UNIT', 'x') }}{% endmacro %}
{% macro of_node(name) %}{{ model.name }}{{ name }}{% endmacro %}
{% macro by_target(name) %}{% if target.name == 'dev' and execute %}{{ this }}{% endif %}{% endmacro %}
{% macro reader(name) %}{{ ref(name) }}{% endmacro %}
{% macro setter(name) %}{{ config(alias=name) }}{% endmacro %}
{% macro through(name) %}{{ context['ref'](name) }}{{ builtins.ref('b') }}{% endmacro %}
{% macro logger(name) %}{{ log('hear ' ~ name, info=true) }}{% endmacro %}
{% macro silent(name) %}{% if false %}{{ log('hear ' ~ name) }}{% endif %}{% endmacro %}
{% macro columns(name) %}{{ adapter.get_columns_in_relation(name) }}{% endmacro %}
{% macro typed(name) %}{{ api.Column.translate_type(name) }}{{ dbt.type_string() }}{% endmacro %}
{% macro once(name) %}{{ adapter.warn_once(name) }}{% endmacro %}
{% macro upset(name) %}{{ exceptions.raise_compiler_error(name) }}{% endmacro %}
{% macro clock(name) %}{{ run_started_at }}{{ modules.datetime.date.today() }}{% endmacro %}
{% macro option(name) %}{{ flags.FULL_REFRESH }}{{ var('jinja') }}{% endmacro %}
"""
NAMES = (
    "cents",
    "of_node",
    "by_target",
    "reader",
    "setter",
    "through",
    "logger",
    "silent",
    "columns",
    "typed",
    "once",
    "upset",
    "clock",
    "option",
)
CODES = [
    *(f"{{{{ {name}('a') }}}} {{{{ {name}('b') }}}} {{{{ cents('a') }}}}" for name in NAMES),
    "{% set x = ['a', 'b'] %}{% for y in x %}{{ cents(y) }}{% endfor %}{{ ref('m') }}",
    "{% set x = ['a', 'b'] %}{% for y in x %}{{ reader(y) }}{% endfor %}{{ cents('c') }}",
    "{{ cents('c') }}{% set x = ref('a') %}{{ typed('b') }}{{ reader(x) }}{{ of_node(x) }}{{ silent('a') }}",
    "{{ var('cents') }}{{ ref('m') }}{{ env_var('UNIT', 'y') }}{{ unknown('z') }}",
]


class Heard:
    """What one file reads, and what it says."""

    def __init__(self, capture: Capture | str, reads: set[Key], said: list[Event]) -> None:
        self.capture = str(vars(capture)) if isinstance(capture, Capture) else capture
        self.reads = reads
        self.said = [(event.text, event.level) for event in said if isinstance(event, Message)]


def _host():
    return host_of({"shop": MACROS}, project={"vars": {"jinja": "{{ ref('of_var') }}"}})


@pytest.mark.parametrize("code", CODES)
def test_the_second_file_hears_what_a_rendering_of_its_own_hears(code: str) -> None:
    host = _host()
    reader = TemplateReader(host)
    expected = _heard(lambda: captured(host, code), host)
    for _ in range(3):
        found = _heard(lambda: reader.read(model(code)), host)
        assert vars(found) == vars(expected)


def _heard(read, host) -> Heard:
    said: list[Event] = []
    host.emit = said.append
    notebook = Notebook()
    capture: Capture | str
    with noting(notebook), notebook.unit("shop", "models/orders.sql"):
        try:
            capture = read()
        except TidemillError as error:
            capture = error.fault.message
    return Heard(capture, notebook.reads["shop", "models/orders.sql"], said)


@pytest.mark.parametrize(
    ("name", "once"),
    [
        ("cents", True),
        ("silent", True),
        ("typed", True),
        ("once", False),
        ("of_node", False),
        ("reader", False),
    ],
)
def test_what_knows_nothing_of_its_node_is_run_once(name: str, once: bool) -> None:
    host = _host()
    pieces = RepeatedPieces(host)
    found = pieces_of(f"{{{{ {name}('a') }}}}")
    assert found is not None
    effect = pieces.effect_of("shop", found.pieces)
    assert (effect is not None) == once
    assert pieces.effect_of("shop", found.pieces) is effect
