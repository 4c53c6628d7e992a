{%- set a, b = "timestamp '2023-11-05 23:59:58.5'", "timestamp '2024-02-29 01:02:03.25'" -%}
select
  {% for part in ['year', 'quarter', 'month', 'week', 'day', 'hour', 'minute', 'second', 'millisecond', 'microsecond'] %}
  {{ dbt.datediff(a, b, part) }} as forth_{{ part }},
  {{ dbt.datediff(b, a, part) }} as back_{{ part }},
  {% endfor %}
  {{ dbt.dateadd('week', 2, a) }} as later,
  {{ dbt.dateadd('month', -1, "date '2024-03-31'") }} as earlier,
  {{ dbt.last_day("date '2024-02-10'", 'month') }} as last_month,
  {{ dbt.last_day("date '2024-02-10'", 'quarter') }} as last_quarter,
  {{ dbt.last_day("date '2024-02-10'", 'year') }} as last_year,
  {{ dbt.split_part("'a|b|c'", "'|'", 2) }} as second_part,
  {{ dbt.split_part("'a|b|c'", "'|'", -1) }} as last_part,
  {{ dbt.listagg('w', "', '", 'order by w desc') }} as all_words,
  {{ dbt.listagg('w', "', '", 'order by w', 2) }} as two_words,
  {{ dbt.listagg('w', "'+'") }} as any_order,
  {{ dbt.any_value('w') }} as any_word,
  {{ dbt.bool_or("w = 'b'") }} as has_b,
  {{ dbt.hash("'x'") }} as hashed,
  {{ dbt.safe_cast("'1'", 'integer') }} as safe,
  {{ dbt.date_trunc('month', a) }} as month_start,
  {{ dbt.array_construct([1, 2]) }} as numbers,
  {{ dbt.array_append(dbt.array_construct([1]), 2) }} as more_numbers,
  {{ dbt.array_concat(dbt.array_construct([1]), dbt.array_construct([2])) }} as all_numbers,
  {{ dbt.cast_bool_to_text('true') }} as as_text,
  {{ dbt.equals("'a'", "'b'") }} as equal,
  {{ dbt.position("'b'", "'abc'") }} as at,
  cast(1 as {{ dbt.type_float() }}) as f, cast(1 as {{ dbt.type_numeric() }}) as n, cast(1 as {{ dbt.type_bigint() }}) as i,
  cast('x' as {{ dbt.type_string() }}) as s, cast('2024-01-01' as {{ dbt.type_timestamp() }}) as t, cast(1 as {{ dbt.type_boolean() }}) as bo
from (values ('b'), ('a'), ('c')) as v (w)
