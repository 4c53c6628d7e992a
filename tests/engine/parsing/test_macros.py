"""Macro files: names of tests and materialisations, duplicates, and which macros a macro calls."""

from __future__ import annotations

from tests.engine.jinja.hosting import host_of
from tidemill.engine.parsing.macros import gather_macros, macros_of_file, with_dependencies

FILE = """
{% macro plain(a) %}{{ other(a) }}{{ lib.helper() }}{{ config.get('x') }}{% endmacro %}
{% macro other(a) %}{# plain() #}{{ "plain()" }}{% endmacro %}
{% test positive(model, column_name) %}select 1{% endtest %}
{% materialization table2, adapter='duckdb', supported_languages=['sql', 'python'] %}{% endmaterialization %}
{% materialization view2, default %}{{ return(adapter.dispatch('helper', 'lib')()) }}{% endmaterialization %}
"""
LIB = "{% macro helper() %}{% endmacro %}{% macro default__helper() %}{% endmacro %}"


def test_blocks_become_macros_with_dbts_names() -> None:
    macros = macros_of_file(FILE, file="macros/m.sql", package="shop")
    assert [(m.unique_id, m.line, m.supported_languages) for m in macros] == [
        ("macro.shop.plain", 2, None),
        ("macro.shop.other", 3, None),
        ("macro.shop.test_positive", 4, None),
        ("macro.shop.materialization_table2_duckdb", 5, ("sql", "python")),
        ("macro.shop.materialization_view2_default", 6, ("sql",)),
    ]


def test_one_name_twice_in_a_package_is_one_clear_error() -> None:
    text = "{% macro a() %}{% endmacro %}\n{% macro a() %}{% endmacro %}"
    macros, errors = gather_macros(macros_of_file(text, file="macros/m.sql", package="shop"))
    assert list(macros) == ["macro.shop.a"]
    assert len(errors) == 1
    assert "macros/m.sql:1" in str(errors[0])
    assert "macros/m.sql:2" in str(errors[0])


def test_calls_are_found_in_tags_and_not_in_comments_or_texts() -> None:
    registry = host_of({"shop": FILE, "lib": LIB}).registry
    found = {m.unique_id: m for ms in registry.packages.values() for m in ms.values()}
    linked = with_dependencies(found, registry, ("duckdb", "default"), lambda name: (name,))
    assert linked["macro.shop.plain"].depends_on_macros == ("macro.shop.other", "macro.lib.helper")
    assert linked["macro.shop.other"].depends_on_macros == ()
    view = linked["macro.shop.materialization_view2_default"]
    assert view.depends_on_macros == ("macro.lib.helper", "macro.lib.default__helper")


def test_a_filter_is_no_macro() -> None:
    text = "{% macro a(x) %}{{ x | helper('b') | trim }}{{ x |helper }}{{ helper(x|b()) }}{% endmacro %}"
    text += "{% macro helper() %}{% endmacro %}{% macro b() %}{% endmacro %}"
    registry = host_of({"shop": text}).registry
    found = {m.unique_id: m for ms in registry.packages.values() for m in ms.values()}
    linked = with_dependencies(found, registry, ("default",), lambda name: (name,))
    assert linked["macro.shop.a"].depends_on_macros == ("macro.shop.helper",)


def test_a_dispatch_follows_the_search_order() -> None:
    lib = "{% macro x() %}{{ adapter.dispatch('x', 'lib')() }}{% endmacro %}{% macro default__x() %}{% endmacro %}"
    registry = host_of({"shop": "{% macro default__x() %}{% endmacro %}", "lib": lib}).registry
    found = {m.unique_id: m for ms in registry.packages.values() for m in ms.values()}
    linked = with_dependencies(found, registry, ("default",), lambda name: ("shop", name))
    assert linked["macro.lib.x"].depends_on_macros == ("macro.shop.default__x",)


def test_names_mean_what_dbt_takes_them_for() -> None:
    shop = """
    {% macro a(texts) %}{{ texts
      .replace('x', 'y').trim() }}{{ lib.a() }}{{ shop.a() }}{{ theirs() }}{% endmacro %}
    {% macro shared() %}{{ shared() }}{{ adapter.dispatch('shared', 'shop')() }}{% endmacro %}
    {% macro default__shared() %}{{ adapter.replace() }}{% endmacro %}
    """
    lib = "{% test a(x) %}{% endtest %}{% macro theirs() %}{{ shared() }}{% endmacro %}"
    lib += "{% macro shared() %}{% endmacro %}"
    builtin = "{% macro replace(a) %}{% endmacro %}{% macro trim(a) %}{% endmacro %}"
    registry = host_of({"shop": shop, "lib": lib, "dbt": builtin}).registry
    found = {m.unique_id: m for ms in registry.packages.values() for m in ms.values()}
    linked = with_dependencies(found, registry, ("default",), lambda name: (name,))
    assert {key: m.depends_on_macros for key, m in linked.items() if m.package_name != "dbt"} == {
        "macro.shop.a": ("macro.dbt.replace", "macro.shop.a", "macro.lib.theirs"),
        "macro.shop.shared": ("macro.shop.default__shared",),
        "macro.shop.default__shared": (),
        "macro.lib.test_a": (),
        "macro.lib.theirs": ("macro.lib.shared",),
        "macro.lib.shared": (),
    }
