{% call set_sql_header(config) %}
create or replace temp macro twice(x) as x * 2;
{% endcall %}
{{ config(materialized='table') }}
select twice(id) as t from {{ ref('base') }}
