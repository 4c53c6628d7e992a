{% macro dbt_utils_like(results) %}
  {%- set dict = {} -%}
  {%- for name in results.column_names -%}{%- do dict.update({name: results.columns[loop.index0].values() | list}) -%}{%- endfor -%}
  {{- dict.keys() | join('+') -}}{{ dict['n'] | map('string') | join('') }}
{%- endmacro %}
