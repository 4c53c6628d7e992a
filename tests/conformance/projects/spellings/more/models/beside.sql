select * from {{ ref('Upper_Case') }} union all select * from {{ source('near', 'codes') }}
