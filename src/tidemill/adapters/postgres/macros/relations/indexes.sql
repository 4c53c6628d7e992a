{# Indexes: those of the configuration, and those that exist. #}

{% macro postgres__get_create_index_sql(relation, index_dict) -%}
  {%- set index = adapter.parse_index(index_dict) -%}
  create {{ 'unique ' if index.unique }}index if not exists "{{ index.render(relation) }}"
  on {{ relation }} {{ 'using ' ~ index.type if index.type }}
  ({{ index.columns | join(', ') }})
{%- endmacro %}


{% macro postgres__get_drop_index_sql(relation, index_name) -%}
  drop index if exists "{{ relation.schema }}"."{{ index_name }}"
{%- endmacro %}


{% macro postgres__get_show_indexes_sql(relation) %}
  select
    index_class.relname as name,
    method.amname as method,
    entry.indisunique as "unique",
    (
      select string_agg(part.attname::text, ',' order by part.attnum)
      from pg_attribute as part
      where part.attrelid = entry.indrelid and part.attnum = any(entry.indkey)
    ) as column_names
  from pg_class as owner
  join pg_namespace as place on place.oid = owner.relnamespace
  join pg_index as entry on entry.indrelid = owner.oid
  join pg_class as index_class on index_class.oid = entry.indexrelid
  join pg_am as method on method.oid = index_class.relam
  where place.nspname = '{{ relation.schema }}'
    and owner.relname = '{{ relation.identifier }}'
    and owner.relkind in ('r', 'm')
  order by name, method, "unique"
{% endmacro %}
