select * from {{ ref('letters') }}
