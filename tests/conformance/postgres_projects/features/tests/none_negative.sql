select * from {{ ref('events') }} where amount < 0
