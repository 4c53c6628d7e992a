{% macro summarise(results) %}
  {% if execute %}
    {% set rows = [] %}
    {% for result in results | sort(attribute='node.unique_id') %}
      {% do rows.append("('" ~ result.node.unique_id ~ "', '" ~ result.status ~ "', '" ~ result.node.resource_type ~ "', "
          ~ (result.failures if result.failures is not none else 'null') ~ ", '" ~ (result.adapter_response.get('_message') or '') ~ "')") %}
    {% endfor %}
    create or replace table results as select * from (values {{ rows | join(', ') }}) as t(id, status, type, failures, message)
  {% endif %}
{% endmacro %}

{% macro told(limit=1) %}
  {% set found = run_query('select n, w from ' ~ ref('words') ~ ' order by n limit ' ~ limit) %}
  {% set table %}create or replace table told as select '{{ found.rows | length }}' as n, '{{ found.column_names | join('/') }}' as names{% endset %}
  {% do run_query(table) %}
  {% do log(found.columns['w'].values() | list, info=true) %}
  {{ return(found.columns[0].values() | list) }}
{% endmacro %}

{% macro makes() %}
  {% call statement('make', auto_begin=true) %}create or replace table made as select 1 as one{% endcall %}
  {% set relation = adapter.get_relation(database=target.database, schema=target.schema, identifier='made') %}
  {% if relation is none %}{{ exceptions.raise_compiler_error('not there') }}{% endif %}
  {% do adapter.create_schema(api.Relation.create(database=target.database, schema='extra')) %}
{% endmacro %}

{% macro of_graph() %}
  {% set names = [] %}
  {% for node in graph.nodes.values() | selectattr('resource_type', 'equalto', 'model') %}
    {% do names.append(node.name ~ ':' ~ (node.depends_on.nodes | length) ~ ':' ~ node.config.materialized) %}
  {% endfor %}
  {% for source in graph.sources.values() %}{% do names.append(source.source_name ~ '.' ~ source.name) %}{% endfor %}
  {% for exposure in graph.exposures.values() %}{% do names.append(exposure.name) %}{% endfor %}
  {{ return(names | sort) }}
{% endmacro %}
