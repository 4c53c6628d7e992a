{# dbt's cross-database macros where Postgres' SQL differs from the defaults. #}

{# The smallest value: older servers have no any_value, and dbt-postgres takes this one. #}
{% macro postgres__any_value(expression) -%}
  min({{ expression }})
{%- endmacro %}


{% macro postgres__dateadd(datepart, interval, from_date_or_timestamp) %}
  {{ from_date_or_timestamp }} + ((interval '1 {{ datepart }}') * ({{ interval }}))
{% endmacro %}


{# Boundaries crossed between two moments. Weeks begin on Sunday, as on dbt's other warehouses. #}
{% macro postgres__datediff(first_date, second_date, datepart) -%}
  {%- set per = {
    'quarter': ('year', 4), 'month': ('year', 12), 'hour': ('day', 24), 'minute': ('hour', 60), 'second': ('minute', 60),
    'millisecond': ('minute', 60000), 'microsecond': ('minute', 60000000)
  } -%}
  {%- if datepart == 'day' -%}
    (({{ second_date }})::date - ({{ first_date }})::date)
  {%- elif datepart == 'week' -%}
    {%- set later = "date_part('dow', (" ~ first_date ~ ")::timestamp) > date_part('dow', (" ~ second_date ~ ")::timestamp)" -%}
    ({{ datediff(first_date, second_date, 'day') }} / 7 + case
      when {{ first_date }} <= {{ second_date }} then case when {{ later }} then 1 else 0 end
      else case when {{ later }} then 0 else -1 end
    end)
  {%- elif datepart == 'year' -%}
    {{ postgres__datediff_part(first_date, second_date, 'year') }}
  {%- elif datepart in per -%}
    {%- set larger, count = per[datepart] -%}
    ({{ datediff(first_date, second_date, larger) }} * {{ count }} + {{ postgres__datediff_part(first_date, second_date, datepart) }})
  {%- else -%}
    {%- do exceptions.raise_compiler_error("Unsupported datepart for macro datediff in postgres: '" ~ datepart ~ "'") -%}
  {%- endif -%}
{%- endmacro %}


{# The difference of one part; parts below a minute count without their fractions. #}
{% macro postgres__datediff_part(first_date, second_date, datepart) -%}
  {%- set type = 'date' if datepart in ['year', 'quarter', 'month'] else 'timestamp' -%}
  {%- set whole = 'floor' if datepart in ['second', 'millisecond', 'microsecond'] else '' -%}
  ({{ whole }}(date_part('{{ datepart }}', ({{ second_date }})::{{ type }})) - {{ whole }}(date_part('{{ datepart }}', ({{ first_date }})::{{ type }})))
{%- endmacro %}


{% macro postgres__equals(expr1, expr2) -%}
  {%- if adapter.behavior.enable_truthy_nulls_equals_macro.no_warn -%}
    ({{ expr1 }} IS NOT DISTINCT FROM {{ expr2 }})
  {%- else -%}
    ({{ expr1 }} = {{ expr2 }})
  {%- endif -%}
{%- endmacro %}


{# Postgres has no interval of a quarter. #}
{% macro postgres__last_day(date, datepart) -%}
  {%- if datepart == 'quarter' -%}
    cast({{ dbt.dateadd('day', '-1', dbt.dateadd('month', '3', dbt.date_trunc(datepart, date))) }} as date)
  {%- else -%}
    {{ dbt.default_last_day(date, datepart) }}
  {%- endif -%}
{%- endmacro %}


{% macro postgres__listagg(measure, delimiter_text, order_by_clause, limit_num) -%}
  {%- if limit_num -%}
    array_to_string((array_agg({{ measure }} {{ order_by_clause or '' }}))[1:{{ limit_num }}], {{ delimiter_text }})
  {%- else -%}
    string_agg({{ measure }}, {{ delimiter_text }} {{ order_by_clause or '' }})
  {%- endif -%}
{%- endmacro %}


{# Parts may be counted from the end by negative numbers. #}
{% macro postgres__split_part(string_text, delimiter_text, part_number) %}
  {%- if part_number >= 0 -%}
    {{ dbt.default__split_part(string_text, delimiter_text, part_number) }}
  {%- else -%}
    {{ dbt._split_part_negative(string_text, delimiter_text, part_number) }}
  {%- endif -%}
{% endmacro %}


{# The arguments of a user-defined function, with their defaults. #}
{% macro postgres__formatted_scalar_function_args_sql() %}
  {%- set arguments = [] -%}
  {%- for argument in model.arguments -%}
    {%- set default = argument.get('default_value', none) -%}
    {%- do arguments.append(
      argument.name ~ ' ' ~ argument.data_type ~ (' DEFAULT ' ~ default if default is not none else '')
    ) -%}
  {%- endfor -%}
  {{ arguments | join(', ') }}
{% endmacro %}
