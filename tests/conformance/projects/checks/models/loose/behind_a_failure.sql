select * from {{ ref('people_loose') }}
