{# Without a strategy, DuckDB's incremental models delete and insert, as in dbt-duckdb. #}
{% macro duckdb__get_incremental_default_sql(arg_dict) %}
  {{ return(get_incremental_delete_insert_sql(arg_dict)) }}
{% endmacro %}


{% macro duckdb__get_delete_insert_merge_sql(target, source, unique_key, dest_columns, incremental_predicates) %}
  {%- set columns = get_quoted_csv(dest_columns | map(attribute='name')) -%}
  {%- set predicates = duckdb__text_list(incremental_predicates, 'incremental_predicates') -%}
  {%- if unique_key and unique_key is string %}
    delete from {{ target }}
    where ({{ unique_key }}) in (select ({{ unique_key }}) from {{ source }})
    {%- for predicate in predicates %}
      and {{ predicate }}
    {%- endfor %};
  {%- elif unique_key %}
    delete from {{ target }} as DBT_INCREMENTAL_TARGET
    using {{ source }}
    where {% for key in unique_key %}
      {{- ' and ' if not loop.first }}{{ source }}.{{ key }} = DBT_INCREMENTAL_TARGET.{{ key }}
    {%- endfor %}
    {%- for predicate in predicates %}
      and {{ predicate }}
    {%- endfor %};
  {%- endif %}

  insert into {{ target }} ({{ columns }}) (
    select {{ columns }}
    from {{ source }}
  )
{% endmacro %}
