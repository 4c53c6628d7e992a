{% macro in_units(column) %}
    {{ return(adapter.dispatch('in_units', 'helpers')(column)) }}
{% endmacro %}

{% macro default__in_units(column) %}
    {{ column }} /* default, {{ var('helpers_unit') }} */
{% endmacro %}

{% macro numbers(n) %}
  {{ adapter.dispatch('numbers', 'helpers')(n) }}
{% endmacro %}

{% macro default__numbers(n) -%}
  {%- for i in range(n) %}
  select {{ i }} as n {%- if not loop.last %} union all {% endif -%}
  {%- endfor %}
{%- endmacro %}

{% macro duckdb__numbers(n) -%}
  select range as n from range({{ n }})
{%- endmacro %}

{% macro values_of(relation, column) %}
    {%- set query -%}
        select distinct {{ column }} from {{ relation }} order by 1
    {%- endset -%}
    {%- if execute -%}
        {%- set results = run_query(query) -%}
        {{ return(results.columns[0].values()) }}
    {%- else -%}
        {{ return([]) }}
    {%- endif -%}
{% endmacro %}

{% macro whoami() %}{{ return(context.model.package_name ~ '/' ~ project_name) }}{% endmacro %}

{% macro overridden() %}'package'{% endmacro %}
