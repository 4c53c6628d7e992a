{# A table is built beside the old one and takes its name at the end, in one transaction. #}
{% materialization table, adapter='duckdb', supported_languages=['sql'] %}
  {% do adapter.claim_foreign_keys(model) %}
  {% set existing = load_cached_relation(this) %}
  {% set target = this.incorporate(type='table') %}
  {% set keys = adapter.key_constraints(model, existing) %}
  {% set grant_config = config.get('grants') %}

  {% set staged = make_intermediate_relation(target) %}
  {% set retired = make_backup_relation(target, 'table' if existing is none else existing.type) %}
  {# Left over from a run that was killed. #}
  {% do drop_relation_if_exists(load_cached_relation(staged)) %}
  {% do drop_relation_if_exists(load_cached_relation(retired)) %}

  {{ run_hooks(pre_hooks, inside_transaction=false) }}
  {{ run_hooks(pre_hooks, inside_transaction=true) }}

  {% set in_place = 'foreign_key' in keys %}
  {% set dropped = [] %}
  {% if in_place and existing is not none %}
    {% set dropped = duckdb__drop_for_rebuild(existing, keys) %}
  {% endif %}

  {% call statement('main') %}
    {{- create_table_as(false, target if in_place else staged, compiled_code) }}
  {% endcall %}

  {% if not in_place %}
    {% if existing is not none %}
      {% do drop_indexes_on_relation(existing) %}
      {% if existing.is_table %}
        {% set dropped = duckdb__drop_dependents(existing, keys) %}
      {% endif %}
      {% do adapter.rename_relation(existing, retired) %}
    {% endif %}
    {% do adapter.rename_relation(staged, target) %}
  {% endif %}
  {% do duckdb__restore_dependents(dropped) %}
  {% do create_indexes(target) %}

  {{ run_hooks(post_hooks, inside_transaction=true) }}

  {% do apply_grants(target, grant_config, should_revoke=should_revoke(existing, full_refresh_mode=true)) %}
  {% do persist_docs(target, model) %}

  {% do adapter.commit() %}

  {% if existing is not none and not in_place %}
    {% do drop_relation_if_exists(retired) %}
  {% endif %}

  {{ run_hooks(post_hooks, inside_transaction=false) }}

  {{ return({'relations': [target]}) }}
{% endmaterialization %}
