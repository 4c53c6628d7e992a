select event_id, kind, amount::numeric as amount from {{ ref('happenings') }}
