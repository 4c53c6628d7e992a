{# Descriptions as comments in the database, for `persist_docs`. #}

{% macro duckdb__alter_relation_comment(relation, comment) %}
  comment on {{ relation.type }} {{ relation }} is '{{ adapter.escape_sql_string(comment) }}';
{% endmacro %}


{% macro duckdb__alter_column_comment(relation, column_dict) %}
  {% set existing = adapter.get_columns_in_relation(relation) | map(attribute='name') | list %}
  {% for name, column in column_dict.items() if name in existing %}
    comment on column {{ relation }}.{{ adapter.quote(name) }}
      is '{{ adapter.escape_sql_string(column['description']) }}';
  {% endfor %}
{% endmacro %}
