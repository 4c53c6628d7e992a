select id, {{ shout('name') }} as name from {{ ref('letters') }}
