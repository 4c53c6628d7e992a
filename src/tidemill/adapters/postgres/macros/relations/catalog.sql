{# What is in the warehouse, for `docs generate`. #}

{% macro postgres__get_catalog(information_schema, schemas) %}
  {% set places = [] %}
  {% for schema in schemas %}
    {% do places.append({'schema': schema}) %}
  {% endfor %}
  {{ return(postgres__get_catalog_relations(information_schema, places)) }}
{% endmacro %}


{% macro postgres__get_catalog_relations(information_schema, relations) %}
  {% set database = information_schema.database %}
  {% do adapter.verify_database(database) %}
  {% call statement('catalog', fetch_result=True) %}
    select
      '{{ database }}' as table_database,
      place.nspname as table_schema,
      relation.relname as table_name,
      case relation.relkind
        when 'v' then 'VIEW'
        when 'm' then 'MATERIALIZED VIEW'
        else 'BASE TABLE'
      end as table_type,
      obj_description(relation.oid, 'pg_class') as table_comment,
      part.attname as column_name,
      part.attnum as column_index,
      format_type(part.atttypid, part.atttypmod) as column_type,
      col_description(relation.oid, part.attnum) as column_comment,
      pg_get_userbyid(relation.relowner) as table_owner
    from pg_class as relation
    join pg_namespace as place on place.oid = relation.relnamespace
    join pg_attribute as part on part.attrelid = relation.oid
    where part.attnum > 0
      and not part.attisdropped
      and relation.relkind in ('r', 'p', 'f', 'v', 'm')
      and relation.relpersistence <> 't'
      and not pg_is_other_temp_schema(place.oid)
      and (
        {%- for relation in relations %}
        {{ 'or ' if not loop.first }}(upper(place.nspname) = upper('{{ relation.schema }}')
        {%- if relation.identifier %} and upper(relation.relname) = upper('{{ relation.identifier }}'){% endif %})
        {%- else %}
        false
        {%- endfor %}
      )
    order by place.nspname, relation.relname, part.attnum
  {% endcall %}
  {{ return(load_result('catalog').table) }}
{% endmacro %}
