{% macro share(count) -%}
    {#- In how many of the scenarios, from 0 to 1. -#}
    coalesce({{ count }}, 0) / {{ var('scenarios') | int }}.0
{%- endmacro %}
