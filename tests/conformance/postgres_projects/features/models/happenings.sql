{{ config(materialized='view', event_time='happened_at') }}
select event_id, day, kind, cast(happened_at as timestamp) as happened_at, amount
from {{ ref('events') }} where day <= {{ var('day') }}
