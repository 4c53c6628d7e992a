{# dbt's default begins hooks outside a transaction with a COMMIT, which DuckDB refuses where none is open. #}
{% macro run_hooks(hooks, inside_transaction=true) %}
  {% for hook in hooks if hook.get('transaction') == inside_transaction %}
    {% set sql = render(hook.get('sql')) | trim %}
    {% if sql %}
      {% call statement(auto_begin=inside_transaction) %}
        {{ sql }}
      {% endcall %}
    {% endif %}
  {% endfor %}
{% endmacro %}
