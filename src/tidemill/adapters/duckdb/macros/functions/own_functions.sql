{# Functions of the project. DuckDB has no SQL functions but macros, which are expressions without types. #}
{% macro duckdb__scalar_function_sql(target_relation) %}
  {%- set names = model.arguments | map(attribute='name') | join(', ') -%}
  create or replace macro {{ target_relation.render() }}({{ names }}) as (
    cast(({{ model.compiled_code }}) as {{ model.returns.data_type }})
  );
{% endmacro %}
