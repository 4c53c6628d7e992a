"""The macros of a generated project: a library of general ones and 150 of the project's own."""

from __future__ import annotations

from collections.abc import Iterator

PROJECT_MACROS = 150
PER_FILE = 10

LIBRARY = {
    "surrogate_key": """
{% macro surrogate_key(fields) %}
    {{ return(adapter.dispatch('surrogate_key', 'generated')(fields)) }}
{% endmacro %}

{% macro default__surrogate_key(fields) %}
    {%- set parts = [] -%}
    {%- for field in fields -%}
        {%- do parts.append("coalesce(cast(" ~ field ~ " as " ~ dbt.type_string() ~ "), '" ~ var('null_text') ~ "')") -%}
        {%- if not loop.last -%}{%- do parts.append("'-'") -%}{%- endif -%}
    {%- endfor -%}
    {{ dbt.hash(dbt.concat(parts)) }}
{% endmacro %}
""",
    "column_values": """
{% macro column_values(relation, column) %}
    {%- if not execute -%}
        {{ return([]) }}
    {%- endif -%}
    {%- set found = run_query('select distinct ' ~ column ~ ' from ' ~ relation ~ ' order by 1') -%}
    {{ return(found.columns[0].values() | list) }}
{% endmacro %}
""",
    "pivot_amounts": """
{% macro pivot_amounts(column, values, amount, prefix='seen_') %}
    {%- for value in values %}
    sum(case when {{ column }} = '{{ value }}' then {{ amount }} else 0 end)
        over (partition by customer_id) as {{ prefix }}{{ value | lower | replace(' ', '_') }},
    {%- endfor %}
    count(*) over (partition by customer_id) as {{ prefix }}rows
{% endmacro %}
""",
    "column_count": """
{% macro column_count(relation, except=[]) %}
    {%- if not execute -%}
        {{ return('0') }}
    {%- endif -%}
    {%- set kept = [] -%}
    {%- for column in adapter.get_columns_in_relation(relation) -%}
        {%- if column.name | lower not in except -%}
            {%- do kept.append(column.name) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(kept | length) }}
{% endmacro %}
""",
    "everyday": """
{% macro cents_to_units(column, digits=2) -%}
    round(cast({{ column }} as {{ dbt.type_float() }}) / 100, {{ digits }})
{%- endmacro %}

{% macro amount_when(column, value, amount) -%}
    case when {{ column }} = '{{ value }}' then {{ amount }} else 0 end
{%- endmacro %}

{% macro scaled(column, factor) -%}
    {%- if factor is number and factor > 0 -%}
        {{ column }} * {{ factor }}
    {%- else -%}
        {{ exceptions.raise_compiler_error('factor must be a number above 0, not ' ~ factor) }}
    {%- endif -%}
{%- endmacro %}

{% macro period_label(column, period) -%}
    {{ dbt.date_trunc(period, column) }}
{%- endmacro %}
""",
}
"""File name to text: macros as packages of helpers have them."""

SHAPES = (
    """{{% macro rule_{n:03}(column, limit={n}) -%}}
    case
        when {{{{ column }}}} is null then 'missing'
        when {{{{ column }}}} > {{{{ limit }}}} then 'above'
        else 'within'
    end
{{%- endmacro %}}
""",
    """{{% macro rule_{n:03}(columns, separator=', ') -%}}
    {{%- set kept = [] -%}}
    {{%- for column in columns if column is not none -%}}
        {{%- do kept.append(column | lower | trim) -%}}
    {{%- endfor -%}}
    {{{{ kept | join(separator) }}}}
{{%- endmacro %}}
""",
    """{{% macro rule_{n:03}(relation) -%}}
    {{%- if execute and flags.WHICH in ['run', 'build'] -%}}
        {{%- set found = run_query('select count(*) from ' ~ relation) -%}}
        {{{{ return(found.columns[0].values()[0]) }}}}
    {{%- endif -%}}
    {{{{ return({n}) }}}}
{{%- endmacro %}}
""",
    """{{% macro rule_{n:03}(column) -%}}
    {{{{ return(adapter.dispatch('rule_{n:03}', 'generated')(column)) }}}}
{{%- endmacro %}}

{{% macro default__rule_{n:03}(column) -%}}
    coalesce({{{{ column }}}}, {{{{ var('fallback', {n}) }}}})
{{%- endmacro %}}
""",
)


def macro_files() -> Iterator[tuple[str, str]]:
    """Yield path and text of each macro file."""
    for name, text in LIBRARY.items():
        yield f"macros/library/{name}.sql", text.lstrip("\n")
    for first in range(0, PROJECT_MACROS, PER_FILE):
        texts = (SHAPES[n % len(SHAPES)].format(n=n) for n in range(first, first + PER_FILE))
        yield f"macros/rules/rules_{first:03}.sql", "\n".join(texts)
