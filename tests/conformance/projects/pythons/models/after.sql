select * from {{ ref('relations') }} union all select n, n from {{ ref('grown') }}
