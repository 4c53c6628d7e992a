{# Schemas, and what is in them. A connection sees one database, so names of others are refused. #}

{% macro postgres__create_schema(relation) -%}
  {%- do adapter.verify_database(relation.database) -%}
  {%- call statement('create_schema') -%}
    create schema if not exists {{ relation.without_identifier().include(database=False) }}
  {%- endcall -%}
{% endmacro %}


{% macro postgres__drop_schema(relation) -%}
  {%- do adapter.verify_database(relation.database) -%}
  {%- call statement('drop_schema') -%}
    drop schema if exists {{ relation.without_identifier().include(database=False) }} cascade
  {%- endcall -%}
{% endmacro %}


{% macro postgres__information_schema_name(database) -%}
  {%- do adapter.verify_database(database) -%}
  information_schema
{%- endmacro %}


{% macro postgres__list_schemas(database) %}
  {%- do adapter.verify_database(database) -%}
  {% call statement('list_schemas', fetch_result=True, auto_begin=False) %}
    select distinct nspname from pg_namespace
  {% endcall %}
  {{ return(load_result('list_schemas').table) }}
{% endmacro %}


{% macro postgres__check_schema_exists(information_schema, schema) -%}
  {%- do adapter.verify_database(information_schema.database) -%}
  {% call statement('check_schema_exists', fetch_result=True, auto_begin=False) %}
    select count(*) from pg_namespace where nspname = '{{ schema }}'
  {% endcall %}
  {{ return(load_result('check_schema_exists').table) }}
{%- endmacro %}


{% macro postgres__list_relations_without_caching(schema_relation) %}
  {% call statement('list_relations_without_caching', fetch_result=True) %}
    with things as (
      select relnamespace as place, relname as name,
        case relkind when 'v' then 'view' when 'm' then 'materialized_view' else 'table' end as type
      from pg_class where relkind in ('r', 'p', 'v', 'm')
      union
      select pronamespace, proname, 'function' from pg_proc
    )
    select '{{ schema_relation.database }}' as database, things.name, nspname as schema, things.type
    from things
    join pg_namespace on pg_namespace.oid = things.place
    where nspname ilike '{{ schema_relation.schema }}'
  {% endcall %}
  {{ return(load_result('list_relations_without_caching').table) }}
{% endmacro %}


{# Which views read which relations: they go together when the latter are dropped. #}
{% macro postgres__get_relations() -%}
  {% call statement('relations', fetch_result=True) %}
    select distinct
      reader_place.nspname as dependent_schema,
      reader.relname as dependent_name,
      read_place.nspname as referenced_schema,
      read.relname as referenced_name
    from pg_rewrite as rule
    join pg_class as reader on reader.oid = rule.ev_class
    join pg_namespace as reader_place on reader_place.oid = reader.relnamespace
    join pg_depend as link
      on link.classid = 'pg_rewrite'::regclass and link.objid = rule.oid
      and link.refclassid = 'pg_class'::regclass and link.refobjid <> reader.oid
    join pg_class as read on read.oid = link.refobjid
    join pg_namespace as read_place on read_place.oid = read.relnamespace
    where read_place.nspname <> 'information_schema' and read_place.nspname not like 'pg\_%'
    order by 1, 2, 3, 4
  {% endcall %}
  {{ return(load_result('relations').table) }}
{%- endmacro %}


{% macro postgres_get_relations() %}
  {{ return(postgres__get_relations()) }}
{% endmacro %}
