select 2 as customer_id, date '2026-01-01' as first_at, 'x' as name
