{# A view with parameters: DuckDB's table macro, named after the model. #}
{% materialization table_function, adapter='duckdb' %}
  {% set target = this.incorporate(type='view') %}
  {% set parameters = config.get('parameters') or [] %}

  {{ run_hooks(pre_hooks, inside_transaction=false) }}
  {{ run_hooks(pre_hooks, inside_transaction=true) }}

  {% call statement('main') %}
    create or replace function {{ target.render() }}(
      {{- parameters if parameters is string else parameters | join(', ') -}}
    ) as table (
      {{ sql }}
    );
  {% endcall %}

  {{ run_hooks(post_hooks, inside_transaction=true) }}

  {% do persist_docs(target, model) %}
  {% do adapter.commit() %}

  {{ run_hooks(post_hooks, inside_transaction=false) }}

  {{ return({'relations': [target]}) }}
{% endmaterialization %}
