select 1 as order_id, 2 as customer_id, date '2026-01-01' as ordered_at, 10 as amount, true as is_food
