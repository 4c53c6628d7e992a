{# Indexes of tables, from the config `indexes`. #}

{% macro duckdb__get_create_index_sql(relation, index_dict) %}
  {%- set index = adapter.parse_index(index_dict) -%}
  create {% if index.unique %}unique {% endif %}index {{ adapter.quote(index.render(relation)) }}
  on {{ relation }} ({{ index.columns | join(', ') }});
{% endmacro %}


{# DuckDB neither renames nor drops a table that has indexes of its own making inside a transaction.
   Runs without beginning one: it may be called after the commit. #}
{% macro drop_indexes_on_relation(relation) %}
  {% call statement('indexes_of_relation', fetch_result=true, auto_begin=false) %}
    select index_name
    from duckdb_indexes()
    where database_name = '{{ adapter.escape_sql_string(relation.database) }}'
      and schema_name = '{{ adapter.escape_sql_string(relation.schema) }}'
      and table_name = '{{ adapter.escape_sql_string(relation.identifier) }}'
  {% endcall %}
  {% for row in load_result('indexes_of_relation').table.rows %}
    {% call statement('drop_index', auto_begin=false) %}
      drop index {{ relation.incorporate(path={'identifier': row[0]}) }}
    {% endcall %}
  {% endfor %}
{% endmacro %}
