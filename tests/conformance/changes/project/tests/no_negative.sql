select * from {{ ref('loud') }} where id < 0
