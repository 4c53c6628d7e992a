"""Sessions: the names of each phase, macro calls, and errors that say where."""

from __future__ import annotations

import pytest

from tests.engine.jinja.hosting import captured, compiled, host_of, model
from tidemill.engine.jinja.capture import Capture
from tidemill.engine.nodes import Ref
from tidemill.errors import CompilationError, ExecutionError, Place, TidemillError
from tidemill.events import Event, Message


def test_parsing_notes_what_a_model_reads_and_sets() -> None:
    capture = captured(
        host_of(cli_vars={"day": "monday"}),
        "{{ config(materialized='table', tags=['a']) }}{{ config({'alias': 'o'}) }}"
        "select * from {{ ref('a') }}, {{ ref('pkg', 'b', v=2) }}, {{ source('raw', 't') }}"
        " where {{ var('day') }} {{ var('hour', 3) }} {{ env_var('TIDEMILL_NOT_SET', 'x') }}",
    )
    assert capture.config_calls == [{"materialized": "table", "tags": ["a"]}, {"alias": "o"}]
    assert capture.refs == [Ref("a"), Ref("b", "pkg", 2)]
    assert capture.sources == [("raw", "t")]
    assert capture.variables == {"day": "monday", "hour": None}
    assert capture.environment == {"TIDEMILL_NOT_SET": None}


def test_parsing_notes_the_macros_called_directly_only() -> None:
    host = host_of({"shop": "{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}b{% endmacro %}"})
    assert list(captured(host, "{{ a() }}").macros) == ["macro.shop.a"]


def test_parsing_lets_undefined_names_through_and_compiling_does_not() -> None:
    host = host_of()
    captured(host, "{{ nothing_here('x').more[0] }}")
    with pytest.raises(CompilationError) as caught:
        compiled(host, "select\n  {{ nothing_here('x') }}")
    assert caught.value.fault.message == "'nothing_here' is undefined"
    assert caught.value.fault.place == Place(file="models/orders.sql", line=2)
    assert caught.value.fault.node == "model.shop.orders"


def test_a_package_without_the_macro_is_called_what_dbt_calls_it() -> None:
    host = host_of({"shop": "", "lib": "{% macro a() %}{% endmacro %}"})
    with pytest.raises(CompilationError) as caught:
        compiled(host, "{{ lib.b() }}")
    assert caught.value.fault.message == "'dict object' has no attribute 'b'"


def test_macros_return_any_value_and_text_otherwise() -> None:
    host = host_of(
        {
            "shop": "{% macro double(x) %}{{ return([x, x]) }}{% endmacro %}"
            "{% macro text(x) %}<{{ x }}>{% endmacro %}"
        }
    )
    assert compiled(host, "{{ double(2)[1] + 1 }} {{ text(3) }}") == "3 <3>"


def test_call_blocks_and_typed_parameters_work() -> None:
    host = host_of(
        {
            "shop": "{% macro wrap(a: Dict[str, List[int]], b='x') %}[{{ caller() }}{{ b }}]{% endmacro %}"
        }
    )
    assert compiled(host, "{% call wrap({}) %}inner{% endcall %}") == "[innerx]"


def test_own_macros_come_before_the_root_projects_and_the_built_in_ones() -> None:
    host = host_of(
        {
            "shop": "{% macro who() %}shop{% endmacro %}{% macro type_string() %}mine{% endmacro %}",
            "lib": "{% macro who() %}lib{% endmacro %}",
        }
    )
    code = "{{ who() }} {{ lib.who() }} {{ type_string() }} {{ dbt.type_string() }}"
    assert compiled(host, code) == "shop lib mine TEXT"
    in_lib = host.session(model(package_name="lib"), None)
    assert in_lib.render("{{ who() }}") == "lib"


def test_a_projects_macro_replaces_a_built_in_function_and_builtins_keeps_it() -> None:
    host = host_of({"shop": "{% macro var(name) %}own {{ builtins.var(name, 'd') }}{% endmacro %}"})
    assert compiled(host, "{{ var('x') }}") == "own d"


def test_dispatch_follows_adapter_and_search_order() -> None:
    macros = {
        "shop": "{% macro duckdb__size() %}shop{% endmacro %}",
        "lib": "{% macro size() %}{{ return(adapter.dispatch('size', 'lib')()) }}{% endmacro %}"
        "{% macro default__size() %}default{% endmacro %}",
    }
    assert compiled(host_of(macros), "{{ lib.size() }}") == "shop"
    only_lib = {"dispatch": ({"macro_namespace": "lib", "search_order": ["lib"]},)}
    assert compiled(host_of(macros, project=only_lib), "{{ lib.size() }}") == "default"


def test_a_model_does_not_see_what_a_package_dispatches_to_elsewhere() -> None:
    macros = {
        "lib": "{% macro size() %}{{ return(adapter.dispatch('size', 'other')()) }}{% endmacro %}"
        "{% macro default__size() %}default{% endmacro %}",
    }
    with pytest.raises(CompilationError, match="No macro named 'size' found within namespace"):
        compiled(host_of(macros), "{{ lib.size() }}")


def test_a_projects_default_goes_before_the_warehouses_own_macro() -> None:
    host = host_of(
        {
            "shop": "{% macro default__length(expression) %}ours{% endmacro %}",
            "dbt_duckdb": "{% macro duckdb__length(expression) %}theirs{% endmacro %}",
        }
    )
    assert compiled(host, "{{ dbt.length('x') }}") == "ours"


def test_behaviour_flags_are_read_as_dbt_has_them() -> None:
    flags = {"enable_truthy_nulls_equals_macro": True}
    text = (
        "{% set behavior = adapter.behavior %}{{ behavior.enable_truthy_nulls_equals_macro.no_warn }}"
        " {{ behavior.something_else.no_warn }} {{ 'on' if behavior.something_else else 'off' }}"
    )
    assert compiled(host_of(project={"flags": flags}), text) == "True False off"


def test_a_metric_has_its_name_while_parsing() -> None:
    capture = captured(
        host_of(),
        "{% set m = metric('lib', 'revenue') %}"
        "{{ config(meta={'names': [m.metric_name, m.package_name, m ~ '']}) }}",
    )
    assert capture.metrics == [("lib", "revenue")]
    assert capture.config_call["meta"] == {"names": ["revenue", "lib", "revenue"]}


def test_dispatch_says_what_it_searched() -> None:
    with pytest.raises(CompilationError, match=r"'lib.duckdb__nope', 'lib.default__nope'"):
        compiled(
            host_of({"lib": "{% macro x() %}{% endmacro %}"}),
            "{{ adapter.dispatch('nope', 'lib')() }}",
        )


def test_an_error_inside_macros_carries_line_and_stack() -> None:
    host = host_of(
        {
            "shop": "{% macro outer() %}{{ inner() }}{% endmacro %}\n"
            "{% macro inner() %}\n\n{{ missing_name + 1 }}{% endmacro %}"
        }
    )
    with pytest.raises(CompilationError) as caught:
        compiled(host, "{{ outer() }}")
    fault = caught.value.fault
    assert fault.place == Place(file="macros/here.sql", line=4)
    assert fault.stack == ("macro inner (macros/here.sql:2)", "macro outer (macros/here.sql:1)")


def test_a_syntax_error_has_the_line_of_its_file() -> None:
    with pytest.raises(CompilationError) as caught:
        compiled(host_of(), "select 1\n{{ oops( }}")
    assert caught.value.fault.place == Place(file="models/orders.sql", line=2)


def test_wrong_calls_are_compilation_errors() -> None:
    host = host_of({"shop": "{% macro one(a) %}{% endmacro %}"})
    with pytest.raises(CompilationError, match="takes not more than 1 argument"):
        compiled(host, "{{ one(1, 2) }}")
    with pytest.raises(CompilationError, match="Required var 'colour'"):
        compiled(host, "{{ var('colour') }}")


def test_a_missing_var_suggests_the_nearest() -> None:
    with pytest.raises(CompilationError) as caught:
        compiled(host_of(cli_vars={"colour": 1}), "{{ var('color') }}")
    assert caught.value.fault.hint == "did you mean 'colour'?"


def test_a_var_that_holds_jinja_is_rendered_where_it_is_read() -> None:
    host = host_of(cli_vars={"which": "{{ ref('orders') }}", "n": 3})
    assert captured(host, "select {{ var('n') + 1 }} from {{ var('which') }}").refs == [
        Ref("orders")
    ]


def test_secrets_of_the_environment_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBT_ENV_SECRET_KEY", "hidden")
    with pytest.raises(CompilationError) as caught:
        compiled(host_of(), "{{ env_var('DBT_ENV_SECRET_KEY') }}")
    assert "hidden" not in str(caught.value)


def test_config_answers_from_the_nodes_configuration() -> None:
    code = (
        "{{ config.get('unique_key', 'id') }} {{ config.get('nope', 7) }} {{ config.require('x') }}"
    )
    assert compiled(host_of(), code, config={"unique_key": "k", "x": 1}) == "k 7 1"
    with pytest.raises(CompilationError, match="does not define a required config parameter 'x'"):
        compiled(host_of(), "{{ config.require('x') }}")


def test_log_print_and_warn_become_events() -> None:
    events: list[Event] = []
    session = host_of().session(model(), None, emit=events.append)
    session.render(
        "{{ log('a') }}{{ log('b', info=true) }}{{ print('c') }}{{ exceptions.warn('d') }}"
    )
    told = [(e.text, e.level, e.code) for e in events if isinstance(e, Message)]
    assert told == [
        ("a", "debug", "I063"),
        ("b", "info", "I062"),
        ("c", "info", "Z052"),
        ("d", "warn", "I061"),
    ]


def test_raise_compiler_error_is_the_projects_own_message() -> None:
    with pytest.raises(CompilationError) as caught:
        compiled(host_of(), "{{ exceptions.raise_compiler_error('no ' ~ 5) }}")
    assert caught.value.fault.message == "no 5"


def test_this_and_target_name_the_relation() -> None:
    code = "{{ this }} {{ this.schema }} {{ target.name }} {{ schema }} {{ model.name }}"
    assert compiled(host_of(), code) == '"memory"."main"."orders" main dev main orders'


def test_the_warehouse_is_out_of_reach_while_parsing() -> None:
    capture = Capture()
    session = host_of().session(model(), None, phase="parse", capture=capture)
    assert session.render("{{ run_query('select 1') }}{{ execute }}") == "False"
    with pytest.raises(ExecutionError, match="cannot be asked"):
        _ = session.connection


def test_results_are_taken_once_except_main() -> None:
    session = host_of().session(model(), None)
    session.store_result("main")
    session.store_result("other")
    assert session.load_result("main") is session.load_result("main") is not None
    assert session.load_result("other") is not None
    with pytest.raises(TidemillError, match="already been loaded"):
        session.load_result("other")
    assert session.load_result("never") is None


def test_compiled_macros_are_kept_on_disk_and_damage_is_ignored(tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "codes"
    macros = {"shop": "{% macro m() %}kept{% endmacro %}"}
    first = host_of(macros, code_path=path)
    assert compiled(first, "{{ m() }}") == "kept"
    first.save_code()
    assert path.stat().st_size > 0
    assert compiled(host_of(macros, code_path=path), "{{ m() }}") == "kept"
    path.write_bytes(b"\x00" + path.read_bytes()[1:])
    assert compiled(host_of(macros, code_path=path), "{{ m() }}") == "kept"


def test_an_undefined_name_suggests_the_nearest() -> None:
    host = host_of({"shop": "{% macro cents(x) %}{% endmacro %}"})
    for code, hint in (("{{ centz(1) }}", "'cents'"), ("{{ sourc('a', 'b') }}", "'source'")):
        with pytest.raises(CompilationError) as caught:
            compiled(host, code)
        assert hint in str(caught.value.fault.hint)
