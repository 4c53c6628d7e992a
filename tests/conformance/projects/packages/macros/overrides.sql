{% macro default__in_units(column) %}
    {%- if var('helpers_unit', 'cents') == 'euros' -%} {{ column }} / 100.0 {%- else -%} {{ column }} {%- endif -%}
{% endmacro %}

{% macro overridden() %}'project'{% endmacro %}

{% macro pivot(relation, key, values) %}
  {%- for value in values %}
    , sum(case when {{ key }} = {{ dbt.string_literal(value) }} then amount end) as {{ value | lower | replace(' ', '_') }}
  {%- endfor %}
{% endmacro %}

{# Takes the place of the built-in one. #}
{% macro default__current_timestamp() %}timestamp '2024-01-01 00:00:00'{% endmacro %}
{% macro duckdb__current_timestamp() %}timestamp '2024-01-01 00:00:00'{% endmacro %}
