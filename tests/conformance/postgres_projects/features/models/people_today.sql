select id, case when {{ var('day') }} = 2 and id = 1 then 'Ada L.' else name end as name, score,
  coalesce(cast(seen_at as timestamp), timestamp '2024-01-01') + interval '{{ var("day") }} days' as seen_at
from {{ ref('people') }}
where id <> {{ 99 if var('day') == 1 else 2 }}
