select 7 as customer_id, 'north' as region, date '2023-01-01' as since
