select * from {{ ref('customers') }} order by spent desc nulls last limit 3
