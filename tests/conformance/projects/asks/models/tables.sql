-- depends_on: {{ ref('words') }}
{% set query %}select n, w, d, n / 2.0 as half, n > 1 as big from {{ ref('words') }} order by n{% endset %}
{% set results = run_query(query) if execute else none %}
{% if results %}
{% for row in results %}
select {{ row.n }} as n, '{{ row[1] }}' as w, '{{ row['d'] }}' as d, '{{ row.half }}' as half, '{{ row.big }}' as big,
  '{{ row.values() | length }}/{{ row.keys() | join(',') }}/{{ row.get('x', 'none') }}' as row,
  {{ results.columns[0].values() | sum }} as total, '{{ results.columns | map(attribute='name') | join(',') }}' as names,
  '{{ results.select(['n', 'w']).rows | length }}' as some, '{{ results.columns['n'].name }}' as type,
  '{{ dbt_utils_like(results) }}' as found
{% if not loop.last %}union all{% endif %}
{% endfor %}
{% else %}
select 1 as one
{% endif %}
