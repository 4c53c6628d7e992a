{{ config(materialized='table') }}
{%- set limit = var('limit') -%}
{% for i in range(limit) -%}
select {{ i }} as n, '{{ 'even' if i is even else 'odd' }}' as parity{% if not loop.last %} union all{% endif %}
{% endfor %}
