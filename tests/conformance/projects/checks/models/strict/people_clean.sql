select * from {{ ref('people') }} where name is not null
