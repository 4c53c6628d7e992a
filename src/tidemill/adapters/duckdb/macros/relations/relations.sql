{# Finding, dropping and renaming tables and views. #}

{% macro duckdb__list_relations_without_caching(schema_relation) %}
  {% set query %}
    select
      table_catalog as database,
      table_name as name,
      table_schema as schema,
      if(table_type = 'VIEW', 'view', 'table') as type
    from system.information_schema.tables
    where lower(table_catalog) = '{{ adapter.escape_sql_string(schema_relation.database | lower) }}'
      and lower(table_schema) = '{{ adapter.escape_sql_string(schema_relation.schema | lower) }}'
  {% endset %}
  {{ return(run_query(query)) }}
{% endmacro %}


{% macro duckdb__drop_relation(relation) %}
  {% call statement('drop_relation', auto_begin=false) %}
    drop {{ relation.type }} if exists {{ relation.render() }}
    {%- if not adapter.is_ducklake(relation) %} cascade{% endif %}
  {% endcall %}
{% endmacro %}


{% macro duckdb__rename_relation(from_relation, to_relation) %}
  {% call statement('rename_relation') %}
    alter {{ to_relation.type }} {{ from_relation.render() }}
    rename to {{ adapter.quote_as_configured(to_relation.identifier, 'identifier') }}
  {% endcall %}
{% endmacro %}


{# Temporary tables are seen by one connection only and live in no schema of the project. #}
{% macro duckdb__make_temp_relation(base_relation, suffix) %}
  {% set name = base_relation.identifier ~ suffix ~ py_current_timestring() %}
  {{ return(base_relation.incorporate(path={'database': none, 'schema': none, 'identifier': name})) }}
{% endmacro %}


{% macro duckdb__apply_grants(relation, grant_config, should_revoke=true) %}
  {% if grant_config and adapter.first_time('grants') %}
    {% do log("DuckDB has no users, so that the 'grants' of this project have no effect", info=true) %}
  {% endif %}
{% endmacro %}
