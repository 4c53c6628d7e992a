{# The present, for models and snapshots. #}

{% macro duckdb__current_timestamp() -%}
  now()
{%- endmacro %}


{% macro duckdb__snapshot_get_time() -%}
  {{ current_timestamp() }}::timestamp
{%- endmacro %}


{% macro duckdb__snapshot_string_as_time(timestamp) %}
  {{ return("'" ~ timestamp ~ "'::timestamp") }}
{% endmacro %}
