select * from {{ ref('people_clean') }} where name = 'bob'
