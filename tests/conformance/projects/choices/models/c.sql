select * from {{ ref('b') }} union all select * from {{ source('near', 'letters') }}
