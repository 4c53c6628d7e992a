{# dbt's cross-database macros where DuckDB's SQL differs from the defaults. #}

{# Compiled SQL is compared with dbt's, file by file, so these give the text that dbt-duckdb gives, blanks included. #}

{% macro duckdb__any_value(expression) -%}
  arbitrary({{ expression }})
{%- endmacro %}


{% macro duckdb__date(year, month, day) -%}
  make_date({{ year }}, {{ month }}, {{ day }})
{%- endmacro %}


{# The number of parts may be an expression, hence a product. #}
{% macro duckdb__dateadd(datepart, interval, from_date_or_timestamp) %}
  {%- set part = datepart | lower -%}
  {%- set unit, size = {'week': ('day', 7), 'quarter': ('month', 3)}.get(part, (part, 1)) -%}
  {%- set count = 'cast(' ~ interval ~ ' as bigint)' -%}
  {%- if size > 1 -%}
    {%- set count = '(' ~ count ~ ' * ' ~ size ~ ')' -%}
  {%- endif -%}
  {{ return('\n\n    (' ~ from_date_or_timestamp ~ ' + ' ~ count ~ ' * interval 1 ' ~ unit ~ ')') }}
{% endmacro %}


{# Weeks begin on Sunday, as on dbt's other warehouses; DuckDB's own begin on Monday. #}
{% macro duckdb__datediff(first_date, second_date, datepart) %}
  {%- if datepart != 'week' -%}
    {%- set moments = first_date ~ '::timestamp, ' ~ second_date ~ '::timestamp' -%}
    {{ return("\n        (date_diff('" ~ datepart ~ "', " ~ moments ~ ' ))\n    ') }}
  {%- endif -%}
  {%- set ordered = 'case when ' ~ first_date ~ ' <= ' ~ second_date ~ ' then ' -%}
  {%- set lines = [
    '',
    '            (' ~ duckdb__datediff(first_date, second_date, 'day') ~ ' // 7 + case',
    "            when date_part('dow', (" ~ first_date ~ ")::timestamp) <= date_part('dow', (" ~ second_date ~ ')::timestamp) then',
    '                ' ~ ordered ~ '0 else -1 end',
    '            else',
    '                ' ~ ordered ~ '1 else 0 end',
    '        end)',
    '    '
  ] -%}
  {{ return(lines | join('\n')) }}
{% endmacro %}


{% macro duckdb__generate_series(upper_bound) %}
  {{- return(['', '    select', '        generate_series as generated_number', '    from generate_series(1, ' ~ upper_bound ~ ')', ''] | join('\n')) }}
{% endmacro %}


{# A quarter is three months; the other parts are added as they are. #}
{% macro duckdb__last_day(date, datepart) %}
  {%- if datepart != 'quarter' -%}
    {{ return(default_last_day(date, datepart)) }}
  {%- endif -%}
  {%- set next_start = dbt.dateadd('month', '3', dbt.date_trunc('quarter', date)) -%}
  {{ return('cast(\n        ' ~ dbt.dateadd('day', '-1', next_start) ~ '\n        as date)') }}
{% endmacro %}


{% macro duckdb__listagg(measure, delimiter_text, order_by_clause, limit_num) %}
  {%- set order = order_by_clause or '' -%}
  {%- if limit_num -%}
    {{ return(['list_aggr(', '        (array_agg(', '            ' ~ measure, '            ' ~ order, '        ))[1:' ~ limit_num ~ '],', "        'string_agg',", '        ' ~ delimiter_text, '        )'] | join('\n')) }}
  {%- endif -%}
  {{ return(['', '    string_agg(', '        ' ~ measure ~ ',', '        ' ~ delimiter_text, '        ' ~ order, '        )'] | join('\n')) }}
{% endmacro %}


{# Null for a part that is not there, and parts counted from the end by negative numbers. #}
{% macro duckdb__split_part(string_text, delimiter_text, part_number) %}
  {{- return('\n    string_split(' ~ string_text ~ ', ' ~ delimiter_text ~ ')[ ' ~ part_number ~ ' ]\n') }}
{% endmacro %}
