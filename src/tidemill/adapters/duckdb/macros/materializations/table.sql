{# A table is built beside the old one and takes its name at the end, in one transaction. #}
{% materialization table, adapter='duckdb', supported_languages=['sql', 'python'] %}
  {% set existing = load_cached_relation(this) %}
  {% set target = this.incorporate(type='table') %}
  {% set keys = duckdb__claimed_keys(existing) %}
  {% set grant_config = config.get('grants') %}

  {% set in_place = 'foreign_key' in keys %}
  {% set built = target if in_place else make_intermediate_relation(target) %}
  {# Left over from a run that was killed while transactions were disabled. #}
  {% do drop_relation_if_exists(load_cached_relation(make_intermediate_relation(target))) %}

  {{ run_hooks(pre_hooks, inside_transaction=false) }}
  {{ run_hooks(pre_hooks, inside_transaction=true) }}

  {% set dropped = duckdb__drop_for_rebuild(existing, keys) if in_place else [] %}
  {% call statement('main', language=model['language']) %}
    {{- create_table_as(false, built, compiled_code, model['language']) }}
  {% endcall %}
  {% if not in_place %}
    {% set dropped = duckdb__take_place(built, existing, target, keys) %}
  {% endif %}
  {% do duckdb__restore_dependents(dropped) %}
  {% do create_indexes(target) %}

  {{ run_hooks(post_hooks, inside_transaction=true) }}

  {% do apply_grants(target, grant_config, should_revoke=should_revoke(existing, full_refresh_mode=true)) %}
  {% do persist_docs(target, model) %}

  {% do adapter.commit() %}

  {{ run_hooks(post_hooks, inside_transaction=false) }}

  {{ return({'relations': [target]}) }}
{% endmaterialization %}
