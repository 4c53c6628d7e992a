select 1 as id, 'a' as name, 10 as price, date '2024-01-01' as day
