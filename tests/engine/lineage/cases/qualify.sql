-- orders(id int, customer_id int, placed_at bigint)
select id, customer_id from orders
qualify row_number() over (partition by customer_id order by placed_at desc) = 1
