{%- test row_count(model, above) -%}
select n from (select count(*) as n from {{ model }}) as t where n <= {{ above }}
{%- endtest -%}
{% macro test_old_way(model) %}select * from {{ model }} where false{% endmacro %}
