{# Schemas. Attached databases of other kinds may have none of their own. #}

{% macro duckdb__create_schema(relation) %}
  {% set kind = adapter.catalog_type(relation.database) %}
  {% if kind == 'sqlite' and relation.schema != 'main' %}
    {% do exceptions.raise_compiler_error(
      "SQLite databases have only the schema 'main', so that nothing can be built in '" ~ relation.schema
      ~ "' of the attached database '" ~ relation.database ~ "'"
    ) %}
  {% endif %}
  {% if kind not in ['sqlite', 'mysql'] %}
    {% call statement('create_schema') %}
      create schema if not exists {{ relation.without_identifier() }}
    {% endcall %}
  {% endif %}
{% endmacro %}


{% macro duckdb__drop_schema(relation) %}
  {% call statement('drop_schema') %}
    drop schema if exists {{ relation.without_identifier() }} cascade
  {% endcall %}
{% endmacro %}


{% macro duckdb__list_schemas(database) %}
  {% set query %}
    select schema_name
    from system.information_schema.schemata
    {% if database is not none %}
    where lower(catalog_name) = '{{ adapter.escape_sql_string(database | lower) }}'
    {% endif %}
  {% endset %}
  {{ return(run_query(query)) }}
{% endmacro %}


{% macro duckdb__check_schema_exists(information_schema, schema) %}
  {% set query %}
    select count(*)
    from system.information_schema.schemata
    where lower(catalog_name) = '{{ adapter.escape_sql_string(information_schema.database | lower) }}'
      and lower(schema_name) = '{{ adapter.escape_sql_string(schema | lower) }}'
  {% endset %}
  {{ return(run_query(query)) }}
{% endmacro %}
