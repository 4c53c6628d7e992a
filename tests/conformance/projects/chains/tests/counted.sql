select * from {{ ref('two') }} where id > 5
