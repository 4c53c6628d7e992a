{# dbt's cross-database macros where DuckDB's SQL differs from the defaults. #}

{# dbt-duckdb takes the first value, even when it is null. #}
{% macro duckdb__any_value(expression) -%}
  first({{ expression }})
{%- endmacro %}


{% macro duckdb__date(year, month, day) -%}
  make_date({{ year }}, {{ month }}, {{ day }})
{%- endmacro %}


{# The number of parts may be an expression, hence a product. #}
{% macro duckdb__dateadd(datepart, interval, from_date_or_timestamp) %}
  {%- set parts = {'quarter': '3 months', 'week': '7 days'} -%}
  {%- set unit = parts.get(datepart | lower, '1 ' ~ datepart | lower) -%}
  ({{ from_date_or_timestamp }} + cast({{ interval }} as bigint) * interval '{{ unit }}')
{% endmacro %}


{# Weeks begin on Sunday, as on dbt's other warehouses; DuckDB's own begin on Monday. #}
{% macro duckdb__datediff(first_date, second_date, datepart) -%}
  {%- if datepart == 'week' -%}
    {%- set starts_later = "date_part('dow', (" ~ first_date ~ ")::timestamp) > date_part('dow', (" ~ second_date ~ ")::timestamp)" -%}
    (date_diff('day', ({{ first_date }})::timestamp, ({{ second_date }})::timestamp) // 7
      + case
          when {{ first_date }} <= {{ second_date }} then if({{ starts_later }}, 1, 0)
          else if({{ starts_later }}, 0, -1)
        end)
  {%- else -%}
    date_diff('{{ datepart }}', ({{ first_date }})::timestamp, ({{ second_date }})::timestamp)
  {%- endif -%}
{%- endmacro %}


{% macro duckdb__generate_series(upper_bound) %}
  select unnest(range(1, {{ upper_bound }} + 1)) as generated_number
{% endmacro %}


{% macro duckdb__listagg(measure, delimiter_text, order_by_clause, limit_num) -%}
  {%- if limit_num -%}
    list_aggregate((array_agg({{ measure }} {{ order_by_clause or '' }}))[1:{{ limit_num }}], 'string_agg', {{ delimiter_text }})
  {%- else -%}
    string_agg({{ measure }}, {{ delimiter_text }} {{ order_by_clause or '' }})
  {%- endif -%}
{%- endmacro %}


{# Null for a part that is not there, and parts counted from the end by negative numbers. #}
{% macro duckdb__split_part(string_text, delimiter_text, part_number) -%}
  string_split({{ string_text }}, {{ delimiter_text }})[{{ part_number }}]
{%- endmacro %}
