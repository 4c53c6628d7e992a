{# An incremental model: a table that is created once and then changed by what its query returns. #}
{% materialization incremental, adapter='duckdb', supported_languages=['sql', 'python'] %}
  {% set existing = load_cached_relation(this) %}
  {% set target = this.incorporate(type='table') %}
  {% set keys = duckdb__claimed_keys(existing) %}
  {% set rebuild = existing is not none and (existing.is_view or should_full_refresh()) %}
  {% set grant_config = config.get('grants') %}

  {% set in_place = 'foreign_key' in keys %}
  {% set swap = rebuild and not in_place %}
  {% set built = make_intermediate_relation(target) if swap else target %}
  {# Left over from a run that was killed while transactions were disabled. #}
  {% do drop_relation_if_exists(load_cached_relation(make_intermediate_relation(target))) %}

  {{ run_hooks(pre_hooks, inside_transaction=false) }}
  {{ run_hooks(pre_hooks, inside_transaction=true) }}

  {% set dropped = duckdb__drop_for_rebuild(existing, keys) if rebuild and in_place else [] %}
  {% if existing is none or rebuild %}
    {% set language = model['language'] %}
    {% set build = create_table_as(false, built, compiled_code, language) %}
  {% else %}
    {% set language = 'sql' %}
    {% set build = duckdb__incremental_sql(existing, target) %}
  {% endif %}
  {% call statement('main', language=language) %}
    {{- build }}
  {% endcall %}
  {% if swap %}
    {% set dropped = duckdb__take_place(built, existing, target, keys) %}
  {% endif %}
  {% do duckdb__restore_dependents(dropped) %}

  {% do apply_grants(target, grant_config, should_revoke=should_revoke(existing, rebuild)) %}
  {% if existing is none or rebuild %}
    {% do create_indexes(target) %}
  {% endif %}
  {% do persist_docs(target, model) %}

  {{ run_hooks(post_hooks, inside_transaction=true) }}

  {% do adapter.commit() %}

  {{ run_hooks(post_hooks, inside_transaction=false) }}

  {{ return({'relations': [target]}) }}
{% endmaterialization %}


{# New rows go to a temporary table; columns are reconciled; the strategy writes the SQL that applies them. #}
{% macro duckdb__incremental_sql(existing, target) %}
  {% set on_schema_change = incremental_validate_on_schema_change(config.get('on_schema_change'), default='ignore') %}
  {% set rows = make_temp_relation(target) %}
  {% call statement('rows', auto_begin=false, language=model['language']) %}
    {{- create_table_as(true, rows, compiled_code, model['language']) }}
  {% endcall %}
  {% do adapter.expand_target_column_types(from_relation=rows, to_relation=target) %}
  {% set columns = process_schema_changes(on_schema_change, rows, existing) %}
  {% set strategy = adapter.get_incremental_strategy_macro(context, config.get('incremental_strategy') or 'default') %}
  {{ return(strategy({
    'target_relation': target,
    'temp_relation': rows,
    'unique_key': config.get('unique_key'),
    'dest_columns': columns or adapter.get_columns_in_relation(existing),
    'incremental_predicates': config.get('predicates') or config.get('incremental_predicates')
  })) }}
{% endmacro %}
