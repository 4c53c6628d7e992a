{# Faults in the configuration of a MERGE, told together before DuckDB meets them. #}

{% macro duckdb__check_merge_config(target) %}
  {% set faults = [] %}
  {% for name in ['merge_update_condition', 'merge_insert_condition'] %}
    {% if config.get(name) is not none and config.get(name) is not string %}
      {% do faults.append(name ~ ' must be a text, not ' ~ config.get(name)) %}
    {% endif %}
  {% endfor %}
  {% for name in ['merge_on_using_columns', 'merge_update_columns', 'merge_exclude_columns', 'merge_returning_columns'] %}
    {% if config.get(name) is not none and not duckdb__is_text_list(config.get(name)) %}
      {% do faults.append(name ~ ' must be a list of texts, not ' ~ config.get(name)) %}
    {% endif %}
  {% endfor %}
  {% if config.get('merge_update_set_expressions') is not none and config.get('merge_update_set_expressions') is not mapping %}
    {% do faults.append('merge_update_set_expressions must be a mapping, not ' ~ config.get('merge_update_set_expressions')) %}
  {% endif %}
  {% if config.get('merge_clauses') is not none %}
    {% do faults.extend(duckdb__merge_clauses_faults(config.get('merge_clauses'))) %}
  {% endif %}
  {% if not faults and adapter.is_ducklake(target) %}
    {% do faults.extend(duckdb__merge_ducklake_faults()) %}
  {% endif %}
  {% if faults %}
    {% do exceptions.raise_compiler_error('MERGE configuration errors:\n' ~ faults | join('\n')) %}
  {% endif %}
{% endmacro %}


{% macro duckdb__is_text_list(value) %}
  {{ return(value is sequence and value is not string and value is not mapping and not value | reject('string') | list) }}
{% endmacro %}


{% macro duckdb__merge_clauses_faults(clauses) %}
  {% if clauses is not mapping %}
    {{ return(['merge_clauses must be a mapping, not ' ~ clauses]) }}
  {% endif %}
  {% set faults = [] %}
  {% if 'when_matched' not in clauses and 'when_not_matched' not in clauses %}
    {% do faults.append("merge_clauses must have 'when_matched' or 'when_not_matched'") %}
  {% endif %}
  {% for kind in ['when_matched', 'when_not_matched'] if kind in clauses %}
    {% do faults.extend(duckdb__merge_clause_list_faults(kind, clauses[kind])) %}
  {% endfor %}
  {% for name in ['merge_update_condition', 'merge_insert_condition', 'merge_update_columns', 'merge_exclude_columns', 'merge_update_set_expressions'] %}
    {% if config.get(name) %}
      {% do faults.append(name ~ ' has no effect beside merge_clauses: move it into a clause') %}
    {% endif %}
  {% endfor %}
  {{ return(faults) }}
{% endmacro %}


{% macro duckdb__merge_clause_list_faults(kind, clauses) %}
  {% if clauses is string or clauses is mapping or clauses is not sequence or not clauses %}
    {{ return(['merge_clauses.' ~ kind ~ ' must be a list of at least one clause']) }}
  {% endif %}
  {% set actions = ['update', 'delete', 'do_nothing', 'error'] + (['insert'] if kind == 'when_not_matched' else []) %}
  {% set faults = [] %}
  {% for clause in clauses %}
    {% if clause is not mapping %}
      {% do faults.append('merge_clauses.' ~ kind ~ ' must contain mappings, not ' ~ clause) %}
    {% elif clause.get('action') not in actions %}
      {% do faults.append('merge_clauses.' ~ kind ~ ': the action must be one of ' ~ actions | join(', ') ~ ', not ' ~ clause.get('action')) %}
    {% endif %}
  {% endfor %}
  {{ return(faults) }}
{% endmacro %}


{% macro duckdb__merge_ducklake_faults() %}
  {% set faults = [] %}
  {% if config.get('merge_returning_columns') %}
    {% do faults.append('DuckLake knows no RETURNING: remove merge_returning_columns') %}
  {% endif %}
  {% set clauses = config.get('merge_clauses') or {} %}
  {% set all = clauses.get('when_matched', []) + clauses.get('when_not_matched', []) %}
  {% if all | selectattr('action', 'in', ['update', 'delete']) | list | length > 1 %}
    {% do faults.append('DuckLake takes one UPDATE or DELETE in a MERGE') %}
  {% endif %}
  {{ return(faults) }}
{% endmacro %}
