select id, name, city, case when age > 80 then 'old' else 'young' end as band from {{ ref('people') }}
