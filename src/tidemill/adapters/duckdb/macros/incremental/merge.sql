{# MERGE. The simple configs describe one clause for matched rows and one for new rows; `merge_clauses` describes
   any number of them, in the shape of dbt-duckdb:

     merge_clauses:
       when_matched:
         - action: update | delete | do_nothing | error
           condition: text or list of texts
           mode: by_name | by_position | star | explicit       (update)
           update: {include: [...], exclude: [...], set_expressions: {column: expression}}
           error_message: text                                   (error)
       when_not_matched:
         - action: insert | update | delete | do_nothing | error
           by: target | source
           mode: by_name | by_position | star | explicit       (insert)
           insert: {columns: [...], values: [...]}
           set_expressions: {column: expression}                (update)
#}

{% macro duckdb__get_merge_sql(target, source, unique_key, dest_columns, incremental_predicates=none) %}
  {%- do duckdb__check_merge_config(target) -%}
  {%- set clauses = config.get('merge_clauses') or {} -%}
  {%- set header = config.get('sql_header', none) -%}
  {%- set returning = config.get('merge_returning_columns') -%}
  {{ header if header is not none }}

  merge into {{ target }} as DBT_INTERNAL_DEST
  using {{ source }} as DBT_INTERNAL_SOURCE
  {{ duckdb__merge_join(unique_key, duckdb__text_list(incremental_predicates, 'incremental_predicates')) }}
  {%- for clause in clauses.get('when_matched', [duckdb__merge_default_update()]) %}
  when matched{{ duckdb__merge_condition(clause) }} then {{ duckdb__merge_action(clause, dest_columns) }}
  {%- endfor %}
  {%- for clause in clauses.get('when_not_matched', [duckdb__merge_default_insert()]) %}
  when not matched{{ ' by ' ~ clause.get('by') if clause.get('by') }}{{ duckdb__merge_condition(clause) }} then
    {{- ' ' }}{{ duckdb__merge_action(clause, dest_columns) }}
  {%- endfor %}
  {%- if returning %}
  returning {{ returning if returning is string else returning | join(', ') }}
  {%- endif %}
{% endmacro %}


{# Which rows belong together. Without a key none do, so that every row is new. #}
{% macro duckdb__merge_join(unique_key, predicates) %}
  {%- set using_columns = config.get('merge_on_using_columns') or [] -%}
  {%- if using_columns -%}
    using ({{ using_columns | join(', ') }})
    {%- if predicates %} on ({{ predicates | join(') and (') }}){% endif -%}
  {%- else -%}
    {%- set conditions = [] -%}
    {%- for key in ([unique_key] if unique_key and unique_key is string else unique_key or []) -%}
      {%- do conditions.append('DBT_INTERNAL_SOURCE.' ~ key ~ ' = DBT_INTERNAL_DEST.' ~ key) -%}
    {%- endfor -%}
    on ({{ ((conditions or ['false']) + predicates) | join(') and (') }})
  {%- endif -%}
{% endmacro %}


{% macro duckdb__merge_default_update() %}
  {% set update = {
    'include': config.get('merge_update_columns') or [],
    'exclude': config.get('merge_exclude_columns') or [],
    'set_expressions': config.get('merge_update_set_expressions') or {}
  } %}
  {{ return({
    'action': 'update',
    'condition': config.get('merge_update_condition'),
    'mode': 'explicit' if update.values() | select | list else 'by_name',
    'update': update
  }) }}
{% endmacro %}


{% macro duckdb__merge_default_insert() %}
  {{ return({'action': 'insert', 'condition': config.get('merge_insert_condition'), 'mode': 'by_name'}) }}
{% endmacro %}


{% macro duckdb__merge_condition(clause) %}
  {%- set condition = clause.get('condition') -%}
  {%- if condition is string and condition %} and {{ condition }}
  {%- elif condition %} and ({{ condition | join(') and (') }})
  {%- endif -%}
{% endmacro %}


{% macro duckdb__merge_action(clause, dest_columns) %}
  {%- set action = clause.get('action') -%}
  {%- set modes = {'by_name': ' by name', 'by_position': ' by position', 'star': ' set *' if action == 'update' else ' *'} -%}
  {%- if action in ['update', 'insert'] -%}
    {{ action }}
    {%- if clause.get('mode') in modes -%}
      {{ modes[clause.get('mode')] }}
    {%- elif action == 'insert' -%}
      {{- ' ' }}({{ clause.get('insert', {}).get('columns', []) | join(', ') }})
      {{- ' ' }}values ({{ clause.get('insert', {}).get('values', []) | join(', ') }})
    {%- else -%}
      {{- ' ' }}set {{ duckdb__merge_assignments(clause, dest_columns) | join(', ') }}
    {%- endif -%}
  {%- elif action == 'error' and clause.get('error_message') -%}
    error '{{ adapter.escape_sql_string(clause.get('error_message')) }}'
  {%- else -%}
    {{ action | replace('_', ' ') }}
  {%- endif -%}
{% endmacro %}


{# `column = expression` for each column that an UPDATE changes: the given expressions, then the source's values. #}
{% macro duckdb__merge_assignments(clause, dest_columns) %}
  {% set update = clause.get('update') or {} %}
  {% set expressions = clause.get('set_expressions') or update.get('set_expressions') or {} %}
  {% set assignments = [] %}
  {% for column, expression in expressions.items() %}
    {% do assignments.append(column ~ ' = ' ~ expression) %}
  {% endfor %}
  {% if clause.get('mode') == 'explicit' %}
    {% for column in get_merge_update_columns(update.get('include', []), update.get('exclude', []), dest_columns) %}
      {% if column | replace('"', '') | replace("'", '') not in expressions %}
        {% do assignments.append(column ~ ' = DBT_INTERNAL_SOURCE.' ~ column) %}
      {% endif %}
    {% endfor %}
  {% endif %}
  {{ return(assignments) }}
{% endmacro %}
