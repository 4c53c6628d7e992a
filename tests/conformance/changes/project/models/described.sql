select * from {{ ref('loud') }}
