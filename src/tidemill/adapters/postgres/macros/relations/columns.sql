{# Columns and comments of relations. #}

{% macro postgres__get_columns_in_relation(relation) -%}
  {% call statement('get_columns_in_relation', fetch_result=True) %}
    select column_name, data_type, character_maximum_length, numeric_precision, numeric_scale
    from {{ relation.information_schema('columns') }}
    where table_name = '{{ relation.identifier }}'
    {%- if relation.schema %}
      and table_schema = '{{ relation.schema }}'
    {%- endif %}
    order by ordinal_position
  {% endcall %}
  {{ return(sql_convert_columns_in_relation(load_result('get_columns_in_relation').table)) }}
{%- endmacro %}


{# Between dollar quotes a comment may hold anything but the quotes themselves. #}
{% macro postgres_escape_comment(comment) -%}
  {%- set quotes = '$dbt_comment_literal_block$' -%}
  {%- if comment is not string -%}
    {%- do exceptions.raise_compiler_error('cannot escape a non-string: ' ~ comment) -%}
  {%- elif quotes in comment -%}
    {%- do exceptions.raise_compiler_error('The string ' ~ quotes ~ ' is not allowed in comments.') -%}
  {%- endif -%}
  {{ quotes }}{{ comment }}{{ quotes }}
{%- endmacro %}


{% macro postgres__alter_relation_comment(relation, comment) %}
  comment on {{ relation.type | replace('_', ' ') }} {{ relation }} is {{ postgres_escape_comment(comment) }};
{% endmacro %}


{% macro postgres__alter_column_comment(relation, column_dict) %}
  {% set existing = adapter.get_columns_in_relation(relation) | map(attribute='name') | list %}
  {% for name, column in column_dict.items() if name in existing %}
    comment on column {{ relation }}.{{ adapter.quote(name) if column['quote'] else name }}
    is {{ postgres_escape_comment(column['description']) }};
  {% endfor %}
{% endmacro %}
