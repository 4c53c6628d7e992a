{# What is in the warehouse, for `docs generate`. #}

{% macro duckdb__get_catalog(information_schema, schemas) %}
  {% set conditions = [] %}
  {% for schema in schemas %}
    {% do conditions.append(duckdb__catalog_condition(schema)) %}
  {% endfor %}
  {{ return(run_query(duckdb__catalog_sql(information_schema.database, conditions))) }}
{% endmacro %}


{% macro duckdb__get_catalog_relations(information_schema, relations) %}
  {% set conditions = [] %}
  {% for relation in relations %}
    {% if not relation.schema %}
      {% do exceptions.raise_compiler_error('get_catalog_relations was given a relation without a schema') %}
    {% endif %}
    {% do conditions.append(duckdb__catalog_condition(relation.schema, relation.identifier)) %}
  {% endfor %}
  {{ return(run_query(duckdb__catalog_sql(information_schema.database, conditions))) }}
{% endmacro %}


{% macro duckdb__catalog_condition(schema, identifier=none) %}
  {% set condition = "lower(r.schema_name) = '" ~ adapter.escape_sql_string(schema | lower) ~ "'" %}
  {% if identifier %}
    {% set condition = condition ~ " and lower(r.name) = '" ~ adapter.escape_sql_string(identifier | lower) ~ "'" %}
  {% endif %}
  {{ return('(' ~ condition ~ ')') }}
{% endmacro %}


{% macro duckdb__catalog_sql(database, conditions) %}
  with relations as (
    select database_name, schema_name, table_name as name, 'BASE TABLE' as kind, comment
    from duckdb_tables()
    union all
    select database_name, schema_name, view_name, 'VIEW', comment
    from duckdb_views()
  )
  select
    r.database_name as table_database,
    r.schema_name as table_schema,
    r.name as table_name,
    r.kind as table_type,
    r.comment as table_comment,
    c.column_name,
    c.column_index,
    c.data_type as column_type,
    c.comment as column_comment,
    null as table_owner
  from relations as r
  join duckdb_columns() as c
    on c.database_name = r.database_name and c.schema_name = r.schema_name and c.table_name = r.name
  where lower(r.database_name) = '{{ adapter.escape_sql_string(database | lower) }}'
    and ({{ conditions | join(' or ') if conditions else 'false' }})
  order by table_schema, table_name, column_index
{% endmacro %}
