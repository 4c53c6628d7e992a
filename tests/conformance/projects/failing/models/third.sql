select * from {{ ref('second') }} union all select n from {{ ref('fine') }}
