{{ config(materialized='table') }}
-- depends_on: {{ ref('sales') }}
{%- call statement('largest', fetch_result=True) -%}
    select region, max(amount) as amount from {{ ref('sales') }} group by region order by amount desc
{%- endcall -%}
{%- if execute -%}
{%- set found = load_result('largest') -%}
{%- for row in found['data'] %}
select '{{ row[0] }}' as region, {{ row[1] }} as amount, {{ loop.index }} as place
{% if not loop.last %} union all {% endif -%}
{%- endfor -%}
{%- set table = found.table -%}
-- {{ table.columns | length }} columns, {{ table.rows | length }} rows, {{ table.column_names | join('/') }}
{%- else -%}
select 1 as region, 2 as amount, 3 as place
{%- endif -%}
