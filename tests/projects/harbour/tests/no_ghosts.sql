select * from {{ ref('fct_calls') }} where id is null
