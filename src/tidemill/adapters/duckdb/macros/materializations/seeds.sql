{# Seeds are read by DuckDB itself. With `fast: false` their rows are sent as bound values, as dbt's default does. #}

{% macro duckdb__load_csv_rows(model, agate_table) %}
  {% if not config.get('fast', true) %}
    {{ return(default__load_csv_rows(model, agate_table)) }}
  {% endif %}
  {% set file = adapter.escape_sql_string(adapter.get_seed_file_path(model)) %}
  {% set delimiter = adapter.escape_sql_string(config.get('delimiter', ',')) %}
  {% set sql %}
    COPY {{ this.render() }} FROM '{{ file }}' (FORMAT CSV, HEADER TRUE, DELIMITER '{{ delimiter }}')
  {% endset %}
  {% do adapter.add_query(sql, abridge_sql_log=true) %}
  {{ return(sql) }}
{% endmacro %}


{% macro duckdb__get_binding_char() %}
  {{ return('?') }}
{% endmacro %}
