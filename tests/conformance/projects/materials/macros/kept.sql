{% materialization kept, default %}
  {%- set target_relation = this.incorporate(type='table') -%}
  {%- set existing = load_cached_relation(this) -%}
  {{ run_hooks(pre_hooks) }}
  {% call statement('main') -%}
    {% if existing is none %}create table {{ target_relation }} as {{ sql }}
    {% else %}insert into {{ target_relation }} {{ sql }}{% endif %}
  {%- endcall %}
  {% do store_result('noted', response='noted', agate_table=none) %}
  {{ run_hooks(post_hooks) }}
  {{ adapter.commit() }}
  {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

{% materialization view, adapter='duckdb' %}
  {%- set relation = this.incorporate(type='view') -%}
  {% call statement('main', language=model['language']) -%}
    create or replace view {{ relation }} as ({{ sql }}) -- by the project
  {%- endcall %}
  {{ return({'relations': [relation]}) }}
{% endmaterialization %}

{% macro get_incremental_only_new_sql(arg_dict) %}
  insert into {{ arg_dict['target_relation'] }} select * from {{ arg_dict['temp_relation'] }}
  where n not in (select n from {{ arg_dict['target_relation'] }})
{% endmacro %}

{% macro generate_alias_name(custom_alias_name=none, node=none) %}
  {{- (custom_alias_name or node.name) ~ ('_' ~ node.version if node.version else '') -}}
{% endmacro %}
